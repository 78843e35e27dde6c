"""Shares of parts of a piece: by note, bar, second and part, each as integers in ppm that sum to the whole.

The rule is that of the piece's shares: responsibilities weighted by sounding duration. Bars and seconds count the notes
that the model wrote, as the piece's shares do; a part that accompanies by rule is shown by its own notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contrafact.domain.generation import PARTS, TICKS_PER_QUARTER, WRITTEN_PARTS, EventLedger, EventNote
from contrafact.domain.shares import largest_remainder
from contrafact.errors import InvalidInput

BY = ("piece", "part", "bar", "second", "note")


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of a piece. `name` says which; `shares` are ppm, base first. `time` is what sounds of it, in ticks."""

    name: str
    shares: tuple[int, ...]
    time: float


def breakdown(ledger: EventLedger, by: str, tempo: int) -> tuple[Slice, ...]:
    """The piece in slices, `by` one of `BY`; those in which nothing sounds are left out.

    `tempo` in quarters a minute decides where seconds begin. Raises InvalidInput for another `by`.
    """
    written = [note for note in ledger.notes if note.part in WRITTEN_PARTS]
    if by == "piece":
        return _slices({"piece": [(n, n.duration) for n in written]})
    if by == "part":
        return _slices({part: [(n, n.duration) for n in ledger.notes if n.part == part] for part in PARTS})
    if by == "bar":
        bars = sorted({note.bar for note in written})
        return _slices({str(bar + 1): [(n, n.duration) for n in written if n.bar == bar] for bar in bars})
    if by == "note":
        return _slices({f"{i} ({n.part}, pitch {n.pitch})": [(n, n.duration)] for i, n in enumerate(ledger.notes)})
    if by == "second":
        return _slices(_seconds(written, tempo), 60)
    raise InvalidInput(f"Shares cannot be shown by {by!r}.", f"Use one of {', '.join(BY)}.")


def _seconds(notes: Iterable[EventNote], tempo: int) -> dict[str, list[tuple[EventNote, int]]]:
    """What sounds of each note in each second, in sixtieths of a tick, so that all are whole numbers."""
    second = tempo * TICKS_PER_QUARTER
    found: dict[int, list[tuple[EventNote, int]]] = {}
    for note in notes:
        start, end = 60 * note.onset, 60 * (note.onset + note.duration)
        for index in range(start // second, -(-end // second)):
            overlap = min(end, (index + 1) * second) - max(start, index * second)
            found.setdefault(index, []).append((note, overlap))
    return {str(index): found[index] for index in sorted(found)}


def _slices(groups: Mapping[str, list[tuple[EventNote, int]]], unit: int = 1) -> tuple[Slice, ...]:
    return tuple(_slice(name, notes, unit) for name, notes in groups.items() if notes)


def _slice(name: str, notes: list[tuple[EventNote, int]], unit: int) -> Slice:
    width = len(notes[0][0].responsibilities)
    parts = [sum(time * note.responsibilities[k] for note, time in notes) for k in range(width)]
    return Slice(name, largest_remainder(parts), sum(time for _, time in notes) / unit)
