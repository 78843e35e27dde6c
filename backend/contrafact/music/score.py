"""What a piece of music is inside Contrafact: notes on an integer grid, grouped in bars.

Time is counted in ticks, `TICKS_PER_QUARTER` to a quarter note, so that sixteenths, triplets and their
halves are whole numbers. Nothing here knows files, models or sound.
"""

from __future__ import annotations

from dataclasses import dataclass

from contrafact.domain.generation import TICKS_PER_QUARTER


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic pitch class (0 = C … 11 = B) and a mode: `major`, `minor`, `dorian`, `mixolydian`."""

    tonic: int
    mode: str


@dataclass(frozen=True, slots=True)
class Metre:
    """A time signature, for example `Metre(6, 8)`."""

    beats: int
    unit: int

    @property
    def ticks(self) -> int:
        """Length of a full bar in ticks."""
        return self.beats * TICKS_PER_QUARTER * 4 // self.unit


@dataclass(frozen=True, slots=True)
class Note:
    """One sounding note: `onset` and `duration` in ticks, `onset` counted from the start of its bar."""

    onset: int
    duration: int
    pitch: int  # MIDI number, 60 = middle C


@dataclass(frozen=True, slots=True)
class Bar:
    """The notes that start in one bar, ordered by onset; `ticks` is its length (shorter for a pick-up)."""

    ticks: int
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """A melody with its key and metre. `tempo` is in quarter notes a minute."""

    title: str
    key: Key
    metre: Metre
    bars: tuple[Bar, ...]
    tempo: int = 120
