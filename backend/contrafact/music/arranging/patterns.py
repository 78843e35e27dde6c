"""When harmony and bass play in a bar, by its metre. A stroke is an onset and a duration in ticks."""

from __future__ import annotations

from dataclasses import dataclass

from contrafact.music.score import Metre

Strokes = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """`quiet` is the length of the notes of a broken chord, played under a long melody note; 0 for held chords."""

    bass: Strokes
    harmony: Strokes
    quiet: int


def _every(ticks: int, step: int, strokes: Strokes) -> Strokes:
    """The strokes again every `step` up to `ticks`."""
    return tuple((start + onset, duration) for start in range(0, ticks, step) for onset, duration in strokes)


def _jig(groups: int) -> Pattern:
    """Bass on the beat, chord on the third quaver of each group."""
    ticks = 36 * groups
    return Pattern(_every(ticks, 36, ((0, 22),)), _every(ticks, 36, ((24, 10),)), 12)


_MARCH = Pattern(((0, 22), (48, 22)), ((24, 18), (72, 18)), 12)
_PATTERNS = {
    (2, 4): Pattern(((0, 11), (24, 11)), ((12, 9), (36, 9)), 6),
    (4, 4): _MARCH,
    (2, 2): _MARCH,
    (3, 4): Pattern(((0, 24),), ((24, 20), (48, 20)), 12),
    (3, 8): Pattern(((0, 12),), ((12, 10), (24, 10)), 6),
    (6, 8): _jig(2),
    (9, 8): _jig(3),
    (12, 8): _jig(4),
    # As in a hymn: chords are held, the bass walks.
    (3, 2): Pattern(((0, 48), (48, 48), (96, 48)), ((0, 96), (96, 48)), 0),
    (6, 4): Pattern(((0, 48), (48, 24), (72, 48), (120, 24)), ((0, 72), (72, 72)), 0),
}


def pattern_of(metre: Metre) -> Pattern:
    """The pattern of a metre of the vocabulary. Raises KeyError for another one."""
    return _PATTERNS[metre.beats, metre.unit]
