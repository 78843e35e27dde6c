"""Metres that can meet, and a tune's bars in another metre.

Metres meet where their beats are of one kind and the bars of one hold a whole number of bars of the other: two
bars of 2/4 are one of 4/4. Notes keep their length, only the bar lines move.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from contrafact.music import tokens as t
from contrafact.music.score import Metre

# Metres of one kind of beat: in two, in dotted beats, in three quarters, in three halves.
_KINDS = (
    frozenset({(2, 4), (4, 4), (2, 2)}),
    frozenset({(3, 8), (6, 8), (9, 8), (12, 8)}),
    frozenset({(3, 4), (6, 4)}),
    frozenset({(3, 2)}),
)


def meeting(metre: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """The metres that can be heard in `metre`, itself among them, in the order of the vocabulary."""
    return tuple(other for other in t.METRES if _meet(other, metre))


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    short, long = sorted((Metre(*one).ticks, Metre(*other).ticks))
    return long % short == 0 and any({one, other} <= kind for kind in _KINDS)


def rebarred(bars: Sequence[t.BarOfEvents], source: Metre, target: Metre) -> tuple[t.BarOfEvents, ...]:
    """Full bars of `source` as bars of `target`, the last one filled with a rest.

    Raises ValueError for metres that do not meet.
    """
    if not _meet((source.beats, source.unit), (target.beats, target.unit)):
        raise ValueError(f"{source} and {target} do not meet")
    if source.ticks == target.ticks:
        return tuple(bars)
    if source.ticks < target.ticks:
        count = target.ticks // source.ticks
        groups = (bars[start : start + count] for start in range(0, len(bars), count))
        return tuple(_filled(tuple(event for bar in group for event in bar), target.ticks) for group in groups)
    return tuple(part for bar in bars for part in _split(bar, target.ticks, source.ticks // target.ticks))


def _filled(bar: t.BarOfEvents, ticks: int) -> t.BarOfEvents:
    missing = ticks - sum(event.duration for event in bar)
    return (*bar, *lengths(None, missing))


def _split(bar: t.BarOfEvents, ticks: int, count: int) -> list[t.BarOfEvents]:
    """A bar cut in `count` parts; a note that sounds over a cut is struck again."""
    parts: list[list[t.Event]] = [[] for _ in range(count)]
    now = 0
    for event in bar:
        end = now + event.duration
        while now < end:
            part, stop = now // ticks, min(end, (now // ticks + 1) * ticks)
            parts[part] += lengths(event.pitch, stop - now)
            now = stop
    return [tuple(part) for part in parts]


def lengths(pitch: int | None, ticks: int) -> list[t.Event]:
    """An event as few of the durations that there are tokens for."""
    return [t.Event(pitch, part) for part in _parts(ticks)]


@cache
def _parts(ticks: int) -> tuple[int, ...]:
    parts = []
    while ticks > 0:
        parts.append(max(d for d in t.DURATIONS if d <= ticks))
        ticks -= parts[-1]
    return tuple(parts)
