"""How far the weights of a live order may move."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.orders import Quote, Source
from contrafact.domain.shares import PPM, largest_remainder
from contrafact.domain.steering import ranges, require_within
from contrafact.domain.terms import Use
from contrafact.errors import InvalidOrder

ADDRESS = "0x" + "11" * 20


def quoted(weights: list[int], drift: int) -> Quote:
    sources = tuple(Source(bytes([i]) * 32, 1, bytes(32), weight, 0, 1) for i, weight in enumerate(weights))
    return Quote(
        maker=ADDRESS, operator=ADDRESS, model_id=bytes(32), pool_root=bytes(32), token=ADDRESS, use=Use.LIVE,
        duration=60, drift=drift, request_digest=bytes(32), seed_commitment=bytes(32), base_rate=1, operator_fee=1,
        max_base_share=PPM, valid_until=1, deadline=2, nonce=1, sources=sources,
    )  # fmt: skip


weights_of_some = st.lists(st.integers(1, 1000), min_size=1, max_size=8).map(
    lambda parts: list(largest_remainder(parts))
)


@given(weights_of_some, st.integers(0, PPM), st.data())
def test_each_source_can_be_moved_to_both_of_its_bounds_and_no_further(
    weights: list[int], drift: int, data: st.DataObject
) -> None:
    quote = quoted(weights, drift)
    bounds = ranges(quote)
    place = data.draw(st.integers(0, len(weights) - 1))
    for bound in bounds[place]:
        moved = _with(weights, bounds, place, bound)
        require_within(quote, moved)
        assert all(abs(a - b) <= drift for a, b in zip(moved, weights, strict=True))
    beyond = [*weights]
    beyond[place] = bounds[place][1] + 1
    beyond[place - 1] -= beyond[place] - weights[place] if len(weights) > 1 else 0
    with pytest.raises(InvalidOrder, match=r"moved further|sum to"):
        require_within(quote, beyond)


def test_a_weight_that_is_missing_or_too_much_is_refused_with_the_bounds() -> None:
    quote = quoted([600_000, 400_000], 100_000)
    for wrong in ([PPM], [600_000, 400_001], [750_000, 250_000]):
        with pytest.raises(InvalidOrder) as refused:
            require_within(quote, wrong)
        assert "500000 to 700000, 300000 to 500000" in refused.value.hint
    require_within(quote, [500_000, 500_000])
    require_within(replace(quote, drift=0), [600_000, 400_000])


def _with(weights: list[int], bounds: tuple[tuple[int, int], ...], place: int, weight: int) -> list[int]:
    """The weights with one of them moved there, and the others as far as they must be."""
    moved = [*weights]
    moved[place], missing = weight, weights[place] - weight
    for other, (low, high) in enumerate(bounds):
        if other != place:
            step = max(low - moved[other], min(high - moved[other], missing))
            moved[other] += step
            missing -= step
    return moved
