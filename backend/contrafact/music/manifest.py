"""What the packaged model learnt from: the list of training works that stands beside its weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from contrafact.domain.digests import sha256
from contrafact.errors import NotFound
from contrafact.music.checkpoint import RELEASED
from contrafact.music.pack import PackedTune, load_pack


@dataclass(frozen=True)
class TrainingList:
    """Ids of the training works in order, all of them tunes of the pack."""

    model_name: str
    works: tuple[str, ...]

    @cached_property
    def tunes(self) -> dict[bytes, PackedTune]:
        """The works by the SHA-256 of their files: of several ids with one file the first."""
        found: dict[bytes, PackedTune] = {}
        for tune in map(load_pack().tune, self.works):
            found.setdefault(sha256(tune.file), tune)
        return found

    def of_collection(self, name: str) -> list[PackedTune]:
        """The works of one collection of the pack. Raises NotFound."""
        found = [tune for tune in self.tunes.values() if tune.collection == name]
        if not found:
            known = ", ".join(sorted({tune.collection for tune in self.tunes.values()}))
            raise NotFound(f"The model learnt from no collection {name!r}.", f"It learnt from: {known}.")
        return found


def training_list(weights: Path = RELEASED) -> TrainingList:
    """The training works of a weights file. Raises NotFound where the list is missing."""
    listing = weights.with_suffix(".works.txt")
    if not listing.is_file():
        raise NotFound(f"There is no list of training works {listing.name}.", "Restore it from the package.")
    return TrainingList(weights.stem, tuple(listing.read_text().split()))
