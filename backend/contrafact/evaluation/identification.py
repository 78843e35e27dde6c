"""Which works a piece is like, by its notes alone: ranks works by the likeness of their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contrafact.evaluation.overlap import Likeness


@dataclass(frozen=True, slots=True)
class Sounding:
    """A note as it sounds: onset and duration in any one unit, MIDI pitch."""

    onset: float
    duration: float
    pitch: int


class Identifier:
    """Scores works by their likeness to a piece, in any key."""

    def __init__(self, works: Mapping[str, Sequence[Sounding]]) -> None:
        self._likeness = Likeness({work: [note.pitch for note in notes] for work, notes in works.items()})

    def rank(self, piece: Sequence[Sounding]) -> dict[str, float]:
        """A score by work id; higher is more alike."""
        return self._likeness.of([note.pitch for note in piece])
