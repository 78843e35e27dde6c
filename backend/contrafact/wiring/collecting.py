"""Collections ready to be anchored: a folder of scores, or what the packaged model learnt from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from contrafact.domain.collections import CollectedWork, Collection
from contrafact.domain.digests import sha256
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms
from contrafact.domain.works import WorkMetadata
from contrafact.errors import InvalidInput, InvalidScore, NotFound
from contrafact.registration import MEDIA_TYPES, media_type
from contrafact.wiring.site import require_generation

OnWork = Callable[[int, int], None]


def from_pack(name: str, split: Split, terms: Terms, note: str = "") -> Collection:
    """The training works of one collection of the pack, `oneill`, `ryan` or `bach`. Raises NotFound.

    Their melodies are in the pack, read from the same files, so that nothing is read again.
    """
    require_generation()
    from contrafact.music.manifest import training_list
    from contrafact.music.source_form import SourceForm

    works = []
    for tune in training_list().of_collection(name):
        names = (tune.title, tune.id, name, tune.credits, tune.media_type)
        form = SourceForm.from_score(tune.score).to_bytes()
        works.append(_work(names, tune.file, form, split, terms, note))
    return Collection.of(name, works, note)


def from_folder(
    folder: Path, name: str, credits: tuple[str, ...], split: Split, terms: Terms, note: str, on_work: OnWork
) -> Collection:
    """All scores and recordings below a folder, in the order of their names; a work's reference is its file's path.

    Raises NotFound for no folder, InvalidScore naming a file that cannot be a source, and InvalidInput for two files
    of the same bytes.
    """
    require_generation()
    files = _files(folder)
    works = []
    for number, file in enumerate(files, start=1):
        works.append(_read(file, folder, name, credits, split, terms))
        on_work(number, len(files))
    _require_different(works)
    return Collection.of(name, works, note)


def _read(file: Path, folder: Path, name: str, credits: tuple[str, ...], split: Split, terms: Terms) -> CollectedWork:
    from contrafact.music.reading import read_score
    from contrafact.music.source_form import SourceForm

    data, kind = file.read_bytes(), media_type(file.name)
    try:
        score = read_score(data, kind)
        form = SourceForm.from_score(score).to_bytes()
    except InvalidScore as error:
        raise InvalidScore(f"{file}: {error.message}", error.hint or "Take it out of the folder.") from error
    names = (score.title or file.stem, str(file.relative_to(folder)), name, credits, kind)
    return _work(names, data, form, split, terms, "")


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise NotFound(f"{folder} is not a folder.", "Name the folder that holds the scores.")
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in MEDIA_TYPES and path.is_file())
    if not found:
        raise NotFound(f"There is no score or recording in {folder}.", f"They end with {', '.join(MEDIA_TYPES)}.")
    return found


def _require_different(works: Iterable[CollectedWork]) -> None:
    seen: dict[bytes, str] = {}
    for work in works:
        path = work.metadata.catalogue_id
        if (other := seen.setdefault(work.content, path)) != path:
            raise InvalidInput(f"{other} and {path} are the same file.", "Take one of them out of the folder.")


def _work(
    names: tuple[str, str, str, tuple[str, ...], str], file: bytes, form: bytes, split: Split, terms: Terms, note: str
) -> CollectedWork:
    metadata = WorkMetadata(*names, sha256(file), sha256(form), split, note)
    return CollectedWork(metadata, terms, file, form)
