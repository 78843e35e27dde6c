"""When the bars of a live piece are made: a little before they sound, and not while nobody listens."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from contrafact.domain.generation import TICKS_PER_QUARTER, MusicRequest


@dataclass(frozen=True, slots=True)
class Pace:
    """Times in seconds. Bars are made `lead` before they sound; `park`: without a listener the piece leaves memory."""

    lead: float = 2.0
    park: float = 120.0


def seconds_at(music: MusicRequest, bar: int) -> float:
    """When a bar begins, from the piece's start."""
    return bar * music.bar_ticks * 60 / (music.tempo * TICKS_PER_QUARTER)


class PlayClock:
    """What a listener hears now, as far as can be known from here: it plays on, and waits for a bar that is late.

    `clock` in seconds, monotonic.
    """

    def __init__(self, music: MusicRequest, lead: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._music, self._lead, self._clock = music, lead, clock
        self._zero: float | None = None

    def wait(self, bar: int) -> float:
        """Seconds until it is time to make the bar; 0 where it is."""
        if self._zero is None:
            return 0.0
        return max(0.0, self._zero + seconds_at(self._music, bar) - self._lead - self._clock())

    def made(self, bar: int) -> None:
        """The bar is there. Where it came late, the listener hears it from now on."""
        latest = self._clock() - seconds_at(self._music, bar)
        self._zero = latest if self._zero is None else max(self._zero, latest)
