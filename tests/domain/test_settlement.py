"""How an escrow is divided."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.settlement import MAX_DURATION, escrow, settle, units
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidInput

from .strategies import amounts, parts

durations = st.integers(1, MAX_DURATION)


@st.composite
def deals(draw: st.DrawFn) -> tuple[list[int], int, int, int, list[int], int]:
    """Prices, base rate, fee, duration, shares, base share."""
    count = draw(st.integers(1, 8))
    prices = draw(st.lists(amounts | st.integers(0, 100), min_size=count, max_size=count))
    base_share, *shares = draw(parts(count + 1))
    return prices, draw(amounts), draw(amounts), draw(durations), shares, base_share


@given(deals())
def test_parts_sum_to_the_escrow_and_none_is_negative(deal: tuple[list[int], int, int, int, list[int], int]) -> None:
    prices, base_rate, fee, duration, shares, base_share = deal
    result = settle(prices, base_rate, fee, duration, shares, base_share)
    assert result.total == escrow(prices, base_rate, fee, duration)
    assert min(*result.sources, result.pool, result.operator_fee, result.refunded) >= 0
    assert result.operator_fee == fee


@given(deals())
def test_each_source_gets_its_price_times_share_rounded_down(
    deal: tuple[list[int], int, int, int, list[int], int],
) -> None:
    prices, base_rate, fee, duration, shares, base_share = deal
    result = settle(prices, base_rate, fee, duration, shares, base_share)
    for price, share, paid in zip(prices, shares, result.sources, strict=True):
        exact = price * units(duration) * share
        assert paid * PPM <= exact < (paid + 1) * PPM
    exact = base_rate * units(duration) * base_share
    assert result.pool * PPM <= exact < (result.pool + 1) * PPM


@given(deals(), st.integers(0, PPM))
def test_a_larger_share_never_earns_a_source_less(
    deal: tuple[list[int], int, int, int, list[int], int], moved: int
) -> None:
    prices, base_rate, fee, duration, shares, base_share = deal
    moved = min(moved, base_share)
    before = settle(prices, base_rate, fee, duration, shares, base_share)
    after = settle(prices, base_rate, fee, duration, [shares[0] + moved, *shares[1:]], base_share - moved)
    assert after.sources[0] >= before.sources[0]
    assert after.sources[1:] == before.sources[1:]
    assert after.pool <= before.pool


@given(amounts, amounts, durations)
def test_a_piece_wholly_of_the_dearest_source_costs_its_price_and_nothing_returns(
    price: int, fee: int, duration: int
) -> None:
    result = settle([price], 0, fee, duration, [PPM], 0)
    assert (result.sources, result.pool, result.refunded) == ((price * units(duration),), 0, 0)


@given(deals())
def test_a_longer_piece_never_costs_less(deal: tuple[list[int], int, int, int, list[int], int]) -> None:
    prices, base_rate, fee, duration, _, _ = deal
    longer = min(duration + 30, MAX_DURATION)
    assert escrow(prices, base_rate, fee, longer) >= escrow(prices, base_rate, fee, duration)


@pytest.mark.parametrize(("seconds", "count"), [(1, 1), (30, 1), (31, 2), (60, 2), (599, 20), (600, 20)])
def test_each_started_thirty_seconds_count(seconds: int, count: int) -> None:
    assert units(seconds) == count


@pytest.mark.parametrize("seconds", [0, -1, 601, 10**9])
def test_other_durations_are_refused(seconds: int) -> None:
    with pytest.raises(InvalidInput, match=str(seconds)):
        units(seconds)


@pytest.mark.parametrize(
    ("shares", "base"),
    [([PPM], 1), ([PPM - 1], 0), ([], PPM), ([PPM, 0], 0), ([PPM + 1], -1), ([-1], PPM + 1)],
)
def test_shares_that_are_not_the_whole_are_refused(shares: list[int], base: int) -> None:
    with pytest.raises(InvalidInput):
        settle([100], 100, 0, 30, shares, base)
