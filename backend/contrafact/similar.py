"""Works that sound like a recording, a score or a tune of the pack."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from contrafact.errors import NotFound
from contrafact.music.embedding.catalogue import OnProgress, catalogue_index, kept_index
from contrafact.music.embedding.index import Index, Match
from contrafact.music.embedding.listening import hear
from contrafact.music.embedding.sounds import sound_of_file, sound_of_tune
from contrafact.music.embedding.spectrum import Samples
from contrafact.music.embedding.weights import Ear
from contrafact.music.pack import load_pack


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked up: its name, its sound, and the id of the work that it is, if it is one of the pack."""

    name: str
    samples: Samples
    work: str | None = None


def asked(place: str) -> Asked:
    """A file's sound, or that of the tune of the pack with that id.

    Raises NotFound where there is neither, InvalidScore for a file that cannot be heard.
    """
    path = Path(place)
    if path.is_file():
        return Asked(path.name, sound_of_file(path.read_bytes(), path.name))
    try:
        tune = load_pack().tune(place)
    except NotFound:
        text = f"{place} is neither a file nor a tune of the pack."
        raise NotFound(text, "Give a recording, a score file, or an id such as oneill/0002.") from None
    return Asked(tune.title, sound_of_tune(tune), tune.id)


def similar(ear: Ear, index: Index, what: Asked, count: int, *, exact: bool = True) -> list[Match]:
    """The works most like it, best first, itself left out. Raises InvalidInput for what is too short or silent."""
    found = index.search(hear(ear, what.samples), count + 1, exact=exact)
    return [match for match in found if match.entry.id != what.work][:count]


def index_of(ear: Ear, everything: bool, folder: Path, on_progress: OnProgress | None = None) -> Index:
    """The index of the catalogue, which comes with the package, or of `everything` in the pack, which is built in
    `folder` when it is first asked for. Raises StoreError where the former is stale."""
    if not everything:
        return catalogue_index(ear)
    return kept_index(ear, load_pack().tunes, folder / f"pack-{ear.digest.hex()[:12]}.index", on_progress)
