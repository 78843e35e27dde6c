"""The index of the pack's works: each is rendered at its own tempo, its melody on a flute, a chorale also whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from contrafact.domain.digests import canonical_json
from contrafact.errors import NotFound, StoreError
from contrafact.music.embedding.index import Entry, Index, works_digest
from contrafact.music.embedding.listening import WORK_HOP, Vectors, work_vectors
from contrafact.music.embedding.playing import sounds_of
from contrafact.music.embedding.weights import RELEASED, Ear
from contrafact.music.embedding.windows import FRAME_S, WINDOW
from contrafact.music.note_sound import sound_identity
from contrafact.music.pack import PackedTune, load_pack

PACKED = RELEASED.with_suffix(".index")
OnProgress = Callable[[int, int], None]
_KEPT_EVERY = 100  # works


def works_of(tunes: Sequence[PackedTune]) -> bytes:
    """The digest of what is heard of some tunes: their files, the renderer and the windows."""
    manner = canonical_json(
        {**sound_identity(), "window": WINDOW, "hop": WORK_HOP, "frame": str(FRAME_S), "voices": "all"}
    )
    return works_digest([("", manner), *((tune.id, tune.file) for tune in tunes)])


def catalogue_index(ear: Ear, file: Path = PACKED) -> Index:
    """The index of the catalogue, as it comes with the package. Raises StoreError where it is stale."""
    return Index.load(file, ear.digest, works_of(load_pack().by_role("catalogue")))


def kept_index(ear: Ear, tunes: Sequence[PackedTune], file: Path, on_progress: OnProgress | None = None) -> Index:
    """The index of some tunes, from `file` if it is there and fresh, else built and kept there.

    Three works a second or so; what was done is kept beside the file, so that a build that was interrupted goes on.
    """
    try:
        return Index.load(file, ear.digest, works_of(tunes))
    except (NotFound, StoreError):
        found = build(ear, tunes, file.with_suffix(".partial"), on_progress)
    found.save(file)
    file.with_suffix(".partial").unlink(missing_ok=True)
    return found


def build(ear: Ear, tunes: Sequence[PackedTune], partial: Path, on_progress: OnProgress | None = None) -> Index:
    """Renders and encodes each tune; every so often what there is is saved to `partial`, and found there again."""
    excerpts = _begun(ear, tunes, partial)
    for done in range(len(excerpts), len(tunes)):
        excerpts.append(excerpts_of(ear, tunes[done]))
        if len(excerpts) % _KEPT_EVERY == 0:
            index_of(ear.digest, tunes[: len(excerpts)], excerpts).save(partial)
        if on_progress is not None:
            on_progress(done + 1, len(tunes))
    return index_of(ear.digest, tunes, excerpts)


def excerpts_of(ear: Ear, tune: PackedTune) -> Vectors:
    """The vectors of a tune's excerpts, with the precision that is kept."""
    return kept_precisely([work_vectors(ear, sound) for sound in sounds_of(tune)])


def kept_precisely(vectors: Sequence[Vectors]) -> Vectors:
    """Vectors together, with the precision that an index keeps."""
    kept: Vectors = np.concatenate(vectors).astype(np.float16).astype(np.float32)
    return kept


def index_of(encoder: bytes, tunes: Sequence[PackedTune], excerpts: Sequence[Vectors]) -> Index:
    """The index of tunes whose vectors are known; `encoder` is the SHA-256 of the weights that made them."""
    entries = tuple(Entry(tune.id, tune.title, tune.collection, tune.family) for tune in tunes)
    counts = np.array([len(each) for each in excerpts], np.int64)
    return Index(entries, np.concatenate(excerpts), counts, encoder, works_of(tunes))


def _begun(ear: Ear, tunes: Sequence[PackedTune], partial: Path) -> list[Vectors]:
    """What an interrupted build left of these very tunes."""
    try:
        found = Index.load(partial, ear.digest)
    except (NotFound, StoreError):
        return []
    if len(found.entries) > len(tunes) or found.works != works_of(tunes[: len(found.entries)]):
        return []
    return np.split(found.vectors, np.cumsum(found.counts)[:-1])
