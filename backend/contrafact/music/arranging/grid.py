"""How a metre divides its bar: the beats, and the one or two slots that have a chord each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contrafact.music import tokens as t
from contrafact.music.score import Metre


@dataclass(frozen=True, slots=True)
class Grid:
    """`ticks` of the bar and of a `beat`; `slots` are the ticks at which a chord may change."""

    ticks: int
    beat: int
    slots: tuple[int, ...]

    @property
    def ends(self) -> tuple[int, ...]:
        """Where each slot ends."""
        return (*self.slots[1:], self.ticks)


# Metre: ticks of a beat, starts of the slots.
_GRIDS = {
    (2, 4): (24, (0, 24)),
    (3, 4): (24, (0,)),
    (4, 4): (24, (0, 48)),
    (2, 2): (24, (0, 48)),
    (3, 8): (12, (0,)),
    (6, 8): (36, (0, 36)),
    (9, 8): (36, (0, 72)),
    (12, 8): (36, (0, 72)),
    (3, 2): (48, (0, 96)),
    (6, 4): (24, (0, 72)),
}


def grid_of(metre: Metre) -> Grid:
    """The grid of a metre of the vocabulary. Raises ValueError for another one."""
    if (metre.beats, metre.unit) not in _GRIDS:
        raise ValueError(f"no accompaniment is known for {metre.beats}/{metre.unit}")
    beat, slots = _GRIDS[metre.beats, metre.unit]
    return Grid(metre.ticks, beat, slots)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a slot hears of a melody note: `pitch` in semitones from the tonic, `ticks` inside the slot.

    It is `strong` if it sounds on the slot's first tick or starts on a beat.
    """

    pitch: int
    ticks: int
    strong: bool


def heard(melody: Sequence[tuple[int, t.Event]], start: int, end: int, beat: int) -> tuple[Heard, ...]:
    """The notes of a bar that sound between two of its ticks, in order."""
    notes = []
    for onset, event in melody:
        first, last = max(onset, start), min(onset + event.duration, end)
        if event.pitch is not None and first < last:
            notes.append(Heard(event.pitch, last - first, first == start or onset % beat == 0))
    return tuple(notes)
