"""Three views of who is in a piece: as parts of a whole, and where they agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.opinions import Opinions
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidInput

NAMES = ("Ash", "Birch", "Cedar")
SHARES = {"0xa": 400_000, "0xb": 250_000, "0xc": 150_000}  # with 200,000 of base


def views(
    heard: tuple[float, ...] = (0.6, 0.3, 0.1), scores: tuple[float, ...] | str = (3.0, 2.0, 1.0), **more: object
) -> Opinions:
    return Opinions.of(SHARES, heard, scores, **more)


def test_every_view_is_of_the_sources_alone_and_sums_to_the_whole() -> None:
    found = views()
    assert found.sources == ("0xa", "0xb", "0xc")
    assert found.exact == (500_000, 312_500, 187_500)
    assert found.heard == (600_000, 300_000, 100_000)
    assert found.gradients == (500_000, 333_333, 166_667)


parts = st.lists(st.floats(1e-6, 1e6), min_size=3, max_size=3).map(tuple)
shares = st.lists(st.integers(0, PPM), min_size=3, max_size=3).filter(any)


@given(shares, parts, st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3))
def test_parts_sum_exactly_and_correlations_stay_within_one(
    exact: list[int], heard: tuple[float, ...], scores: list[float]
) -> None:
    found = Opinions.of(dict(zip("abc", exact, strict=True)), heard, scores)
    for view in (found.exact, found.heard, found.gradients):
        assert view is None or (sum(view) == PPM and min(view) >= 0)
    assert (found.gradients is None) == (max(scores) <= 0)
    for correlation in (found.heard_correlation, found.gradients_correlation):
        assert correlation is None or abs(correlation) <= 1 + 1e-9


def test_scores_below_zero_count_for_nothing() -> None:
    assert views(scores=(-1.0, 3.0, 1.0)).gradients == (0, 750_000, 250_000)


@pytest.mark.parametrize("scores", [(0.0, -1.0, -2.0), (0.0, 0.0, 0.0)])
def test_gradients_of_which_none_is_above_zero_say_nothing(scores: tuple[float, ...]) -> None:
    found = views(scores=scores)
    assert found.gradients is found.gradients_correlation is found.firsts[2] is None
    assert not found.agree
    assert found.in_words(NAMES) == (
        "By share and sound Ash is first; the gradients say nothing (no score is above zero)."
    )


def test_gradients_that_cannot_be_had_say_why() -> None:
    found = views(heard=(0.1, 0.8, 0.1), scores="another model made the piece")
    assert found.in_words(NAMES) == (
        "By share Ash is first, by sound Birch; the gradients say nothing (another model made the piece)."
    )
    assert found.to_dict()["silence"] == "another model made the piece"


@pytest.mark.parametrize(
    ("heard", "scores", "firsts", "said"),
    [
        ((0.6, 0.3, 0.1), (3, 2, 1), (0, 0, 0), "All three name Ash first."),
        ((0.1, 0.8, 0.1), (3, 2, 1), (0, 1, 0), "By share and gradients Ash is first, by sound Birch."),
        ((0.1, 0.8, 0.1), (1, 3, 1), (0, 1, 1), "By share Ash is first, by sound and gradients Birch."),
        ((0.1, 0.8, 0.1), (1, 2, 3), (0, 1, 2), "By share Ash is first, by sound Birch, by gradients Cedar."),
    ],
)
def test_it_is_said_who_is_first_by_which_view(
    heard: tuple[float, ...], scores: tuple[float, ...], firsts: tuple[int, ...], said: str
) -> None:
    found = views(heard, scores)
    assert (found.firsts, found.agree, found.in_words(NAMES)) == (firsts, len(set(firsts)) == 1, said)


def test_of_equals_the_earlier_one_is_first() -> None:
    assert views(heard=(0.4, 0.4, 0.2)).firsts[1] == 0


def test_rank_correlations_are_with_the_exact_shares() -> None:
    found = views(heard=(0.1, 0.3, 0.6), scores=(2.0, 3.0, 1.0))
    assert found.heard_correlation == pytest.approx(-1)
    assert found.gradients_correlation == pytest.approx(0.5)
    assert views(heard=(0.6, 0.2, 0.2)).heard_correlation == pytest.approx(0.75**0.5)


def test_rank_correlations_are_told_of_the_views_that_say_something() -> None:
    assert views(scores=(2.0, 3.0, 1.0)).correlations_in_words() == (
        "Rank correlation with the shares: 1.00 by sound, 0.50 by gradients."
    )
    silent = views(heard=(0.1, 0.3, 0.6), scores=(-1.0, -1.0, -1.0))
    assert silent.correlations_in_words() == "Rank correlation with the shares: -1.00 by sound."


def test_two_sources_have_no_rank_correlation() -> None:
    found = Opinions.of({"0xa": 1, "0xb": 3}, (0.2, 0.8), (1.0, 2.0))
    assert found.heard_correlation is found.gradients_correlation is None
    assert found.correlations_in_words() == ""
    assert found.agree


def test_of_one_source_there_is_nothing_to_tell_apart() -> None:
    assert Opinions.of({"0xa": 5}, (1.0,), (1.0,)).in_words(NAMES).startswith("It has one source only")


def test_windows_without_a_source_are_not_counted() -> None:
    found = views(windows=((0, 0), (1, 0), (None, 2), (2, 2)))
    assert found.windows_agree == (True, False, None, True)
    assert found.windows_in_words() == "Sound and shares name the same source first in 2 of 3 windows of four seconds."
    assert views(windows=((None, 1),)).windows_in_words() == ""


def test_a_piece_without_any_of_its_sources_has_no_shares_to_compare() -> None:
    with pytest.raises(InvalidInput):
        Opinions.of({"0xa": 0, "0xb": 0}, (0.5, 0.5), (1.0, 1.0))
