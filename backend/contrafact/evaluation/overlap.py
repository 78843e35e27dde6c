"""How much of a melody is shared with a tune, and how alike two melodies are: by their runs of intervals.

Both look at the notes alone, in any key, and know nothing of how the melody was made.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from contrafact.evaluation.statistics import Floats

INTERVALS = 5
"""In a run, that is six notes."""
_LIKENESS_INTERVALS = 4

Gram = tuple[int, ...]


def runs(pitches: Sequence[int], length: int) -> list[Gram]:
    """All runs of so many successive intervals, in order; run i starts at note i."""
    intervals = np.diff(pitches).tolist()
    return [tuple(intervals[i : i + length]) for i in range(len(intervals) - length + 1)]


def shared(pitches: Sequence[int], source: Sequence[int], length: int = INTERVALS) -> Floats:
    """For each note 1 or 0: does it lie in a run of intervals that the source has too?"""
    known = set(runs(source, length))
    found = np.zeros(len(pitches))
    for start, gram in enumerate(runs(pitches, length)):
        if gram in known:
            found[start : start + length + 1] = 1
    return found


def overlap(pitches: Sequence[int], durations: Sequence[int], source: Sequence[int], length: int = INTERVALS) -> float:
    """The part of a melody, by duration, that lies in runs which the source has too."""
    return float(np.average(shared(pitches, source, length), weights=durations)) if len(pitches) else 0.0


class Likeness:
    """Cosine of interval 4-grams weighted by rarity (tf-idf), between a melody and works: a simple embedding."""

    def __init__(self, works: Mapping[str, Sequence[int]]) -> None:
        self._grams = {work: Counter(runs(pitches, _LIKENESS_INTERVALS)) for work, pitches in works.items()}
        spread = Counter(gram for grams in self._grams.values() for gram in grams)
        self._rarity = {gram: math.log(len(works) / count) for gram, count in spread.items()}
        self._norm = {work: self._length(grams) for work, grams in self._grams.items()}

    def of(self, pitches: Sequence[int]) -> dict[str, float]:
        """The likeness, 0 to 1, of the melody to each work."""
        melody = Counter(runs(pitches, _LIKENESS_INTERVALS))
        norm = self._length(melody) or 1.0
        return {work: self._product(grams, melody) / norm / self._norm[work] for work, grams in self._grams.items()}

    def _product(self, grams: Counter[Gram], melody: Counter[Gram]) -> float:
        return sum(self._rarity[gram] ** 2 * grams[gram] * melody[gram] for gram in grams.keys() & melody.keys())

    def _length(self, grams: Counter[Gram]) -> float:
        squares = ((self._rarity.get(gram, 0.0) * count) ** 2 for gram, count in grams.items())
        return math.sqrt(sum(squares)) or 1.0
