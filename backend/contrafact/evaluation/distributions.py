"""Distributions of what tunes are made of, and how far two of them are apart.

A tune is its sounding notes in order. Onsets (from the first bar line) and durations are in ticks, pitches in
semitones from the tonic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from math import log2, sqrt

from contrafact.music.score import Metre
from contrafact.music.source_form import SourceForm


@dataclass(frozen=True, slots=True)
class Tone:
    """A note of a tune: `onset` and `duration` in ticks, `pitch` in semitones from the tonic."""

    onset: int
    duration: int
    pitch: int


@dataclass(frozen=True)
class Tune:
    """The notes of a tune, in order, none of them empty."""

    metre: Metre
    tones: tuple[Tone, ...]

    @property
    def bars(self) -> list[tuple[Tone, ...]]:
        """The notes that begin in each bar, up to the last one that has any, onsets counted from the bar line."""
        bars: list[list[Tone]] = [[] for _ in range(self.tones[-1].onset // self.metre.ticks + 1)]
        for tone in self.tones:
            bar, tick = divmod(tone.onset, self.metre.ticks)
            bars[bar].append(Tone(tick, tone.duration, tone.pitch))
        return [tuple(bar) for bar in bars]


def tune_of(form: SourceForm) -> Tune:
    """The body of a source form as a tune."""
    tones, start = [], 0
    for bar in form.body:
        now = start
        for event in bar:
            if event.pitch is not None:
                tones.append(Tone(now, event.duration, event.pitch))
            now += event.duration
        start += form.metre.ticks
    return Tune(form.metre, tuple(tones))


def pitch_classes(tune: Tune) -> list[int]:
    """Semitones above the tonic, modulo an octave."""
    return [tone.pitch % 12 for tone in tune.tones]


def durations(tune: Tune) -> list[int]:
    """Ticks."""
    return [tone.duration for tone in tune.tones]


def onsets(tune: Tune) -> list[int]:
    """Ticks from the bar line."""
    return [tone.onset % tune.metre.ticks for tone in tune.tones]


def intervals(tune: Tune) -> list[int]:
    """Semitones from each note to the next."""
    return [after.pitch - before.pitch for before, after in pairwise(tune.tones)]


Feature = Callable[[Tune], Sequence[Hashable]]
FEATURES: Mapping[str, Feature] = {
    "pitch class": pitch_classes,
    "duration": durations,
    "onset in the bar": onsets,
    "interval": intervals,
}


def histogram(feature: Feature, tunes: Iterable[Tune]) -> Counter[Hashable]:
    """How often each value occurs in the tunes together."""
    return Counter(chain.from_iterable(feature(tune) for tune in tunes))


def jensen_shannon(one: Counter[Hashable], other: Counter[Hashable]) -> float:
    """The Jensen–Shannon distance: the square root of the divergence in bits, 0 for the same, 1 for nothing in common.

    Raises ValueError where one of the two is empty.
    """
    if not one.total() or not other.total():
        raise ValueError("a distribution of nothing has no distance")
    return sqrt(max(0.0, (_half(one, other) + _half(other, one)) / 2))


def _half(one: Counter[Hashable], other: Counter[Hashable]) -> float:
    a, b = one.total(), other.total()
    shares = ((count / a, (count / a + other[value] / b) / 2) for value, count in one.items())
    return sum(p * log2(p / middle) for p, middle in shares)
