"""What the packaged model learnt from: the list of training works that stands beside its weights."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from contrafact.domain.digests import sha256
from contrafact.errors import NotFound
from contrafact.music.checkpoint import RELEASED


@dataclass(frozen=True, slots=True)
class TrainingManifest:
    """Ids of the training works in order, and the SHA-256 of the list as a file (an id a line)."""

    model_name: str
    works: tuple[str, ...]
    digest: bytes


def training_manifest(weights: Path = RELEASED) -> TrainingManifest:
    """The manifest of a weights file. Raises NotFound where the list is missing."""
    listing = weights.with_suffix(".works.txt")
    if not listing.is_file():
        raise NotFound(f"There is no list of training works {listing.name}.", "Restore it from the package.")
    data = listing.read_bytes()
    return TrainingManifest(weights.stem, tuple(data.decode().split()), sha256(data))
