"""Quotes as documents: what comes back, what is refused, and what funding needs beyond them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.orders import Quote
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.terms import Terms
from contrafact.errors import InvalidInput, InvalidOrder, NotPermitted

from .documents import ALICE, LISTED, MUSIC, QUOTE, QUOTED, TERMS
from .strategies import digests, quotes, terms

ONE, TWO, COMPOSITION = QUOTED.sources

signatures = st.binary(min_size=65, max_size=65)


@given(quotes, st.lists(terms, max_size=3), signatures, st.dictionaries(digests, signatures, max_size=3))
def test_a_signed_quote_comes_back_from_its_document(
    quote: Quote, versions: list[Terms], signature: bytes, approvals: dict[bytes, bytes]
) -> None:
    signed = SignedQuote(quote, signature, tuple(versions), MUSIC, approvals)
    assert SignedQuote.from_bytes(signed.to_bytes()) == signed


@pytest.mark.parametrize(
    "fields",
    [
        {"maker": "bob"},
        {"operator": ""},
        {"token": ALICE + "00"},
        {"base_rate": 2**96},
        {"operator_fee": 2**96},
        {"duration": 2**32},
        {"nonce": 2**64},
        {"sources": (replace(ONE, price=2**96), TWO)},
        {"sources": (replace(ONE, weight=2**24), TWO)},
    ],
)
def test_a_quote_that_no_contract_can_hold_is_refused_where_it_comes_in(fields: dict[str, Any]) -> None:
    signed = SignedQuote(replace(QUOTED, **fields), bytes(65), (TERMS,), MUSIC)
    with pytest.raises(InvalidOrder, match="fit the contract"):
        SignedQuote.from_bytes(signed.to_bytes())


@pytest.mark.parametrize(
    "fields", [{"max_weight": 2**24}, {"training_price": 2**72}, {"prices": (replace(TERMS.prices[0], token="x"),)}]
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


@pytest.mark.parametrize("signature", ["", "ab", "0xAB", "0x1", "0xzz", "0X00", 5, None])
@pytest.mark.parametrize("place", ["signature", "approvals"])
def test_a_signature_that_is_not_plain_hex_is_refused(place: str, signature: object) -> None:
    document = json.loads(QUOTE)
    document[place] = signature if place == "signature" else {"0x" + "11" * 32: signature}
    with pytest.raises(InvalidInput):
        SignedQuote.from_bytes(json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())


def test_each_source_that_asks_for_something_gets_a_grant() -> None:
    signed = SignedQuote.from_bytes(QUOTE)  # the second source lists operators and models, and asks for approval
    (grant,) = signed.grants()
    assert grant.to_abi() == (
        list(LISTED.allow.operator_proof(QUOTED.operator)),
        list(LISTED.allow.model_proof(QUOTED.model_id)),
        bytes(range(65)),
    )
    assert signed.words == (TERMS.to_words(), LISTED.to_words(), TERMS.to_words())


def test_sources_that_ask_for_nothing_get_no_grant() -> None:
    assert SignedQuote(QUOTED, b"", (TERMS,) * 3, MUSIC).grants() == ()


def test_an_approval_that_nobody_asked_for_is_not_sent() -> None:
    listed = replace(LISTED, approval=False)
    (grant,) = SignedQuote(QUOTED, b"", (TERMS, listed, TERMS), MUSIC, {TWO.work_id: b"x"}).grants()
    assert grant.approval == b""


def test_without_the_licensors_approval_nothing_can_be_funded() -> None:
    signed = SignedQuote(QUOTED, b"", (TERMS, LISTED, TERMS), MUSIC, {ONE.work_id: bytes(65)})
    with pytest.raises(NotPermitted, match=TWO.work_id.hex()):
        signed.grants()


def test_an_operator_that_is_not_listed_cannot_fund() -> None:
    quote = replace(QUOTED, operator="0x" + "11" * 20)
    with pytest.raises(NotPermitted, match="not listed"):
        SignedQuote(quote, b"", (TERMS, LISTED, TERMS), MUSIC, {TWO.work_id: bytes(65)}).grants()
