"""An inverted index of melodies: where short runs of intervals and rhythm occur.

A run of n successive intervals is described by the intervals modulo an octave and by the ratios of successive
inter-onset intervals, in steps of so many an octave of time. Neither changes with key, octave or tempo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FARTHEST_RATIO = 2  # octaves of time; longer leaps of rhythm are all the same

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]


def hashed(symbols: Keys, n: int) -> Keys:
    """A hash of each run of n symbols, shape (symbols − n + 1,), empty for fewer symbols."""
    count = max(len(symbols) - n + 1, 0)
    keys = np.zeros(count, np.uint64)
    for k in range(n):
        keys = keys * np.uint64(0x9E3779B97F4A7C15) ^ (symbols[k : k + count] * np.uint64(0xC2B2AE3D27D4EB4F))
        keys ^= keys >> np.uint64(29)
    return keys


@dataclass(frozen=True)
class Line:
    """A melody, one note at a time, arrays of shape (n,): pitches, sounding times, log₂ of inter-onset intervals."""

    pitches: Ints
    durations: Floats
    log_gaps: Floats

    @classmethod
    def of(cls, onsets: Sequence[float], durations: Sequence[float], pitches: Sequence[int]) -> Line:
        """Of notes in any order the highest of each onset; the last one's gap is its duration."""
        notes = sorted(zip(onsets, pitches, durations, strict=True))
        highest = {onset: (pitch, duration) for onset, pitch, duration in notes if duration > 0}
        at = np.array(list(highest), dtype=np.float64)
        pitch = np.array([pitch for pitch, _ in highest.values()], dtype=np.int64)
        length = np.array([duration for _, duration in highest.values()], dtype=np.float64)
        gaps = np.append(np.diff(at), length[-1:])
        return cls(pitch, length, np.log2(gaps))

    def keys(self, n: int, steps: int) -> Keys:
        """A hash of each run of n intervals, shape (notes − n,), empty for a shorter line."""
        if len(self.pitches) <= n:
            return np.zeros(0, np.uint64)
        return hashed(self._symbols(steps), n)

    def _symbols(self, steps: int) -> Keys:
        intervals = np.diff(self.pitches) % 12
        farthest = _FARTHEST_RATIO * steps
        ratios = np.clip(np.rint(np.diff(self.log_gaps) * steps).astype(np.int64), -farthest, farthest)
        return (intervals * (2 * farthest + 1) + ratios + farthest + 1).astype(np.uint64)


@dataclass(frozen=True)
class Occurrences:
    """Runs of a line that occur elsewhere, arrays of shape (m,): the place in the line, the work, the pitch class and
    gap with which the run begins there, and the surprise: −log of the part of all works that have the run (nats)."""

    places: Ints
    works: Ints
    pitches: Ints
    log_gaps: Floats
    surprise: Floats


class RunIndex:
    """Where the runs of n intervals of some works occur."""

    def __init__(self, lines: Sequence[Line], n: int, steps: int) -> None:
        self._n, self._steps, self._works = n, steps, len(lines)
        keys = [line.keys(n, steps) for line in lines]
        counts = [len(k) for k in keys]
        work = np.repeat(np.arange(len(lines)), counts)
        pitch = np.concatenate([line.pitches[:count] for line, count in zip(lines, counts, strict=True)])
        gap = np.concatenate([line.log_gaps[:count] for line, count in zip(lines, counts, strict=True)])
        together = np.concatenate(keys)
        order = np.lexsort((work, together))
        self._work, self._pitch, self._gap = work[order], pitch[order], gap[order]
        self._key, self._start, self._count = np.unique(together[order], return_index=True, return_counts=True)
        self._spread = self._works_with(together[order])

    def _works_with(self, ordered: Keys) -> Ints:
        """In how many works each run occurs."""
        another = np.ones(len(ordered), np.int64)
        another[1:] = (ordered[1:] != ordered[:-1]) | (self._work[1:] != self._work[:-1])
        return np.add.reduceat(another, self._start) if len(ordered) else another

    def find(self, line: Line, commonest: float) -> Occurrences:
        """Where the runs of `line` occur, but for those that more than a part `commonest` of the works have."""
        wanted = line.keys(self._n, self._steps)
        if not len(self._key):
            wanted = wanted[:0]
        entry = np.minimum(np.searchsorted(self._key, wanted), max(len(self._key) - 1, 0))
        known = np.flatnonzero(self._key[entry] == wanted)
        known = known[self._spread[entry[known]] <= max(commonest * self._works, 1)]
        entry = entry[known]
        count = self._count[entry]
        run = np.repeat(np.arange(len(known)), count)
        at = np.arange(len(run)) - np.repeat(np.cumsum(count) - count, count) + self._start[entry][run]
        surprise = -np.log(self._spread[entry] / self._works)
        return Occurrences(known[run], self._work[at], self._pitch[at], self._gap[at], surprise[run])
