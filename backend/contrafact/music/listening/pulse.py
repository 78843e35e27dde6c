"""The pulse: the shortest regular time span that a melody's notes begin on, and each note's place on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SHORTEST_S, LONGEST_S = 0.08, 0.9
# Pairs of notes further apart than this say little: a small error of the period has grown, or the tempo has changed.
_REACH_S = 4.0
_FREQUENCY_STEP = 0.01
# A note further than this from its pulse (a triplet, an ornament) does not move it.
_OFF_BEAT = 0.25
_FOLLOW_PHASE, _FOLLOW_PERIOD = 0.3, 0.1

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pulse:
    """`period_s` in seconds; `places`, shape (n,), in pulses from the first note, nearly whole for notes on one."""

    period_s: float
    places: Floats


def find_pulse(onsets: Sequence[float]) -> Pulse:
    """The pulse of at least two onsets, in seconds, ascending. Slow changes of tempo are followed."""
    period = _period(onsets)
    places = _places(onsets, period)
    return Pulse(period, places)


def _period(onsets: Sequence[float]) -> float:
    """The span T that makes cos(2π Δ/T), averaged over the distances Δ of near pairs of notes, largest.

    Every divisor of a good T fits as well in theory; since no note is exact, the longest fits best.
    """
    distances = _distances(np.asarray(onsets))
    frequencies = np.arange(1 / LONGEST_S, 1 / SHORTEST_S, _FREQUENCY_STEP)
    fits = [float(np.cos(2 * np.pi * frequency * distances).mean()) for frequency in frequencies]
    return float(1 / frequencies[int(np.argmax(fits))])


def _distances(onsets: Floats) -> Floats:
    """All distances between two notes within reach; the next note is always within it."""
    found = [onsets[1:] - onsets[:-1]]
    for lag in range(2, len(onsets)):
        distance = onsets[lag:] - onsets[:-lag]
        if distance.min() > _REACH_S:
            break
        found.append(distance[distance <= _REACH_S])
    return np.concatenate(found)


def _places(onsets: Sequence[float], period: float) -> Floats:
    """Places by a clock that each note on the pulse sets a little, in phase and in period."""
    places = np.zeros(len(onsets))
    anchor, count = onsets[0], 0
    for index in range(1, len(onsets)):
        elapsed = (onsets[index] - anchor) / period
        steps = round(elapsed)
        error = elapsed - steps
        places[index] = count + elapsed
        if steps > 0 and abs(error) < _OFF_BEAT:
            anchor += (steps + _FOLLOW_PHASE * error) * period
            period *= 1 + _FOLLOW_PERIOD * error / steps
            count += steps
    return places
