"""How an escrow is divided, and what comes after: raises, later revenue, and the penalty of a refund."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.settlement import (
    MAX_LIVE_DURATION,
    Rates,
    Settlement,
    downstream,
    escrow,
    longest,
    raised,
    refund_penalty,
    settle,
    units,
)
from contrafact.domain.shares import PPM
from contrafact.domain.terms import Use
from contrafact.errors import InvalidInput

from .strategies import amounts, parts

durations = st.integers(1, MAX_LIVE_DURATION)
prices = amounts | st.integers(0, 100)


@dataclass(frozen=True)
class Deal:
    """An order's rates and duration, with the shares of its inference set."""

    rates: Rates
    duration: int
    shares: tuple[int, ...]
    base_share: int

    @property
    def all_shares(self) -> list[int]:
        return [*self.shares, *(self.shares[place - 1] for place in self.rates.through)]

    def settle(self, committed: int | None = None) -> Settlement:
        return settle(self.rates, self.duration, self.shares, self.base_share, committed)


@st.composite
def deals(draw: st.DrawFn) -> Deal:
    count = draw(st.integers(1, 8))
    through = tuple(sorted(draw(st.sets(st.integers(1, count)))))
    costs = tuple(draw(prices) for _ in range(count + len(through)))
    base_share, *shares = draw(parts(count + 1))
    return Deal(Rates(costs, draw(amounts), draw(amounts), through), draw(durations), tuple(shares), base_share)


@given(deals())
def test_parts_sum_to_the_escrow_and_none_is_negative(deal: Deal) -> None:
    result = deal.settle()
    assert result.total == escrow(deal.rates, deal.duration)
    assert min(*result.sources, result.pool, result.operator_fee, result.refunded) >= 0
    assert result.operator_fee == deal.rates.operator_fee


@given(deals())
def test_each_source_gets_its_price_times_share_rounded_down(deal: Deal) -> None:
    result, count = deal.settle(), units(deal.duration)
    for price, share, paid in zip(deal.rates.prices, deal.all_shares, result.sources, strict=True):
        assert paid * PPM <= price * count * share < (paid + 1) * PPM
    exact = deal.rates.base_rate * count * deal.base_share
    assert result.pool * PPM <= exact < (result.pool + 1) * PPM


@given(deals())
def test_the_escrow_is_what_the_dearest_outcome_costs(deal: Deal) -> None:
    """Each work alone, with its composition, and the base alone: the dearest of them leaves nothing."""
    wholly = [tuple(PPM * (i == k) for i in range(len(deal.shares))) for k in range(len(deal.shares))]
    outcomes = [replace(deal, shares=shares, base_share=0) for shares in wholly]
    outcomes.append(replace(deal, shares=(0,) * len(deal.shares), base_share=PPM))
    assert min(outcome.settle().refunded for outcome in outcomes) == 0


@given(deals(), st.integers(0, PPM))
def test_a_larger_share_never_earns_a_source_less(deal: Deal, moved: int) -> None:
    moved = min(moved, deal.base_share)
    shares = (deal.shares[0] + moved, *deal.shares[1:])
    before = deal.settle()
    after = replace(deal, shares=shares, base_share=deal.base_share - moved).settle()
    assert after.sources[0] >= before.sources[0]
    assert after.sources[1 : len(shares)] == before.sources[1 : len(shares)]
    assert after.pool <= before.pool


