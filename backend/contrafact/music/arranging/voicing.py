"""Three voices for a chord: close to those before, under the melody, not too low and not too wide."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import combinations

from contrafact.music.arranging.chords import Chord

LOWEST, HIGHEST = 48, 72  # C3 to C5
_CENTRE = 57
_WIDEST = 16  # semitones between the outer voices

Voicing = tuple[int, int, int]


def voice(
    chord: Chord, tonic: int, before: Voicing | None, bass: tuple[int | None, int], ceiling: int | None
) -> Voicing:
    """The cheapest voicing, lowest voice first, as MIDI pitches.

    `before` is the voicing before, `bass` the bass notes before and now, `ceiling` the lowest melody note that
    sounds meanwhile, which the highest voice should stay below. Equally cheap: the lower one.
    """
    tones = tuple((tonic + step) % 12 for step in chord.tones)
    return min(_candidates(tones), key=lambda voices: (_cost(voices, before, bass, ceiling), voices))


@cache
def _candidates(tones: tuple[int, ...]) -> tuple[Voicing, ...]:
    """All voicings in range: of a triad with every tone, of a seventh chord without the fifth or the root."""
    pitches = [pitch for pitch in range(LOWEST, HIGHEST + 1) if pitch % 12 in tones]
    third, seventh = tones[1], tones[3:]
    needed = {third, *seventh} if seventh else set(tones)
    return tuple(
        (a, b, c)
        for a, b, c in combinations(pitches, 3)
        if c - a <= _WIDEST and needed <= {a % 12, b % 12, c % 12} and len({a % 12, b % 12, c % 12}) == 3
    )


def _cost(voices: Voicing, before: Voicing | None, bass: tuple[int | None, int], ceiling: int | None) -> int:
    cost = abs(sum(voices) - 3 * _CENTRE)
    if ceiling is not None and voices[2] >= ceiling:
        cost += 30 + 10 * (voices[2] - ceiling)
    # Close intervals low down sound thick; under the bass the chord would stand on its head.
    cost += 6 * max(0, 52 - voices[0]) if voices[1] - voices[0] < 5 else 0
    cost += 10 * max(0, bass[1] - voices[0] + 1)
    if before is not None:
        cost += 3 * sum(abs(new - old) for new, old in zip(voices, before, strict=True))
    if before is not None and bass[0] is not None:
        cost += 30 * parallels((bass[0], *before), (bass[1], *voices))
    return cost


def parallels(before: Sequence[int], now: Sequence[int]) -> int:
    """How many pairs of voices move from a fifth or an octave to the same interval in one direction.

    Both chords from the lowest voice up, with as many voices.
    """
    return sum(
        (now[low] - before[low]) * (now[high] - before[high]) > 0
        and (before[high] - before[low]) % 12 == (now[high] - now[low]) % 12
        and (now[high] - now[low]) % 12 in (0, 7)
        for low, high in combinations(range(len(now)), 2)
    )
