"""When the bars of a live piece are made: as late as their listener allows, and not for one who is gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contrafact.domain.generation import MusicRequest
from contrafact.order.live.pace import UNHEARD, Pace, PlayClock, seconds_at

MUSIC = MusicRequest(240, 120, 0, "major", (4, 4))
BAR = seconds_at(MUSIC, 1)


class Listening:
    """A page that plays what it gets, without a gap where it can; `now` is simulated time."""

    def __init__(self) -> None:
        self.now, self.bar, self.end = 100.0, 0, 0.0
        self.clock = PlayClock(MUSIC, Pace(), lambda: self.now)

    def hear(self, bars: int, making: float) -> list[float]:
        """How much sound was left when each bar came."""
        left = []
        for _ in range(bars):
            self.now += self.clock.wait(self.bar)
            self.clock.begun(self.bar)
            self.now += making
            self.clock.made(self.bar)
            left.append(max(0.0, self.end - self.now))
            self.clock.asked(self.bar, left[-1])
            self.end = max(self.end, self.now) + BAR
            self.bar += 1
        return left


def test_bars_come_just_before_they_are_needed_and_sooner_again_once_one_took_long() -> None:
    page = Listening()
    assert BAR == 2.0
    soon = page.hear(40, making=0.2)
    assert min(soon[1:]) > 0.3
    assert page.clock.lead < 0.7 < Pace().lead
    assert page.hear(1, making=1.5) == [0.0]  # a gap
    after = page.hear(50, making=0.2)
    assert page.clock.lead < 0.7
    assert min(after) > 0.3
    page.hear(1, making=1.0)
    assert min(page.hear(4, making=1.0)) > 0.0  # the next ones may take as long


def test_a_pause_leaves_nothing_ahead_of_time() -> None:
    page = Listening()
    page.hear(40, making=0.2)
    for _ in range(3):
        page.now += 60
        page.end += 60  # what was set sounds afterwards
        left = page.hear(3, making=0.2)
    assert left[-1] < 0.7


def test_no_more_bars_are_made_for_a_listener_who_stopped_asking() -> None:
    page = Listening()
    page.hear(3, making=0.2)
    for bar in range(3, 3 + UNHEARD):
        page.now += page.clock.wait(bar)
        page.clock.made(bar)
    assert page.clock.wait(3 + UNHEARD) == float("inf")
    page.clock.joined()  # it is back
    page.now += 3600
    assert page.clock.wait(3 + UNHEARD) == 0.0
    page.clock.made(3 + UNHEARD)
    assert page.clock.wait(4 + UNHEARD) == pytest.approx(BAR - page.clock.lead)  # it gets no heap of bars
    assert page.clock.lead < BAR


def test_who_never_asks_for_a_sound_gets_bars_two_seconds_ahead() -> None:
    page = Listening()
    page.clock.made(0)
    assert page.clock.wait(1) == 0.0
    slow = replace(MUSIC, tempo=60)
    clock = PlayClock(slow, Pace(), lambda: page.now)
    clock.made(0)
    assert clock.wait(1) == seconds_at(slow, 1) - Pace().lead
