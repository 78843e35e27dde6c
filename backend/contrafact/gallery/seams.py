"""Where sources take turns: how long one holds, how the melody gets from one to the next, and whether the harmony
lets the melody through. Figures of a made piece, which a tune of the catalogue does not have."""

from __future__ import annotations

from itertools import groupby, pairwise

from contrafact.domain.generation import MELODY, EventNote
from contrafact.gallery.figures import Figure
from contrafact.gallery.making import Made

_BELOW = 0.1


def seam_figures(made: Made) -> list[Figure]:
    """Bars that one component leads, leaps over bar lines where it changes and where it stays, melody below harmony."""
    leaders = [None if row is None else row.index(max(row)) for row in made.shares_by_bar()]
    melody = sorted((n for n in made.notes if n.part == MELODY), key=lambda n: n.onset)
    over = [(abs(b.pitch - a.pitch), leaders[a.bar] != leaders[b.bar]) for a, b in pairwise(melody) if a.bar != b.bar]
    below, turns = below_harmony(made.notes), sum(1 for _ in groupby(leaders))
    return [
        _plain("bars_led", "Bars in a row that one source leads, mean", len(leaders) / turns),
        _plain("leap_at_change", "Leap over a bar line where the leading source changes, mean, semitones",
               _mean([leap for leap, changes in over if changes])),
        _plain("leap_within", "Leap over a bar line where it stays, mean, semitones",
               _mean([leap for leap, changes in over if not changes])),
        Figure("below_harmony", "Melody below a note of the harmony, share of the time of both", below, 0, _BELOW,
               "the melody is covered by the harmony" if below > _BELOW else ""),
    ]  # fmt: skip


def below_harmony(notes: tuple[EventNote, ...]) -> float:
    """Of the time in which melody and harmony sound together, the part in which a note of the harmony is higher."""
    highest: dict[int, int] = {}
    for note in notes:
        if note.part == "harmony":
            for tick in range(note.onset, note.onset + note.duration):
                highest[tick] = max(note.pitch, highest.get(tick, 0))
    covered = [
        highest[tick] > note.pitch
        for note in notes
        if note.part == MELODY
        for tick in range(note.onset, note.onset + note.duration)
        if tick in highest
    ]
    return _mean(covered)


def _mean(values: list[int] | list[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


def _plain(key: str, name: str, value: float) -> Figure:
    return Figure(key, name, value, None, None, "")
