"""Which works hold a melody, in any key and tempo: candidates from the index, then an alignment with the best few."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from contrafact.music.identification.alignment import Alignment, Reading, align, best_scores
from contrafact.music.identification.index import Index, Known
from contrafact.music.identification.melody import Melody
from contrafact.music.identification.melody_index import Ints
from contrafact.music.identification.verdict import measure

CLOSELY = 24  # works, each in one key, that are aligned
_STRETCH_STEPS = 4  # to an octave of time, by which tempi are told apart
_KEYS = 3  # in which two melodies are compared


@dataclass(frozen=True, slots=True)
class Match:
    """A work that was aligned with a part of a file, from note `start` on, in the reading that fits best.

    `measure` says how well it fits (see `verdict`).
    """

    work: Known
    reading: Reading
    start: int
    part: Melody
    measure: float

    def alignment(self) -> Alignment:
        """Which notes agree; places count from the file's start."""
        found = align(self.part, self.work.melody, self.reading)
        return Alignment(found.score, tuple((self.start + i, j) for i, j in found.pairs))


def matches(melody: Melody, index: Index, without: Collection[int] = ()) -> list[Match]:
    """Parts of a melody with the works that are most like them, best first: a work at most once for each part.

    `without` are works, by their numbers in the index, that are passed over as if they were not there.
    """
    found = [match for start, part in melody.windows() for match in _of_part(start, part, index, without)]
    return sorted(found, key=lambda match: (-match.measure, match.start, match.work.number))


def compare(file: Melody, other: Melody) -> list[Match]:
    """The same of two melodies alone."""
    work = Known(0, b"", other, 0)
    found = []
    for start, part in file.windows():
        keys = _shared_keys(part, other)[:_KEYS]
        found += _aligned(start, part, [(work, key) for key in keys])
    return sorted(found, key=lambda match: (-match.measure, match.start))


def _of_part(start: int, part: Melody, index: Index, without: Collection[int]) -> list[Match]:
    found = _candidates(part, index, without)
    works = {number: index.work(number) for number in {number for number, _ in found}}
    return _aligned(start, part, [(work, key) for number, key in found if (work := works[number])])


def _aligned(start: int, part: Melody, candidates: Sequence[tuple[Known, int]]) -> list[Match]:
    """Each work once, in the best of its keys."""
    if not candidates:
        return []
    readings = [Reading(key, _stretch(part, work.melody, key)) for work, key in candidates]
    works = [work for work, _ in candidates]
    scores = best_scores(part, [work.melody for work in works], readings)
    best: dict[int, Match] = {}
    for place in np.argsort(-scores, kind="stable").tolist():
        work = works[place]
        fit = measure(float(scores[place]), len(part), len(work.melody))
        best.setdefault(work.number, Match(work, readings[place], start, part, fit))
    return list(best.values())


def _candidates(melody: Melody, index: Index, without: Collection[int]) -> list[tuple[int, int]]:
    """Works and transpositions with the greatest sum of surprise over the runs that they share with a melody."""
    keys, at = melody.keys()
    if not len(keys):
        return []
    runs = np.unique(np.stack([keys, melody.pitches[at] % 12]), axis=1)
    entries = index.runs(runs[0].tolist())
    readings = entries.works * 12 + (runs[1][entries.places] - entries.values) % 12
    names, which = np.unique(readings, return_inverse=True)
    totals = np.bincount(which, entries.surprise, minlength=len(names))
    kept = ~np.isin(names // 12, list(without))
    names, totals = names[kept], totals[kept]
    best = names[np.argsort(-totals, kind="stable")[:CLOSELY]]
    return [(int(name) // 12, int(name) % 12) for name in best]


def _shared_keys(file: Melody, work: Melody) -> list[int]:
    """Transpositions in which two melodies share runs, the one with most first."""
    mine, other = _shared_runs(file, work)
    counts = np.bincount((file.pitches[mine] - work.pitches[other]) % 12, minlength=12)
    return [int(key) for key in np.argsort(-counts, kind="stable") if counts[key]]


def _stretch(file: Melody, work: Melody, transposition: int) -> float:
    """By how many octaves of time the file's gaps are usually longer, where it shares runs with the work in this key;
    0 where it shares none."""
    mine, other = _shared_runs(file, work)
    same = (file.pitches[mine] - work.pitches[other] - transposition) % 12 == 0
    steps = np.rint((file.log_gaps[mine] - work.log_gaps[other])[same] * _STRETCH_STEPS).astype(np.int64)
    if not len(steps):
        return 0.0
    values, counts = np.unique(steps, return_counts=True)
    return float(values[np.argmax(counts)]) / _STRETCH_STEPS


def _shared_runs(file: Melody, work: Melody) -> tuple[Ints, Ints]:
    """Places in both at which the same run begins, shape (k,) each."""
    (ours, at), (theirs, there) = file.keys(), work.keys()
    order = np.argsort(theirs, kind="stable")
    rows, nth = pairs_of(ours, theirs[order])
    return at[rows], there[order][nth]


def pairs_of(asked: Ints, ascending: Ints) -> tuple[Ints, Ints]:
    """All pairs of places of equal values in two arrays, of which the second is in order."""
    first = np.searchsorted(ascending, asked)
    many = np.searchsorted(ascending, asked, "right") - first
    rows = np.repeat(np.arange(len(asked)), many)
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(many) - many, many)
    return rows, np.repeat(first, many) + nth
