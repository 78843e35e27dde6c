"""The largest remainder rule."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.shares import PPM, default_min_share, largest_remainder
from contrafact.errors import InvalidInput

numbers = st.lists(st.integers(0, 3) | st.integers(0, 10**30), min_size=1, max_size=9).filter(any)
totals = st.integers(0, 50) | st.just(PPM)


@given(numbers, totals)
def test_shares_sum_to_the_total(parts: list[int], total: int) -> None:
    assert sum(largest_remainder(parts, total)) == total


@given(numbers, totals)
def test_each_share_is_its_quota_rounded_up_or_down(parts: list[int], total: int) -> None:
    for part, share in zip(parts, largest_remainder(parts, total), strict=True):
        assert abs(share - Fraction(part * total, sum(parts))) < 1


@given(numbers, totals)
def test_what_is_rounded_up_has_the_largest_remainders_and_ties_go_to_the_lower_index(
    parts: list[int], total: int
) -> None:
    shares = largest_remainder(parts, total)
    quotas = [Fraction(part * total, sum(parts)) for part in parts]
    ranks = [(-(quota - quota.__floor__()), i) for i, quota in enumerate(quotas)]
    up = [rank for rank, quota, share in zip(ranks, quotas, shares, strict=True) if share > quota.__floor__()]
    down = [rank for rank, quota, share in zip(ranks, quotas, shares, strict=True) if share == quota.__floor__()]
    assert not up or not down or max(up) < min(down)


@given(numbers, st.integers(1, 1000))
def test_only_proportions_matter(parts: list[int], factor: int) -> None:
    assert largest_remainder([part * factor for part in parts]) == largest_remainder(parts)


@given(numbers)
def test_nothing_gets_nothing(parts: list[int]) -> None:
    assert all(share == 0 for part, share in zip(parts, largest_remainder(parts), strict=True) if part == 0)


def test_equal_parts_of_a_million_favour_the_first() -> None:
    assert largest_remainder([1, 1, 1]) == (333_334, 333_333, 333_333)


def test_it_is_not_monotone_in_the_total() -> None:
    """Why it is never used on running totals of money: the third loses when the total grows."""
    assert largest_remainder([60, 29, 11], 22) == (13, 6, 3)
    assert largest_remainder([60, 29, 11], 23) == (14, 7, 2)


@pytest.mark.parametrize("parts", [[], [0], [0, 0], [1, -1], [5, -1], [-1]])
def test_parts_that_cannot_be_shared_are_refused(parts: list[int]) -> None:
    with pytest.raises(InvalidInput):
        largest_remainder(parts)


@given(st.lists(st.integers(1, PPM), min_size=1, max_size=8), st.integers(0, PPM))
def test_default_lowest_shares_leave_room_for_the_highest_base(raw: list[int], max_base: int) -> None:
    weights = largest_remainder(raw)
    lowest = [default_min_share(weight, max_base) for weight in weights]
    assert all(0 <= low <= weight for low, weight in zip(lowest, weights, strict=True))
    assert 2 * sum(lowest) <= PPM - max_base
