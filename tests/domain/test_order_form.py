"""The form of an order: the twin of the contract's checks, and what makes an order's id."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.orders import Eip712Domain, Source, check_weights, order_id
from contrafact.domain.settlement import units
from contrafact.domain.shares import PPM
from contrafact.domain.terms import Use
from contrafact.errors import InvalidOrder

from .documents import ALICE, BOB, QUOTED, SPLIT
from .strategies import positive_parts

DOMAIN = Eip712Domain(31337, ALICE)
ONE, TWO, COMPOSITION = QUOTED.sources
PLAIN = replace(QUOTED, use=Use.PRIVATE, drift=0)


@pytest.mark.parametrize(
    "fields",
    [
        {"maker": BOB},
        {"duration": 46},
        {"base_rate": 1},
        {"operator_fee": 1},
        {"nonce": 1},
        {"deadline": 191},
        {"drift": 1},
        {"pool_root": bytes(32)},
        {"max_base_share": 1},
        {"sources": (ONE,)},
        {"sources": (ONE, replace(TWO, weight=600_001), COMPOSITION)},
        {"sources": (ONE, replace(TWO, downstream=1), COMPOSITION)},
        {"sources": (ONE, TWO, replace(COMPOSITION, through=1))},
    ],
)
def test_every_term_of_the_deal_changes_the_order_id(fields: dict[str, Any]) -> None:
    assert order_id(replace(QUOTED, **fields), DOMAIN) != order_id(QUOTED, DOMAIN)


def test_an_order_counts_on_one_chain_and_one_contract_only() -> None:
    domains = [DOMAIN, Eip712Domain(1, ALICE), Eip712Domain(31337, BOB)]
    assert len({order_id(QUOTED, domain) for domain in domains}) == 3


def test_a_good_quote_passes_and_its_escrow_covers_the_dearest_outcome() -> None:
    QUOTED.check()
    assert QUOTED.settle(0, [0, PPM]).refunded == 0
    assert QUOTED.escrow == (2**90 + 2**80) * units(45) + 10**15


def test_the_inference_set_is_what_weights_and_shares_are_about() -> None:
    assert QUOTED.inference_set == (ONE, TWO)
    assert QUOTED.through == (2,)


def test_one_source_of_the_whole_weight_is_an_order() -> None:
    replace(QUOTED, sources=(replace(ONE, weight=PPM),)).check()


def test_two_recordings_may_have_one_composition() -> None:
    replace(QUOTED, sources=(ONE, TWO, replace(COMPOSITION, through=1), COMPOSITION)).check()


def test_a_recording_and_its_composition_may_ask_for_all_later_revenue() -> None:
    sources = (ONE, replace(TWO, downstream=600_000), replace(COMPOSITION, downstream=400_000))
    replace(QUOTED, sources=sources).check()


def test_a_live_piece_may_last_four_hours_and_every_other_ten_minutes() -> None:
    replace(QUOTED, duration=14_400).check()
    replace(PLAIN, duration=600).check()


def test_only_a_live_piece_may_end_early() -> None:
    assert QUOTED.takes_duration(45)
    assert QUOTED.takes_duration(1)
    assert not QUOTED.takes_duration(0)
    assert not QUOTED.takes_duration(46)
    assert PLAIN.takes_duration(45)
    assert not PLAIN.takes_duration(44)
    assert not PLAIN.takes_duration(46)


def test_shares_within_the_bounds_are_kept_and_no_others() -> None:
    assert QUOTED.keeps_bounds(400_000, (120_000, 480_000))
    assert QUOTED.keeps_bounds(0, (120_000, 880_000))
    assert not QUOTED.keeps_bounds(400_001, (120_000, 479_999))
    assert not QUOTED.keeps_bounds(0, (119_999, 880_001))
    assert not QUOTED.keeps_bounds(0, (820_001, 179_999))


def with_id(number: int) -> Source:
    return replace(ONE, work_id=number.to_bytes(32, "big"), weight=PPM // 2)


@pytest.mark.parametrize(
    "fields",
    [
        {"sources": ()},
        {"sources": (TWO, ONE)},
        {"sources": (with_id(1), with_id(1))},
        {"sources": (ONE, replace(TWO, weight=599_999))},
        {"sources": (replace(ONE, weight=0), replace(TWO, weight=PPM))},
        {"sources": tuple(replace(with_id(n), weight=PPM // 9 + (n == 1)) for n in range(1, 10))},
        {"duration": 0},
        {"duration": 14_401},
        {"use": Use.PRIVATE},
        {"use": Use.PRIVATE, "drift": 0, "duration": 601},
        {"drift": PPM + 1},
        {"sources": (COMPOSITION,)},
        {"sources": (COMPOSITION, ONE, TWO)},
        {"sources": (ONE, COMPOSITION, TWO)},
        {"sources": (ONE, TWO, replace(COMPOSITION, through=3))},
        {"sources": (ONE, TWO, COMPOSITION, COMPOSITION)},
        {"sources": (ONE, TWO, COMPOSITION, replace(COMPOSITION, through=1))},
        {"sources": (ONE, TWO, replace(COMPOSITION, weight=1))},
        {"sources": (ONE, TWO, replace(COMPOSITION, min_share=1))},
        {"sources": (ONE, replace(TWO, downstream=600_000), replace(COMPOSITION, downstream=400_001))},
        {"max_base_share": PPM + 1},
        {"sources": (replace(ONE, min_share=500_001), replace(TWO, min_share=500_000))},
    ],
)
def test_a_quote_that_the_contract_would_refuse_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidOrder):
        replace(QUOTED, **fields).check()


@given(positive_parts(st.integers(1, 8)))
def test_positive_weights_that_sum_to_one_are_taken(weights: list[int]) -> None:
    check_weights(weights)


@given(st.lists(st.integers(-PPM, 2 * PPM), max_size=9))
def test_other_weights_are_refused(weights: list[int]) -> None:
    if 1 <= len(weights) <= 8 and min(weights) > 0 and sum(weights) == PPM:
        check_weights(weights)
        return
    with pytest.raises(InvalidOrder):
        check_weights(weights)


def test_a_split_root_is_part_of_the_deal() -> None:
    other = replace(ONE, split_root=bytes(32))
    assert ONE.split_root == SPLIT.root
    assert order_id(replace(QUOTED, sources=(other, TWO, COMPOSITION)), DOMAIN) != order_id(QUOTED, DOMAIN)