def test_a_recording_and_its_composition_are_each_paid_its_own_price() -> None:
    rates = Rates((100, 200, 30), 0, 0, (2,))
    assert escrow(rates, 30) == 230
    assert settle(rates, 30, [PPM // 4, 3 * PPM // 4], 0) == Settlement((25, 150, 22), 0, 0, 33)


@given(amounts, amounts, durations)
def test_a_piece_wholly_of_the_dearest_source_costs_its_price_and_nothing_returns(
    price: int, fee: int, duration: int
) -> None:
    result = settle(Rates((price,), 0, fee), duration, [PPM], 0)
    assert (result.sources, result.pool, result.refunded) == ((price * units(duration),), 0, 0)


@given(deals())
def test_a_longer_piece_never_costs_less(deal: Deal) -> None:
    longer = min(deal.duration + 30, MAX_LIVE_DURATION)
    assert escrow(deal.rates, longer) >= escrow(deal.rates, deal.duration)


@given(deals(), st.data())
def test_a_piece_that_ends_early_is_paid_for_what_was_played(deal: Deal, data: st.DataObject) -> None:
    played = data.draw(st.integers(1, deal.duration))
    result, short = deal.settle(played), replace(deal, duration=played).settle()
    assert (result.sources, result.pool) == (short.sources, short.pool)
    assert result.total == escrow(deal.rates, deal.duration)


def test_a_piece_longer_than_paid_for_is_refused() -> None:
    with pytest.raises(InvalidInput, match="46"):
        settle(Rates((1,), 0, 0), 45, [PPM], 0, 46)


# Durations


@pytest.mark.parametrize(
    ("seconds", "count"), [(1, 1), (30, 1), (31, 2), (60, 2), (599, 20), (600, 20), (601, 21), (14_400, 480)]
)
def test_each_started_thirty_seconds_count(seconds: int, count: int) -> None:
    assert units(seconds) == count


@pytest.mark.parametrize("seconds", [0, -1, 14_401, 10**9])
def test_other_durations_are_refused(seconds: int) -> None:
    with pytest.raises(InvalidInput, match=str(seconds)):
        units(seconds)


def test_only_live_pieces_last_longer_than_ten_minutes() -> None:
    assert {use: longest(use) for use in Use} == {
        Use.PRIVATE: 600, Use.COMMERCIAL: 600, Use.BROADCAST: 600, Use.LIVE: 14_400
    }  # fmt: skip


# What is refused


@pytest.mark.parametrize(
    ("shares", "base"),
    [([PPM], 1), ([PPM - 1], 0), ([], PPM), ([PPM, 0], 0), ([PPM + 1], -1), ([-1], PPM + 1)],
)
def test_shares_that_are_not_the_whole_are_refused(shares: list[int], base: int) -> None:
    with pytest.raises(InvalidInput):
        settle(Rates((100,), 100, 0), 30, shares, base)


@pytest.mark.parametrize("place", [0, 2, -1])
def test_a_composition_of_no_recording_is_refused(place: int) -> None:
    rates = Rates((100, 10), 0, 0, (place,))
    with pytest.raises(InvalidInput, match="composition"):
        escrow(rates, 30)
    with pytest.raises(InvalidInput, match="composition"):
        settle(rates, 30, [PPM], 0)


# After the settlement


@given(deals(), st.data())
def test_a_raise_pays_each_source_up_to_its_new_price(deal: Deal, data: st.DataObject) -> None:
    wider = tuple(data.draw(prices) for _ in deal.rates.prices)
    paid = deal.settle().sources
    new = settle(replace(deal.rates, prices=wider), deal.duration, deal.shares, deal.base_share).sources
    due = raised(deal.rates, wider, deal.duration, deal.shares)
    assert [a + b for a, b in zip(paid, due, strict=True)] == [max(a, b) for a, b in zip(paid, new, strict=True)]


def test_a_raise_to_the_same_prices_costs_nothing() -> None:
    rates = Rates((100, 30), 0, 0, (1,))
    assert raised(rates, (100, 30), 45, [PPM]) == (0, 0)
    assert raised(rates, (150, 20), 45, [PPM]) == (100, 0)


@given(amounts, deals(), st.data())
def test_later_revenue_is_divided_wholly_and_the_rest_is_the_makers(
    amount: int, deal: Deal, data: st.DataObject
) -> None:
    percentages = [data.draw(st.integers(0, PPM)) for _ in deal.rates.prices]
    result = downstream(amount, deal.shares, percentages, deal.rates.through)
    for share, percentage, paid in zip(deal.all_shares, percentages, result.sources, strict=True):
        assert paid * PPM**2 <= amount * share * percentage < (paid + 1) * PPM**2
    assert result.maker + sum(result.sources) == amount


def test_a_work_with_half_the_share_and_a_tenth_of_revenue_gets_a_twentieth() -> None:
    result = downstream(1_000, [PPM // 2, PPM // 4], [PPM // 10, 0, PPM // 5], (1,))
    assert (result.sources, result.maker) == ((50, 0, 100), 850)


@given(amounts)
def test_a_refund_costs_the_operator_a_tenth(escrowed: int) -> None:
    assert refund_penalty(escrowed) == escrowed // 10
