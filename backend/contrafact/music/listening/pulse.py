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
# The tempo around a note is heard from its neighbours, nearer ones more: the standard deviation of their weights.
_AROUND_S = 1.5
_WITHIN = 2.5 * _AROUND_S
# Tempi that are tried around each note, as parts of the usual one; a change from note to note costs its square times
# the steadiness.
_TEMPI = np.linspace(0.9, 1.1, 21)
_STEADINESS = 20.0

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pulse:
    """`period_s` in seconds; `places`, shape (n,), in pulses, nearly whole where a note is on one."""

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
    """The place of each note on a clock that all notes around it agree on most, so that none alone can upset it."""
    times = np.asarray(onsets)
    places = np.zeros(len(times))
    tempo = 1.0
    for index, time in enumerate(times):
        tempo, phase = _clock(times, time, period, tempo)
        elapsed = (time - times[index - 1]) * tempo / period if index else 0.0
        expected = places[index - 1] + elapsed if index else 0.0
        places[index] = expected + (phase - expected + 0.5) % 1 - 0.5
    return places


def _clock(times: Floats, time: float, period: float, before: float) -> tuple[float, float]:
    """Tempo (part of the usual one) and phase (in pulses) at `time`, by which most notes around are on a pulse.

    The notes' weighted sum of exp(2πi · distance · tempo / period) is longest for the best tempo; its angle is the
    phase.
    """
    first, last = np.searchsorted(times, (time - _WITHIN, time + _WITHIN))
    distances = times[first:last] - time
    weights = np.exp(-(distances**2) / (2 * _AROUND_S**2))
    sums = np.exp(2j * np.pi * np.outer(_TEMPI / period, distances)) @ weights / weights.sum()
    best = int(np.argmax(np.abs(sums) - _STEADINESS * (_TEMPI - before) ** 2))
    return float(_TEMPI[best]), float(-np.angle(sums[best]) / (2 * np.pi))
