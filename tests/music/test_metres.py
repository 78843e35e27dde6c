"""Tunes in other metres: the same notes under other bar lines."""

from __future__ import annotations

import pytest
import tiny
from hypothesis import given
from hypothesis import strategies as st

from contrafact.music import tokens as t
from contrafact.music.metres import meeting, rebarred
from contrafact.music.score import Metre

pairs = [(a, b) for a in t.METRES for b in meeting(a)]


@given(st.sampled_from(pairs), st.integers(0, 99), st.integers(1, 9))
def test_a_tune_keeps_its_notes_and_fills_its_bars(pair: tuple[tuple[int, int], ...], seed: int, bars: int) -> None:
    source, target = Metre(*pair[0]), Metre(*pair[1])
    body = tiny.tune(seed, bars=bars, metre=source).body
    moved = rebarred(body, source, target)
    assert all(sum(event.duration for event in bar) == target.ticks for bar in moved)
    before = [event for bar in body for event in bar]
    after = [event for bar in moved for event in bar if event.pitch is not None]
    assert [event.pitch for event in before] == [event.pitch for event in after]


@given(st.sampled_from(pairs))
def test_meeting_is_mutual(pair: tuple[tuple[int, int], ...]) -> None:
    assert pair[0] in meeting(pair[1])


def test_a_note_over_a_new_bar_line_is_struck_again() -> None:
    bar = (t.Event(0, 36), t.Event(4, 24), t.Event(7, 36))
    assert rebarred([bar], Metre(4, 4), Metre(2, 4)) == (
        (t.Event(0, 36), t.Event(4, 12)),
        (t.Event(4, 12), t.Event(7, 36)),
    )


def test_metres_of_other_beats_do_not_meet() -> None:
    for one, other in [((6, 8), (3, 4)), ((4, 4), (6, 8)), ((6, 8), (9, 8)), ((3, 2), (6, 4))]:
        assert other not in meeting(one)
        with pytest.raises(ValueError, match="do not meet"):
            rebarred([], Metre(*one), Metre(*other))


@pytest.mark.parametrize("metre", t.METRES)
def test_a_source_form_comes_along_with_its_pick_up_left_out(metre: tuple[int, int]) -> None:
    form = tiny.tune(1, bars=6, metre=Metre(*metre))
    for other in meeting(metre):
        assert form.in_metre(Metre(*other)).metre == Metre(*other)
