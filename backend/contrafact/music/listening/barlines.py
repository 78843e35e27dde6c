"""Metre, tempo and bar lines of a melody of which only times and pitches are known.

Every metre is tried in every position at every tempo that the pulse allows. Notes are snapped to sixteenths and eighth
triplets; then a hypothesis is as likely as
* the steps from note to note are in that metre, place by place (`metre_tables`: a Markov chain over places in the bar),
* its leaps are before such places,
* notes lie near the places that they were snapped to,
* its tempo is usual and its metre common,
and it gains by what repeats after one, two or four of its bars.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from contrafact.music.listening.metre_tables import STEP, MetreTable, farthest, leap_class, metre_tables
from contrafact.music.listening.pulse import Pulse, find_pulse
from contrafact.music.score import TICKS_PER_QUARTER, Metre

# Pulses to a quarter: the pulse may be a half, a quarter, an eighth, a triplet eighth, a sixteenth, or of dotted notes.
_PULSES_A_QUARTER = (0.5, 2 / 3, 1.0, 4 / 3, 1.5, 2.0, 3.0, 4.0, 6.0)
_SLOWEST, _FASTEST = 30, 260  # beats a minute
# Beats a minute at which each metre is commonly played; a tempo an octave away costs `_TEMPO_WEIGHT` / 2.
_USUAL_BEATS = {(2, 4): 100, (3, 4): 120, (4, 4): 130, (6, 8): 90, (9, 8): 90}
_TEMPO_WEIGHT = 120.0
_METRE_WEIGHT = 4.0
_LEAP_WEIGHT = 2.0
_REPEAT_WEIGHT = 100.0
_JITTER_S = 0.015
_FARTHEST_JITTER = 8.0
_SAME_PLACE = -12.0  # two notes on one tick
_FINALISTS = 60
_FEWEST_REPEATS = 8

Ticks = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Placed:
    """A melody on the grid. `ticks`, shape (n,): the onsets; bar lines are at multiples of the metre's length."""

    metre: Metre
    tempo: float  # quarters a minute
    ticks: Ticks


@dataclass(frozen=True)
class _Hypothesis:
    likelihood: float
    placed: Placed


def place_in_bars(onsets: Sequence[float], pitches: Sequence[int]) -> Placed:
    """The likeliest metre, tempo and bar lines of at least two onsets (seconds, ascending) with their pitches."""
    pulse = find_pulse(onsets)
    leaps = np.array([leap_class(b - a) for a, b in pairwise(pitches)])
    found = sorted(_hypotheses(pulse, leaps), key=lambda one: -one.likelihood)[:_FINALISTS]
    keys = np.asarray(pitches)
    best = max(found, key=lambda one: one.likelihood + _REPEAT_WEIGHT * _repeats(one.placed, keys))
    return best.placed


def _hypotheses(pulse: Pulse, leaps: Ticks) -> Iterator[_Hypothesis]:
    for pulses in _PULSES_A_QUARTER:
        tempo = 60 / (pulse.period_s * pulses)
        for table in metre_tables():
            beats = tempo / 1.5 if table.metre.unit == 8 else tempo
            if not _SLOWEST <= beats <= _FASTEST:
                continue
            usual = _USUAL_BEATS[table.metre.beats, table.metre.unit]
            prior = _METRE_WEIGHT * table.share - _TEMPO_WEIGHT / 2 * float(np.log2(beats / usual)) ** 2
            bar = table.metre.ticks  # a whole one before the first note, whose place may be a little below zero
            for offset in np.arange(bar, 2 * bar, TICKS_PER_QUARTER / pulses):
                places = pulse.places * (TICKS_PER_QUARTER / pulses) + offset
                placed = Placed(table.metre, tempo, _snapped(places, table.metre))
                yield _Hypothesis(prior + _likelihood(placed, places, table, leaps), placed)


def _likelihood(placed: Placed, exact: npt.NDArray[np.float64], table: MetreTable, leaps: Ticks) -> float:
    ticks, metre = placed.ticks, placed.metre
    places = ticks % metre.ticks // STEP
    gaps = np.diff(ticks)
    steps = table.gaps[places[:-1], np.clip(gaps // STEP, 0, farthest(metre))]
    steps = np.where(gaps > 0, steps, _SAME_PLACE)
    missed = (exact - ticks) * (60 / placed.tempo / TICKS_PER_QUARTER)
    jitter = np.minimum(missed**2 / (2 * _JITTER_S**2), _FARTHEST_JITTER)
    leaping = table.leaps[places[1:], leaps].sum()
    position = table.first[places[0]] - np.log(metre.ticks)
    return float(steps.sum() - jitter.sum() + _LEAP_WEIGHT * leaping + position)


def _snapped(places: npt.NDArray[np.float64], metre: Metre) -> Ticks:
    """The nearest sixteenth, or eighth triplet where the beat is a quarter."""
    grid = np.array([0, 6, 12, 18, 24] if metre.unit == 8 else [0, 6, 8, 12, 16, 18, 24])
    quarters = np.floor(places / TICKS_PER_QUARTER).astype(np.int64) * TICKS_PER_QUARTER
    nearest = np.abs((places - quarters)[:, None] - grid[None, :]).argmin(axis=1)
    return np.asarray(quarters + grid[nearest], np.int64)


def _repeats(placed: Placed, pitches: Ticks) -> float:
    """Of the notes that have another one, two or four bars later, the part with the same pitch; the best of three."""
    at = np.zeros(int(placed.ticks.max()) + 1, np.int64)
    at[placed.ticks] = pitches
    best = 0.0
    for bars in (1, 2, 4):
        earlier, later = at[: -bars * placed.metre.ticks], at[bars * placed.metre.ticks :]
        both = (earlier > 0) & (later > 0)
        if both.sum() >= _FEWEST_REPEATS:
            best = max(best, float((earlier == later)[both].mean()))
    return best
