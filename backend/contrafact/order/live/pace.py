"""When the bars of a live piece are made: a little before they sound, and not while nobody listens."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from contrafact.domain.generation import TICKS_PER_QUARTER, MusicRequest

UNHEARD = 2
"""Bars that are made although nobody asked for their sound, where the listener does ask: it may be gone."""
_FIRST, _LONGEST, _DECAY = 1.0, 3.0, 0.95


@dataclass(frozen=True, slots=True)
class Pace:
    """Times in seconds. Bars are made `lead` before they sound; where the listener says when they do, as long before
    as the slowest one took lately, and half as much more, at least `spare`. `park`: after as long without
    a listener who hears it, the piece leaves memory.
    """

    lead: float = 2.0
    park: float = 120.0
    spare: float = 0.35


def seconds_at(music: MusicRequest, bar: int) -> float:
    """When a bar begins, from the piece's start."""
    return bar * music.bar_ticks * 60 / (music.tempo * TICKS_PER_QUARTER)


class PlayClock:
    """What a listener hears now, as it says itself, or as far as can be known from here: it plays on, and waits for a
    bar that is late. `clock` in seconds, monotonic.
    """

    def __init__(self, music: MusicRequest, pace: Pace, clock: Callable[[], float] = time.monotonic) -> None:
        self._music, self._pace, self._clock = music, pace, clock
        self._zero: float | None = None
        self._begun: dict[int, float] = {}
        self._longest = _FIRST
        self._asked: int | None = None
        self.lead = pace.lead

    def wait(self, bar: int) -> float:
        """Seconds until it is time to make the bar; 0 where it is, infinity where earlier ones are not asked for."""
        if self._zero is None:
            return 0.0
        if self._asked is not None and bar > self._asked + UNHEARD:
            return float("inf")
        return max(0.0, self._zero + seconds_at(self._music, bar) - self.lead - self._clock())

    def begun(self, bar: int) -> None:
        """The bar is under way."""
        self._begun = {bar: self._clock()}

    def made(self, bar: int) -> None:
        """The bar is there. Where it came late, the listener hears it from now on."""
        latest = self._clock() - seconds_at(self._music, bar)
        self._zero = latest if self._zero is None else max(self._zero, latest)

    def asked(self, bar: int, left: float) -> None:
        """A listener asks for a bar's sound, and could have done so `left` seconds later without a gap.

        The lead follows: it grows at once with a bar that took long from its beginning to here, and shrinks slowly.
        """
        now = self._clock()
        if self._asked is None or bar > self._asked:
            self._asked = bar
            self._zero = now + left - seconds_at(self._music, bar)
        if (begun := self._begun.pop(bar, None)) is not None:
            self._longest = min(max(now - begun, self._longest * _DECAY), _LONGEST)
            self.lead = self._longest + max(self._pace.spare, self._longest / 2)

    def joined(self) -> None:
        """Somebody begins to listen, who may never ask for a sound: what was known of others holds no more.

        The next bar is due, and those after it once that one is asked for, or in time.
        """
        self._asked, self._zero = None, None
