"""Training examples: a target piece, and sources that it could have been made from.

The objective decides whether the output resembles its sources. Most targets come with a *variation* of
themselves as the source (bars dropped or shuffled, pitches and rhythms disturbed), some with their own other
half. Part of the targets are *medleys*: bar by bar, one of two or three tunes, each bar explained by its own
source. That is what an expert meets at generation: a past that other sources wrote. Tunes are now and then heard
in another metre that theirs meets. Variations grow from slight to free as training goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contrafact.music import tokens as t
from contrafact.music.metres import meeting
from contrafact.music.score import Metre
from contrafact.music.source_form import SourceForm

MAX_TOKENS = 192
MEDLEY_SHARE = 0.3
THIRD_TUNE = 0.25  # of the medleys have three tunes
VARIATION_SHARE = 0.65
REHEARD_SHARE = 0.15
LEAST_BARS = 4
_STEPS = (-7, -5, -3, -2, -2, -1, -1, 1, 1, 2, 2, 3, 5, 7)  # semitones of a disturbed pitch


@dataclass(frozen=True, slots=True)
class Example:
    """`owner[i]` is the index in `sources` of the source that explains token i of the target."""

    target: t.Sequenced
    sources: tuple[t.Sequenced, ...]
    owner: NDArray[np.int64]

    @property
    def is_medley(self) -> bool:
        return len(self.sources) > 1


def make_example(
    rng: np.random.Generator,
    form: SourceForm,
    partners: Sequence[SourceForm],
    *,
    medleys: bool = True,
    freedom: float = 1.0,
) -> Example:
    """One example of `form`; `partners` are tunes whose metre meets its own, to make a medley with.

    `freedom` in [0, 1] says how far a variation may go.
    """
    if medleys and partners and rng.random() < MEDLEY_SHARE:
        count = 1 + int(rng.random() < THIRD_TUNE)
        others = [partners[int(rng.integers(len(partners)))].in_metre(form.metre) for _ in range(count)]
        return _medley(rng, [form, *others], freedom)
    if len(form.body) >= 8 and rng.random() >= VARIATION_SHARE:
        return other_half(rng, form)
    return variation_of(rng, form, freedom)


def reheard(rng: np.random.Generator, form: SourceForm) -> SourceForm:
    """The tune as it is, or now and then in another metre that its own meets."""
    others = [metre for metre in meeting((form.metre.beats, form.metre.unit)) if Metre(*metre) != form.metre]
    if not others or rng.random() >= REHEARD_SHARE:
        return form
    other = form.in_metre(Metre(*others[int(rng.integers(len(others)))]))
    return other if len(other.body) >= LEAST_BARS else form


def variation_of(rng: np.random.Generator, form: SourceForm, freedom: float = 1.0) -> Example:
    """The source is a disturbed form of the target itself."""
    first, bars = _excerpt(rng, form.body)
    target = t.sequence(
        form.mode, form.metre, bars, first=first, total=len(form.body), end=first + len(bars) == len(form.body)
    )
    return Example(target, (_disturbed(rng, form, first, freedom),), np.zeros(len(target), dtype=np.int64))


def other_half(rng: np.random.Generator, form: SourceForm) -> Example:
    """The target is one half of the tune, the source is the other."""
    middle, total = len(form.body) // 2, len(form.body)
    halves = [
        t.sequence(form.mode, form.metre, _fitting(form.body[:middle]), total=total, end=False),
        t.sequence(form.mode, form.metre, _fitting(form.body[middle:]), first=middle, total=total, end=False),
    ]
    side = int(rng.integers(2))
    target, source = halves[side], halves[1 - side]
    return Example(target, (source,), np.zeros(len(target), dtype=np.int64))


def _medley(rng: np.random.Generator, forms: Sequence[SourceForm], freedom: float) -> Example:
    bodies = [form.body for form in forms]
    total = min(map(len, bodies))
    choice: list[int] = []
    tune = int(rng.integers(len(forms)))
    while len(choice) < total:
        choice += [tune] * int(rng.choice((1, 1, 1, 2, 2, 4)))
        tune = (tune + int(rng.integers(1, len(forms)))) % len(forms)
    mixed = tuple(bodies[choice[i]][i] for i in range(total))
    first, bars = _excerpt(rng, mixed)
    end = first + len(bars) == total
    target = t.sequence(forms[0].mode, forms[0].metre, bars, first=first, total=total, end=end)
    bar_of_token = np.cumsum(target.tokens == t.BAR) - 1 + first
    owner = np.array(choice)[np.clip(bar_of_token, 0, total - 1)]
    return Example(target, tuple(_disturbed(rng, form, first, freedom) for form in forms), owner)


def _disturbed(rng: np.random.Generator, form: SourceForm, first: int, freedom: float) -> t.Sequenced:
    bars = list(form.body) if _size(form.body) <= MAX_TOKENS else list(form.body[first:])
    dropped = rng.uniform(0, 0.4 * freedom)
    kept = [bar for bar in bars if rng.random() >= dropped]
    bars = kept if len(kept) >= 2 else bars
    if rng.random() < 0.5:
        bars = [bars[i] for i in rng.permutation(len(bars))]
    noise, rhythm = rng.uniform(0, 0.2 * freedom), rng.uniform(0, 0.12 * freedom)
    bars = [_disturb_rhythm(rng, _disturb_pitch(rng, bar, noise), rhythm) for bar in bars]
    return t.sequence(form.mode, form.metre, _fitting(bars))


def _disturb_pitch(rng: np.random.Generator, bar: t.BarOfEvents, rate: float) -> t.BarOfEvents:
    hit = rng.random(len(bar)) < rate
    return tuple(
        t.Event(int(np.clip(e.pitch + rng.choice(_STEPS), t.LOWEST, t.HIGHEST)), e.duration)
        if hit[i] and e.pitch is not None
        else e
        for i, e in enumerate(bar)
    )


def _disturb_rhythm(rng: np.random.Generator, bar: t.BarOfEvents, rate: float) -> t.BarOfEvents:
    """Swap the durations of neighbours, or join them, at a rate per note; the bar keeps its length."""
    events = list(bar)
    at = 0
    while at + 1 < len(events):
        if rng.random() < rate:
            a, b = events[at], events[at + 1]
            if rng.random() < 0.5 and a.duration + b.duration in t.DURATIONS:
                events[at : at + 2] = [t.Event(a.pitch, a.duration + b.duration)]
            else:
                events[at : at + 2] = [t.Event(a.pitch, b.duration), t.Event(b.pitch, a.duration)]
        at += 1
    return tuple(events)


def _excerpt(rng: np.random.Generator, bars: Sequence[t.BarOfEvents]) -> tuple[int, Sequence[t.BarOfEvents]]:
    """Consecutive bars that fit, and the index of the first; half of the excerpts start at the beginning."""
    first = 0
    if len(bars) > 4 and (rng.random() < 0.5 or _size(bars) > MAX_TOKENS):
        first = int(rng.integers(len(bars) - 4))
    return first, _fitting(bars[first:])


def _fitting(bars: Sequence[t.BarOfEvents]) -> Sequence[t.BarOfEvents]:
    sizes = np.cumsum([1 + 2 * len(bar) for bar in bars]) + 3
    return bars[: max(1, int((sizes <= MAX_TOKENS).sum()))]


def _size(bars: Sequence[t.BarOfEvents]) -> int:
    return 3 + sum(1 + 2 * len(bar) for bar in bars)
