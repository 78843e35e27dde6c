"""A generated piece with everything that experiments look at, and its form as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from contrafact.domain import events
from contrafact.domain.digests import canonical_json
from contrafact.domain.generation import WRITTEN_PARTS, EventLedger, EventNote
from contrafact.domain.shares import PPM
from contrafact.evaluation.requests import Asked
from contrafact.evaluation.statistics import Floats
from contrafact.music.composition import Trace


@dataclass(frozen=True)
class Played:
    """What came out of one request: ledger, longest verbatim run by source, and what each bar was drawn from."""

    ledger: EventLedger
    longest_runs: tuple[int, ...]
    traces: tuple[Trace, ...]

    def to_json(self) -> dict[str, Any]:
        """A JSON value; floats keep every digit."""
        traces = [[t.bar, t.gates.tolist(), t.probabilities.tolist(), list(t.ticks)] for t in self.traces]
        return {
            "events": json.loads(events.to_bytes(self.ledger)),
            "longest_runs": list(self.longest_runs),
            "traces": traces,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Played:
        """The inverse of `to_json`."""
        ledger = events.from_bytes(canonical_json(value["events"]))
        traces = tuple(Trace(bar, np.array(g), np.array(p), tuple(ticks)) for bar, g, p, ticks in value["traces"])
        return cls(ledger, tuple(value["longest_runs"]), traces)


@dataclass(frozen=True)
class Piece:
    """A request and what came out of it. Arrays over sources leave the control out."""

    asked: Asked
    played: Played

    @cached_property
    def notes(self) -> tuple[EventNote, ...]:
        """The notes that the model wrote."""
        return written(self.played.ledger.notes)

    @property
    def base(self) -> float:
        """The base share."""
        return events.shares(self.played.ledger)[0] / PPM

    @property
    def shares(self) -> Floats:
        """The share of each chosen work."""
        return np.array(events.shares(self.played.ledger)[1][:-1]) / PPM

    @property
    def control_share(self) -> int:
        """The share of the control, in ppm."""
        return events.shares(self.played.ledger)[1][-1]

    @property
    def weights(self) -> Floats:
        """The weight of each chosen work."""
        return np.array([source.weight for source in self.asked.request.sources[:-1]]) / PPM

    @property
    def requested(self) -> Floats:
        """The share that each weight asks for: its part of what is not base."""
        return self.weights * (1 - self.base)

    @property
    def top(self) -> int:
        """The chosen work with the largest share."""
        return int(np.argmax(self.shares))


def written(notes: Sequence[EventNote]) -> tuple[EventNote, ...]:
    """The notes that a model wrote, without those of parts by rule."""
    return tuple(note for note in notes if note.part in WRITTEN_PARTS)


def of_bars(notes: Sequence[EventNote], values: Floats, bars: int) -> Floats:
    """The mean of the notes' values (notes, …) in each bar, by duration: (bars, …); zero for a silent bar."""
    sums = np.zeros((bars, *values.shape[1:]))
    time = np.zeros(bars)
    for note, value in zip(notes, values, strict=True):
        sums[note.bar] += note.duration * value
        time[note.bar] += note.duration
    means: Floats = (sums.T / np.maximum(time, 1)).T
    return means
