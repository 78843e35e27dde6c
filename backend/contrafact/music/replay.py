"""Replay: does an event ledger follow from the model, the sources, the request and the seed?

The replay follows the recorded tokens and checks each draw against its own probabilities, so that one
numerical difference does not hide what comes after it. There are three verdicts. *Identical*: every token,
drawn integer and note is the same. *Numerically divergent at event k*: another token or another last digit,
where the numbers are so close that arithmetic on another machine explains it. *Contradicted at event k*: it
does not follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from contrafact.domain.generation import Draw, EventLedger, EventNote, GenerationRequest, WeightChange
from contrafact.errors import InvalidOrder
from contrafact.music.checkpoint import Model
from contrafact.music.performance import Performance
from contrafact.music.sampling import SCALE, cumulative, drawn_integer, margin
from contrafact.ports import ReplayResult, Verdict

# In integers of the cumulative scale: 2e-7 of probability. Machines were seen to differ by 1e-12.
TOLERANCE = SCALE // 5_000_000
PPM_TOLERANCE = 1  # a responsibility at the edge of rounding


class _Contradiction(Exception):
    def __init__(self, kind: str, event: int, detail: str) -> None:
        super().__init__(detail)
        self.verdict = ReplayResult(Verdict.CONTRADICTED, event, f"{kind} {event}: {detail}")


class _Follower:
    """A drawer that takes the recorded draws, and checks that the stream and the probabilities give them."""

    def __init__(self, seed: bytes, draws: Sequence[Draw]) -> None:
        self._seed, self._draws = seed, draws
        self.taken = 0
        self.divergence: ReplayResult | None = None

    def draw(self, weights: NDArray[np.float64]) -> int:
        index = self.taken
        if index == len(self._draws):
            raise _Contradiction("draw", index, "the ledger ends before the piece does")
        self.taken += 1
        recorded = self._draws[index]
        if recorded.drawn != drawn_integer(self._seed, index):
            raise _Contradiction("draw", index, "the drawn integer is not that of the seed")
        if recorded.token >= len(weights):
            raise _Contradiction("draw", index, "there is no such token")
        here = margin(cumulative(weights), recorded.token, recorded.drawn)
        if here <= -TOLERANCE or weights[recorded.token] <= 0:
            raise _Contradiction("draw", index, "another token is drawn, by more than the numerical tolerance")
        if abs(min(here, SCALE) - recorded.margin) > TOLERANCE:
            raise _Contradiction("draw", index, f"the margin is {here}, not {recorded.margin}")
        if here <= 0 and self.divergence is None:
            detail = f"draw {index}: another token, {-here} integers from its boundary"
            self.divergence = ReplayResult(Verdict.DIVERGENT, index, detail)
        return recorded.token


def replay(model: Model, request: GenerationRequest, events: EventLedger) -> ReplayResult:
    """Replay a ledger. Raises InvalidOrder and InvalidScore for a request that cannot be generated at all."""
    if events.components != ("base", *(source.work_id for source in request.sources)):
        return ReplayResult(Verdict.CONTRADICTED, detail="the components are not those of the request")
    follower = _Follower(request.seed, events.draws)
    performance = Performance(model, request, follower)
    try:
        _play(performance, events.changes, events.stopped)
        if follower.taken < len(events.draws):
            raise _Contradiction("draw", follower.taken, "the piece ends before the ledger does")
        if performance.generation(events.draws).events.changes != events.changes:
            raise _Contradiction("change", len(events.changes), "the changes of weights are not those of a performance")
        if performance.over and events.stopped is not None:
            raise _Contradiction("bar", events.stopped, "the piece has no bar before which it could be stopped there")
        note = _compare(performance.notes, events.notes)
    except _Contradiction as contradiction:
        return contradiction.verdict
    verdict = follower.divergence or note or ReplayResult(Verdict.IDENTICAL)
    return replace(verdict, longest_runs=performance.longest_runs)


def _play(performance: Performance, changes: Sequence[WeightChange], stopped: int | None) -> None:
    """The piece to its end, or to where it was stopped, steered as recorded."""
    coming = list(enumerate(changes))
    while not performance.over and performance.played != stopped:
        if coming and coming[0][1].bar == performance.played:
            index, change = coming.pop(0)
            try:
                performance.steer(change.weights)
            except InvalidOrder as error:
                raise _Contradiction("change", index, f"nobody can steer so: {error.message}") from None
        performance.next_bar()


def _compare(own: Sequence[EventNote], recorded: Sequence[EventNote]) -> ReplayResult | None:
    """None where all notes are the same; the first divergence; or raises the first contradiction."""
    divergence = None
    if len(own) != len(recorded):
        raise _Contradiction("note", min(len(own), len(recorded)), "the number of notes differs")
    for index, (a, b) in enumerate(zip(own, recorded, strict=True)):
        if replace(a, responsibilities=()) != replace(b, responsibilities=()):
            raise _Contradiction("note", index, "the note is not the one drawn")
        if len(a.responsibilities) != len(b.responsibilities):
            raise _Contradiction("note", index, "a component is missing")
        apart = max(abs(x - y) for x, y in zip(a.responsibilities, b.responsibilities, strict=True))
        if apart > PPM_TOLERANCE:
            raise _Contradiction("note", index, f"a responsibility differs by {apart} ppm")
        if apart and divergence is None:
            detail = f"note {index}: a responsibility differs by {apart} ppm"
            divergence = ReplayResult(Verdict.DIVERGENT, index, detail)
    return divergence
