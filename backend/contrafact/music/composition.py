"""One piece, bar by bar: draw a component, draw its notes, attribute them, steer the next bar's gate.

What is drawn is left to a `Drawer`: the sampler of a generation draws by the seed, the follower of a replay
takes the recorded draws and checks them. All else is the same code for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from contrafact.domain.shares import PPM
from contrafact.music import attribution, constraints
from contrafact.music import tokens as t
from contrafact.music.control import CONTROL, ShareController
from contrafact.music.engine import Engine
from contrafact.music.score import Metre

Floats = NDArray[np.float64]


class Drawer(Protocol):
    """Chooses an index in proportion to weights."""

    def draw(self, weights: Floats) -> int: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of a piece. `weights` are those of the sources that are read, all above zero."""

    mode: str
    metre: Metre
    bars: int
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WrittenBar:
    """A bar of melody: (onset in the bar, event) one after another, and the responsibilities of each event in ppm."""

    bar: int
    events: tuple[tuple[int, t.Event], ...]
    responsibilities: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """What a bar was drawn from, for experiments: `gates` (components) and each event's probabilities by component.

    `probabilities` is (components, events), `ticks` the sounding time of each event (0 for a rest).
    """

    bar: int
    gates: Floats
    probabilities: Floats
    ticks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """An event of a bar: where it is, and the tokens that were allowed for its pitch and its duration."""

    onset: int
    event: t.Event
    allowed: tuple[constraints.Mask, constraints.Mask]


class Composition:
    """A piece in the making, bar by bar."""

    def __init__(
        self, engine: Engine, plan: Plan, guard: constraints.RunGuard, drawer: Drawer, control: float = CONTROL
    ) -> None:
        self._engine, self._plan, self._guard, self._drawer = engine, plan, guard, drawer
        self._control = ShareController(plan.weights, control)
        self.traces: list[Trace] = []
        for token in (t.mode_token(plan.mode), t.metre_token(plan.metre)):
            self._append(token, bar=0, tick=0, left=plan.bars)

    def steer(self, weights: Sequence[int]) -> None:
        """Other weights from the next bar on."""
        self._control.change(weights)

    def write_bar(self, bar: int) -> WrittenBar:
        """The next bar; bars are asked for one after another."""
        gates = self._control.gate(bar, self._plan.metre.ticks)
        component = self._drawer.draw(gates)
        self._append(t.BAR, bar=bar, tick=0)
        close = constraints.close_of(bar, self._plan.bars, self._plan.mode, self._plan.metre)
        drawn: list[_Drawn] = []
        now = 0
        while now < self._plan.metre.ticks:
            drawn.append(self._write_event(component, bar, now, close))
            now += drawn[-1].event.duration
        return self._attributed(bar, gates, component, drawn)

    def _write_event(self, component: int, bar: int, now: int, close: constraints.Close | None) -> _Drawn:
        """Draw a pitch and a duration; the choice between expert and base is one for both."""
        remaining = self._plan.metre.ticks - now
        allowed = constraints.pitches_allowed(remaining=remaining, starts_bar=now == 0, close=close)
        unguarded = allowed & ~self._guard.forbidden()
        for_pitch = unguarded if unguarded.any() else allowed
        pitches = constraints.restrict(self._engine.of_writer(component), for_pitch)
        pitch = self._drawer.draw(attribution.leave_to_base(pitches)[-1])
        self._append(pitch, bar=bar, tick=now)
        for_duration = constraints.durations_allowed(pitch, remaining=remaining, close=close)
        joint = pitches[:, pitch, None] * constraints.restrict(self._engine.of_writer(component), for_duration)
        duration = self._drawer.draw(attribution.leave_to_base(joint)[-1])
        event = t.Event(t.pitch_of(pitch), t.ticks_of(duration))
        self._append(duration, bar=bar, tick=now + event.duration)
        return _Drawn(now, event, (for_pitch, for_duration))

    def _append(self, token: int, *, bar: int, tick: int, left: int | None = None) -> None:
        self._guard.append(token)
        left = self._plan.bars - bar - 1 if left is None else left
        self._engine.append(token, tick, bar % t.PHRASE_BARS, min(left, t.MAX_BARS_LEFT))

    def _attributed(self, bar: int, gates: Floats, writer: int, drawn: Sequence[_Drawn]) -> WrittenBar:
        probabilities = self._probabilities(writer, drawn)
        with np.errstate(divide="ignore"):
            likelihood = np.log(attribution.leave_to_base(probabilities)).sum(axis=1)
        posterior = attribution.bar_posterior(gates, likelihood)
        parts = [attribution.in_ppm(note) for note in attribution.responsibilities(posterior, probabilities).T]
        sounding = tuple(0 if d.event.pitch is None else d.event.duration for d in drawn)
        self._control.heard(posterior, np.array(sounding) @ np.array(parts, dtype=np.float64) / PPM)
        self.traces.append(Trace(bar, gates, probabilities, sounding))
        return WrittenBar(bar, tuple((d.onset, d.event) for d in drawn), tuple(parts))

    def _probabilities(self, writer: int, drawn: Sequence[_Drawn]) -> Floats:
        """(components, events): how likely each event was to each component, under the rules for its place."""
        allowed = np.stack([mask for d in drawn for mask in d.allowed])
        chosen = [(t.pitch_token(d.event.pitch), t.duration_token(d.event.duration)) for d in drawn]
        tokens = np.array(chosen).ravel()
        restricted = constraints.restrict(self._engine.of_everyone(writer), allowed)
        each = restricted[:, np.arange(len(tokens)), tokens]
        joint: Floats = each[:, ::2] * each[:, 1::2]
        return joint
