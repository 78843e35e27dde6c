"""Quotes as documents, and the twin of the contract's checks on an order."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.orders import Eip712Domain, Source, check_weights, order_id
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.settlement import settle, units
from contrafact.domain.shares import PPM
from contrafact.domain.terms import Terms
from contrafact.errors import InvalidInput, InvalidOrder

from .documents import ALICE, BOB, MUSIC, QUOTED, SPLIT, TERMS
from .strategies import amounts, positive_parts, terms

DOMAIN = Eip712Domain(31337, ALICE)
ONE, TWO = QUOTED.sources


@given(st.lists(terms, max_size=3), st.binary(min_size=65, max_size=65), amounts, amounts)
def test_a_signed_quote_comes_back_from_its_document(
    versions: list[Terms], signature: bytes, rate: int, fee: int
) -> None:
    quote = replace(QUOTED, base_rate=rate, operator_fee=fee)
    signed = SignedQuote(quote, signature, tuple(versions), MUSIC)
    assert SignedQuote.from_bytes(signed.to_bytes()) == signed


@pytest.mark.parametrize(
    "fields",
    [
        {"maker": "bob"},
        {"operator": ""},
        {"token": ALICE + "00"},
        {"base_rate": 2**128},
        {"operator_fee": 2**128},
        {"duration": 2**32},
        {"nonce": 2**256},
        {"sources": (replace(ONE, price=2**128), TWO)},
        {"sources": (replace(ONE, weight=2**32), TWO)},
    ],
)
def test_a_quote_that_no_contract_can_hold_is_refused_where_it_comes_in(fields: dict[str, Any]) -> None:
    signed = SignedQuote(replace(QUOTED, **fields), bytes(65), (TERMS,), MUSIC)
    with pytest.raises(InvalidOrder, match="fit the contract"):
        SignedQuote.from_bytes(signed.to_bytes())


@pytest.mark.parametrize(
    "fields", [{"max_weight": 2**32}, {"training_price": 2**128}, {"prices": (replace(TERMS.prices[0], token="x"),)}]
)
def test_terms_that_no_contract_can_hold_are_refused_where_they_come_in(fields: dict[str, Any]) -> None:
    signed = SignedQuote(QUOTED, bytes(65), (replace(TERMS, **fields),), MUSIC)
    with pytest.raises(InvalidOrder, match="fit the contract"):
        SignedQuote.from_bytes(signed.to_bytes())


@pytest.mark.parametrize("money", ["-1", "1.0", "01", "", " 1", "1e3", "٣", "0x1", "1_000", 1, None])
def test_money_that_is_not_a_plain_decimal_string_is_refused(money: object) -> None:
    document = json.loads(SignedQuote(QUOTED, bytes(65), (TERMS,), MUSIC).to_bytes())
    document["quote"]["operator_fee"] = money
    with pytest.raises(InvalidInput):
        SignedQuote.from_bytes(json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())


@pytest.mark.parametrize(
    "fields",
    [
        {"maker": BOB},
        {"duration": 46},
        {"base_rate": 1},
        {"operator_fee": 1},
        {"nonce": 1},
        {"deadline": 191},
        {"max_base_share": 1},
        {"sources": (ONE,)},
        {"sources": (ONE, replace(TWO, weight=600_001))},
    ],
)
def test_every_term_of_the_deal_changes_the_order_id(fields: dict[str, Any]) -> None:
    assert order_id(replace(QUOTED, **fields), DOMAIN) != order_id(QUOTED, DOMAIN)


def test_an_order_counts_on_one_chain_and_one_contract_only() -> None:
    domains = [DOMAIN, Eip712Domain(1, ALICE), Eip712Domain(31337, BOB)]
    assert len({order_id(QUOTED, domain) for domain in domains}) == 3


def test_a_good_quote_passes_and_its_escrow_covers_the_dearest_outcome() -> None:
    QUOTED.check()
    dearest = settle(QUOTED.prices, QUOTED.base_rate, QUOTED.operator_fee, QUOTED.duration, [0, PPM], 0)
    assert dearest.refunded == 0
    assert QUOTED.escrow == 2**100 * units(45) + 10**15


def test_one_source_of_the_whole_weight_is_an_order() -> None:
    replace(QUOTED, sources=(replace(ONE, weight=PPM),)).check()


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
        {"duration": 601},
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
    assert order_id(replace(QUOTED, sources=(other, TWO)), DOMAIN) != order_id(QUOTED, DOMAIN)
