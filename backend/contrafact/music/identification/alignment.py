"""Local alignment of melodies in a given key and tempo (Smith and Waterman 1981), of many pairs at once.

Two notes match by their pitch class and, less importantly, by the time to the next note. Notes may be left out on
either side. What an alignment scores is about the number of notes that agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contrafact.music.identification.melody import Melody

SAME_GAP = 0.35  # octaves of time by which gaps may differ and count as the same
MATCH, LOOSE_MATCH, OTHER, SKIP = 1.0, 0.5, -1.2, 0.9
_NO_PITCH = -1  # behind the end of a work

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a work may be in a file: `transposition` in semitones up to the file (0 … 11), and by how many octaves of
    time the file's gaps are longer (`stretch`)."""

    transposition: int
    stretch: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """Pairs of places in the file and in the work, ascending in both, where the same notes are; and their score."""

    score: float
    pairs: tuple[tuple[int, int], ...]


def best_scores(file: Melody, works: Sequence[Melody], readings: Sequence[Reading]) -> Scores:
    """The score of the best alignment with each work, read in the reading of its place; shape (works,)."""
    best = np.zeros(len(works), np.float32)
    for row in _rows(file, works, readings):
        np.maximum(best, row.max(axis=1), out=best)
    return best


def align(file: Melody, work: Melody, reading: Reading) -> Alignment:
    """The best alignment with one work; of score 0 and without pairs where no note agrees."""
    return _trace(file, work, reading, np.concatenate(list(_rows(file, [work], [reading]))))


def _rows(file: Melody, works: Sequence[Melody], readings: Sequence[Reading]) -> Iterator[Scores]:
    """For each note of the file the scores of the best alignments that end there and at each note of each work: shape
    (works, notes of the longest work), 0 where there is none."""
    width = max(map(len, works))
    pitches, gaps = np.full((len(works), width), _NO_PITCH), np.zeros((len(works), width))
    for row, (work, reading) in enumerate(zip(works, readings, strict=True)):
        pitches[row, : len(work)] = (work.pitches + reading.transposition) % 12
        gaps[row, : len(work)] = work.log_gaps + reading.stretch
    slope = (SKIP * np.arange(width)).astype(np.float32)
    above = np.zeros((len(works), width), np.float32)
    for pitch, gap in zip(file.pitches % 12, file.log_gaps, strict=True):
        matched = np.where(np.abs(gaps - gap) <= SAME_GAP, MATCH, LOOSE_MATCH)
        here = np.where(pitches == pitch, matched, OTHER).astype(np.float32)
        here[:, 1:] += above[:, :-1]
        here = np.maximum(np.maximum(here, above - SKIP), 0)
        # Notes of the work that are left out: the best place before, less its distance.
        above = np.maximum.accumulate(here + slope, axis=1) - slope
        yield above


def _trace(file: Melody, work: Melody, reading: Reading, scores: Scores) -> Alignment:
    """The alignment that ends at the highest of `scores`, shape (notes of the file, notes of the work or more)."""
    i, j = (int(n) for n in np.unravel_index(int(np.argmax(scores)), scores.shape))
    best, pairs = float(scores[i, j]), []
    same = (work.pitches[None, :] + reading.transposition - file.pitches[:, None]) % 12 == 0
    alike = np.abs(work.log_gaps[None, :] + reading.stretch - file.log_gaps[:, None]) <= SAME_GAP
    while i >= 0 and j >= 0 and scores[i, j] > 0:
        step = (MATCH if alike[i, j] else LOOSE_MATCH) if same[i, j] else OTHER
        before = float(scores[i - 1, j - 1]) if i and j else 0.0
        if abs(before + step - scores[i, j]) < 1e-3:
            if same[i, j]:
                pairs.append((i, j))
            i, j = i - 1, j - 1
        elif i and abs(float(scores[i - 1, j]) - SKIP - scores[i, j]) < 1e-3:
            i -= 1
        else:
            j -= 1
    return Alignment(best, tuple(pairs[::-1]))
