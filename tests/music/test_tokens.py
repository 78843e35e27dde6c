from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.music import tokens as t
from contrafact.music.score import Metre

events = st.builds(t.Event, st.none() | st.integers(t.LOWEST, t.HIGHEST), st.sampled_from(t.DURATIONS))
bars = st.lists(st.lists(events, max_size=6).map(tuple), min_size=1, max_size=5).map(tuple)


@given(bars)
def test_bars_are_read_back_as_written(written: tuple[t.BarOfEvents, ...]) -> None:
    assert t.read_bars(list(t.write_bars(written))) == written


def test_every_token_means_one_thing() -> None:
    named = [t.PAD, t.END, t.BAR, t.REST]
    named += [t.mode_token(mode) for mode in t.MODES]
    named += [t.metre_token(Metre(*metre)) for metre in t.METRES]
    named += [t.pitch_token(pitch) for pitch in range(t.LOWEST, t.HIGHEST + 1)]
    named += [t.duration_token(ticks) for ticks in t.DURATIONS]
    assert sorted(named) == list(range(t.VOCABULARY))


@pytest.mark.parametrize("tokens", [[t.REST], [t.BAR, t.END], [t.BAR, t.REST], [t.BAR, t.REST, t.BAR], [t.PAD]])
def test_tokens_that_are_no_bars_are_refused(tokens: list[int]) -> None:
    with pytest.raises(ValueError, match="token"):
        t.read_bars(tokens)


def test_places_tell_the_tick_the_bar_and_the_bars_to_come() -> None:
    bar = (t.Event(0, 24), t.Event(None, 12), t.Event(4, 36))
    laid = t.sequence("minor", Metre(6, 8), [bar] * 2, first=7, total=9)
    assert laid.ticks.tolist() == [0, 0, *[0, 0, 24, 24, 36, 36, 72] * 2, 0]
    assert laid.bars.tolist() == [7, 7, *[7] * 7, *[0] * 7, 1]
    assert laid.left.tolist() == [2, 2, *[1] * 7, *[0] * 7, 0]


def test_an_excerpt_is_laid_out_as_it_is_in_the_whole() -> None:
    whole = [(t.Event(i, 72),) for i in range(6)]
    all_of_it = t.sequence("major", Metre(6, 8), whole)
    part = t.sequence("major", Metre(6, 8), whole[2:], first=2, total=6)
    for name in ("tokens", "ticks", "bars", "left"):
        assert getattr(part, name)[2:].tolist() == getattr(all_of_it, name)[8:].tolist()
