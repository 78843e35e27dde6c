"""Which works is a piece made of? Found from its notes alone, by a method that knows nothing of the generator.

The notes of the piece that lie in a short run of intervals and rhythm which a work has too, each weighted by its
sounding time and by the rarity of the run: that is how much of the piece is found in the work. What all works have
says nothing. A quotation keeps its transposition and its tempo, so only runs that agree on both are added up, and
a work is ranked by its best such reading.

The constants were tuned on 130 pieces of 45 seconds, each of three works in the role `validation`, never on the
catalogue: runs of 1 to 8 intervals, with rhythm and without it (which found less, in recordings too), limits of
commonness from 0.05 to 0.5, sums over the lengths of run and their maximum. Dividing the notes among the works, by
expectation maximisation over a mixture or by a hidden Markov model of a mosaic of works, did not find the work with
the largest share more often.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from contrafact.errors import InvalidInput
from contrafact.music.identification.melody_index import Floats, Ints, Line, Occurrences, RunIndex

RUNS = (2, 3, 4, 5)  # intervals
# Steps an octave of time, by which rhythms and tempi are told apart: the onsets of a transcription bear fewer.
EXACT, HEARD = 2, 1
COMMONEST = 0.05  # of the works; a run that more of them have is not looked at
_TEMPI = 64
_READINGS = 800  # that are looked at closely


@dataclass(frozen=True, slots=True)
class Sounding:
    """A note that sounds: `onset` and `duration` in any one unit of time, `pitch` a MIDI number."""

    onset: float
    duration: float
    pitch: int


class Identifier:
    """Ranks works by how much of a piece is found in them.

    Raises InvalidInput for no works.
    """

    def __init__(self, works: Mapping[str, Sequence[Sounding]]) -> None:
        if not works:
            raise InvalidInput("There are no works to find a piece in.", "Give at least one.")
        self._ids = tuple(works)
        lines = [_line(notes) for notes in works.values()]
        self._indices = {steps: {n: RunIndex(lines, n, steps) for n in RUNS} for steps in (EXACT, HEARD)}

    def rank(self, piece: Sequence[Sounding], *, exact: bool = True) -> dict[str, float]:
        """A score for each work, in nats: higher where more of the piece is found in the work, 0 for nothing.

        Of notes that begin together the highest counts. Say where times are not `exact` but heard: then rhythms
        are compared more coarsely.
        """
        line = _line(piece)
        if not len(line.pitches):
            return dict.fromkeys(self._ids, 0.0)
        steps = EXACT if exact else HEARD
        found = {n: index.find(line, COMMONEST) for n, index in self._indices[steps].items()}
        readings = {n: _readings(line, hits, steps) for n, hits in found.items()}
        kept = _likeliest(found, readings)
        heard = _coverage(line, found, readings, kept)
        scores = np.zeros(len(self._ids))
        np.maximum.at(scores, kept // (12 * _TEMPI), heard)
        return dict(zip(self._ids, scores.tolist(), strict=True))


def _line(notes: Sequence[Sounding]) -> Line:
    return Line.of([n.onset for n in notes], [n.duration for n in notes], [n.pitch for n in notes])


def _readings(line: Line, hits: Occurrences, steps: int) -> Ints:
    """The number of each occurrence's reading: its work, transposition (mod 12) and tempo (in steps of an octave)."""
    transposition = (line.pitches[hits.places] - hits.pitches) % 12
    reading = (hits.works * 12 + transposition) * _TEMPI
    ratio = np.rint((line.log_gaps[hits.places] - hits.log_gaps) * steps).astype(np.int64)
    return reading + ratio % _TEMPI


def _likeliest(found: Mapping[int, Occurrences], readings: Mapping[int, Ints]) -> Ints:
    """The readings with the greatest sum of surprise, ascending, at most `_READINGS`; double counts do no harm here."""
    names, which = np.unique(np.concatenate(list(readings.values())), return_inverse=True)
    weights = np.concatenate([n * hits.surprise for n, hits in found.items()])
    totals = np.bincount(which, weights, minlength=len(names))
    return np.sort(names[np.argsort(-totals, kind="stable")[:_READINGS]])


def _coverage(line: Line, found: Mapping[int, Occurrences], readings: Mapping[int, Ints], kept: Ints) -> Floats:
    """For each reading that is kept, how surprising the runs are that cover a note: the mean over the sounding time.

    Of each length n the most surprising run counts, n times; the lengths are put together as a Euclidean norm,
    which lies between their sum and their maximum.
    """
    squares: Floats = np.zeros((len(kept), len(line.pitches)))
    for n, hits in found.items():
        row = np.searchsorted(kept, readings[n])
        row = np.minimum(row, len(kept) - 1)
        ours = np.flatnonzero(kept[row] == readings[n]) if len(kept) else np.zeros(0, np.int64)
        best = np.zeros((len(kept), len(line.pitches)))
        for step in range(n + 1):
            np.maximum.at(best, (row[ours], hits.places[ours] + step), hits.surprise[ours])
        squares += (n * best) ** 2
    mean: Floats = np.sqrt(squares) @ line.durations / line.durations.sum()
    return mean
