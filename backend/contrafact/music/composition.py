"""One piece, bar by bar: draw a component, draw its notes, attribute them, steer the next bar's gate.

What is drawn is left to a `Drawer`: the sampler of a generation draws by the seed, the follower of a replay
takes the recorded draws and checks them. All else is the same code for both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from contrafact.domain.generation import EventNote
from contrafact.domain.shares import PPM
from contrafact.music import attribution, constraints
from contrafact.music import tokens as t
from contrafact.music.engine import Engine
from contrafact.music.score import Metre

OnBar = Callable[[int, int], None]
Floats = NDArray[np.float64]


class Drawer(Protocol):
    """Chooses an index in proportion to weights."""

    def draw(self, weights: Floats) -> int: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of a piece. `weights` are those of the sources that are read, all above zero."""

    mode: str
    metre: Metre
    tonic: int
    bars: int
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """An event of a bar: where it is, and its probability under each component."""

    onset: int
    event: t.Event
    probabilities: Floats


class Composition:
    """A piece in the making. `realised` is the sounding time of each component so far, in ticks."""

    def __init__(self, engine: Engine, plan: Plan, guard: constraints.RunGuard, drawer: Drawer) -> None:
        self._engine, self._plan, self._guard, self._drawer = engine, plan, guard, drawer
        self._target = attribution.targets(plan.weights)
        self.realised = np.zeros(1 + len(plan.weights))
        self._posterior = np.zeros(1 + len(plan.weights))
        self.notes: list[EventNote] = []
        for token in (t.mode_token(plan.mode), t.metre_token(plan.metre)):
            self._append(token, bar=0, tick=0, left=plan.bars)

    def compose(self, on_bar: OnBar | None = None) -> None:
        """Write all bars; `on_bar(n, m)` is called after bar n of m."""
        for bar in range(self._plan.bars):
            self._write_bar(bar)
            if on_bar is not None:
                on_bar(bar + 1, self._plan.bars)

    def _write_bar(self, bar: int) -> None:
        before = self._posterior * (bar % attribution.PHRASE > 0)
        gates = attribution.gate(self._target, self.realised, self._plan.metre.ticks, before)
        component = self._drawer.draw(gates)
        self._append(t.BAR, bar=bar, tick=0)
        drawn: list[_Drawn] = []
        now = 0
        while now < self._plan.metre.ticks:
            drawn.append(self._write_event(component, bar, now))
            now += drawn[-1].event.duration
        self._attribute(bar, gates, drawn)

    def _write_event(self, component: int, bar: int, now: int) -> _Drawn:
        """Draw a pitch and a duration; the choice between expert and base is one for both."""
        remaining = self._plan.metre.ticks - now
        last = bar == self._plan.bars - 1
        allowed = constraints.pitches_allowed(remaining=remaining, starts_bar=now == 0, is_last_bar=last)
        unguarded = allowed & ~self._guard.forbidden()
        pitches = constraints.restrict(self._engine.probabilities(), unguarded if unguarded.any() else allowed)
        pitch = self._drawer.draw(attribution.leave_to_base(pitches)[component])
        self._append(pitch, bar=bar, tick=now)
        allowed = constraints.durations_allowed(pitch, remaining=remaining, is_last_bar=last)
        joint = pitches[:, pitch, None] * constraints.restrict(self._engine.probabilities(), allowed)
        duration = self._drawer.draw(attribution.leave_to_base(joint)[component])
        event = t.Event(t.pitch_of(pitch), t.ticks_of(duration))
        self._append(duration, bar=bar, tick=now + event.duration)
        return _Drawn(now, event, joint[:, duration])

    def _append(self, token: int, *, bar: int, tick: int, left: int | None = None) -> None:
        self._guard.append(token)
        left = self._plan.bars - bar - 1 if left is None else left
        self._engine.append(token, tick, bar % t.PHRASE_BARS, min(left, t.MAX_BARS_LEFT))

    def _attribute(self, bar: int, gates: Floats, drawn: Sequence[_Drawn]) -> None:
        probabilities = np.stack([d.probabilities for d in drawn], axis=1)
        with np.errstate(divide="ignore"):
            likelihood = np.log(attribution.leave_to_base(probabilities)).sum(axis=1)
        self._posterior = attribution.bar_posterior(gates, likelihood)
        responsibilities = attribution.responsibilities(self._posterior, probabilities)
        start = bar * self._plan.metre.ticks
        for column, d in enumerate(drawn):
            if d.event.pitch is None:
                continue
            parts = attribution.in_ppm(responsibilities[:, column])
            pitch = 60 + self._plan.tonic + d.event.pitch
            self.notes.append(EventNote(bar, start + d.onset, d.event.duration, pitch, parts))
            self.realised += d.event.duration * np.array(parts) / PPM
