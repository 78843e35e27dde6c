"""One voice out of many notes: the line that sounds most."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.music.listening.heard import HeardNote

# What a note counts for beside the time that it sounds: without it a loud note that rings on would swallow those
# that begin under it.
_ONSET_S = 0.2
# Of two lines equally loud the higher one is the melody: this many semitones count as twice as loud.
_DOUBLING = 24
# A leap beyond a fifth costs as much as this many seconds of a note, per semitone: other voices and overtones are far.
_LEAP_S = 0.005
_FREE_LEAP = 7
_SIMULTANEOUS_S = 0.04
_CANDIDATES = 24  # how many notes back the last note of the line may lie


def melody_line(notes: Sequence[HeardNote]) -> list[HeardNote]:
    """One note at a time, each cut where the next one begins; empty for no notes.

    Of all lines it is the one with the greatest sum of salience (amplitude, weighted towards high notes) over time,
    less a price for leaps; found by dynamic programming over the notes, ordered by start.
    """
    ordered = sorted(notes)
    if not ordered:
        return []
    best, before = _chains(ordered)
    ends = [sofar + _worth(note, note.end_s) for sofar, note in zip(best, ordered, strict=True)]
    at: int | None = max(range(len(ordered)), key=lambda index: ends[index])
    line: list[HeardNote] = []
    while at is not None:
        note = ordered[at]
        end = min(note.end_s, line[-1].start_s) if line else note.end_s
        line.append(HeardNote(note.start_s, end, note.pitch, note.amplitude))
        at = before[at]
    return line[::-1]


def _chains(notes: Sequence[HeardNote]) -> tuple[list[float], list[int | None]]:
    """For each note what the best line before it is worth, and the last note of that line."""
    best = [0.0] * len(notes)
    before: list[int | None] = [None] * len(notes)
    for index, note in enumerate(notes):
        for earlier in range(max(0, index - _CANDIDATES), index):
            previous = notes[earlier]
            if note.start_s - previous.start_s < _SIMULTANEOUS_S:
                continue
            worth = best[earlier] + _worth(previous, note.start_s) - _leap(previous.pitch, note.pitch)
            if worth > best[index]:
                best[index], before[index] = worth, earlier
    return best, before


def _worth(note: HeardNote, until_s: float) -> float:
    salience: float = note.amplitude * 2.0 ** ((note.pitch - 60) / _DOUBLING)
    return salience * (_ONSET_S + min(note.end_s, until_s) - note.start_s)


def _leap(one: int, other: int) -> float:
    return _LEAP_S * max(0, abs(other - one) - _FREE_LEAP)
