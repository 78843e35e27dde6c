"""Packed words: nothing is lost, nothing is cut, and every field lies where the contracts look for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_abi import decode, encode
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.allow_list import EVERYBODY
from contrafact.domain.commits import Commit
from contrafact.domain.licences import licence_hash, licence_word
from contrafact.domain.orders import Quote, Source
from contrafact.domain.terms import NATIVE, Terms, TokenPrice, Use
from contrafact.errors import InvalidInput

from .documents import ALICE, BOB, LISTED, QUOTED, TERMS, digest
from .strategies import commits, digests, quotes, sources, terms, up_to

QUOTE_ABI = "(uint256,uint256,uint256,uint256,bytes32,bytes32,bytes32,bytes32,(bytes32,bytes32,uint256)[])"
COMMIT_ABI = "(bytes32,bytes32,bytes32,uint256)"
COMMIT = Commit(digest("id"), digest("record"), digest("output"), digest("events"), 45, 100_000, (300_000, 600_000))
(SOURCE, *_) = QUOTED.sources


def placed(*parts: tuple[int, int]) -> int:
    """The word with each value at its bit."""
    return sum(value << at for value, at in parts)


# Terms


@given(terms)
def test_terms_come_back_from_their_words(version: Terms) -> None:
    words = version.to_words()
    assert all(len(word) == 32 for word in words)
    back = Terms.from_words(words)
    assert back.to_words() == words
    assert back.with_list(version.allow) == version


@given(terms, terms)
def test_different_terms_have_different_words(a: Terms, b: Terms) -> None:
    same = replace(a, allow=EVERYBODY) == replace(b, allow=EVERYBODY) and a.allow.same(b.allow)
    assert (a.to_words() == b.to_words()) == same


def test_each_part_of_the_terms_lies_in_its_bits() -> None:
    scope, first, second, *_, root = LISTED.to_words()
    flags = 0b111111  # training, inference, combinable, approval, operators, models
    times = ((100, 64), (200, 104), (10**9, 144))
    assert int.from_bytes(scope) == placed((flags, 0), (0b1001, 8), (800_000, 16), (50_000, 40), *times, (5, 184))
    assert int.from_bytes(first) == placed((int(ALICE, 16), 0), (1, 160))
    assert int.from_bytes(second) == placed((2, 0), (3, 80), (4, 160))
    assert root == LISTED.allow.root


@pytest.mark.parametrize(("flag", "bit"), [("training", 0), ("inference", 1), ("combinable", 2), ("approval", 3)])
def test_each_flag_has_a_bit_of_its_own(flag: str, bit: int) -> None:
    changes: dict[str, Any] = {flag: True}
    (word,) = replace(Terms.opted_out(), **changes).to_words()
    assert int.from_bytes(word) == 1 << bit


def test_opted_out_terms_are_one_empty_word() -> None:
    assert Terms.opted_out().to_words() == (bytes(32),)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"max_weight": 2**24}, "highest weight"),
        ({"max_weight": -1}, "highest weight"),
        ({"downstream": 2**24}, "downstream"),
        ({"valid_from": 2**40}, "valid from"),
        ({"valid_until": 2**40}, "valid until"),
        ({"sunset": 2**40}, "sunset"),
        ({"training_price": 2**72}, "training price"),
        ({"prices": (TokenPrice(NATIVE, (2**80, 0, 0, 0)),)}, "private price"),
        ({"prices": (TokenPrice(NATIVE, (0, 2**80, 0, 0)),)}, "commercial price"),
        ({"prices": (TokenPrice(NATIVE, (0, 0, 2**80, 0)),)}, "broadcast price"),
        ({"prices": (TokenPrice(NATIVE, (0, 0, 0, -1)),)}, "live price"),
        ({"prices": (TokenPrice("dollar", (0, 0, 0, 0)),)}, "address"),
    ],
)
def test_terms_that_no_word_holds_are_refused_by_name(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        replace(TERMS, **changes).to_words()


@pytest.mark.parametrize(
    "words",
    [
        (),
        (bytes(32), bytes(32)),
        ((1 << 6).to_bytes(32),),
        ((1 << 7).to_bytes(32),),
        ((1 << 12).to_bytes(32),),
        ((1 << 4).to_bytes(32),),
        ((1 << 5).to_bytes(32), bytes(32), bytes(32)),
        (bytes(32), (1 << 240).to_bytes(32), bytes(32)),
        (bytes(32), bytes(32), (1 << 255).to_bytes(32)),
    ],
)
def test_words_that_are_no_terms_are_refused(words: tuple[bytes, ...]) -> None:
    with pytest.raises(InvalidInput):
        Terms.from_words(words)


@given(digests, terms, up_to(40))
def test_a_licence_is_the_hash_of_split_and_terms_with_its_second(root: bytes, version: Terms, since: int) -> None:
    words = version.to_words()
    packed = keccak(root + b"".join(words))
    number = licence_word(root, words, since)
    assert number == (int.from_bytes(packed) << 40 & 2**256 - 1) | since
    assert licence_hash(root, words) == packed[5:]


def test_a_second_beyond_forty_bits_is_no_licence() -> None:
    with pytest.raises(InvalidInput, match="since"):
        licence_word(bytes(32), (), 2**40)


# Orders


@given(quotes)
def test_a_quote_comes_back_from_the_contracts_struct(quote: Quote) -> None:
    assert Quote.from_abi(quote.to_abi()) == quote
    (decoded,) = decode([QUOTE_ABI], encode([QUOTE_ABI], [quote.to_abi()]))
    assert Quote.from_abi(decoded) == quote


@given(sources)
def test_each_part_of_a_source_lies_in_its_bits(source: Source) -> None:
    work, root, pinned = source.to_abi()
    parts = ((source.price, 0), (source.terms_version, 96), (source.weight, 128), (source.min_share, 152))
    assert pinned == placed(*parts, (source.downstream, 176), (source.through, 200))
    assert (work, root) == (source.work_id, source.split_root)


@given(quotes)
def test_each_part_of_a_quote_lies_in_its_bits(quote: Quote) -> None:
    maker, operator, token, amounts, *digests, _ = quote.to_abi()
    assert maker == placed((int(quote.maker, 16), 0), (quote.use, 160), (quote.duration, 168), (quote.drift, 200))
    assert operator == placed((int(quote.operator, 16), 0), (quote.valid_until, 160), (quote.deadline, 200))
    assert token == placed((int(quote.token, 16), 0), (quote.max_base_share, 160), (quote.nonce, 184))
    assert amounts == placed((quote.base_rate, 0), (quote.operator_fee, 96))
    assert digests == [quote.model_id, quote.pool_root, quote.request_digest, quote.seed_commitment]


@pytest.mark.parametrize(
    "changes",
    [
        {"duration": 2**32},
        {"drift": 2**24},
        {"valid_until": 2**40},
        {"deadline": 2**40},
        {"max_base_share": 2**24},
        {"nonce": 2**64},
        {"nonce": -1},
        {"base_rate": 2**96},
        {"operator_fee": 2**96},
        {"maker": "bob"},
        {"operator": "0x1234"},
        {"token": ALICE + "00"},
        {"sources": (replace(SOURCE, price=2**96),)},
        {"sources": (replace(SOURCE, terms_version=2**32),)},
        {"sources": (replace(SOURCE, weight=2**24),)},
        {"sources": (replace(SOURCE, min_share=2**24),)},
        {"sources": (replace(SOURCE, downstream=2**24),)},
        {"sources": (replace(SOURCE, through=2**8),)},
    ],
)
def test_a_quote_that_no_word_holds_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        replace(QUOTED, **changes).to_abi()


@pytest.mark.parametrize(("at", "bit"), [(0, 224), (1, 240), (2, 248), (3, 192)])
def test_a_quote_with_spare_bits_is_refused(at: int, bit: int) -> None:
    struct: list[Any] = list(QUOTED.to_abi())
    struct[at] |= 1 << bit
    with pytest.raises(InvalidInput):
        Quote.from_abi(struct)


def test_a_source_with_spare_bits_is_refused() -> None:
    work, root, pinned = SOURCE.to_abi()
    with pytest.raises(InvalidInput):
        Source.from_abi((work, root, pinned | 1 << 208))


def test_a_quote_for_a_use_that_does_not_exist_is_refused() -> None:
    struct: list[Any] = list(replace(QUOTED, use=Use.PRIVATE).to_abi())
    struct[0] |= 4 << 160
    with pytest.raises(InvalidInput, match="use"):
        Quote.from_abi(struct)


# Commits


@given(commits)
def test_a_commit_comes_back_from_the_contracts_struct(commit: Commit) -> None:
    (struct,) = decode([COMMIT_ABI], encode([COMMIT_ABI], [commit.to_abi()]))
    assert Commit.from_abi(struct, commit.order_id, len(commit.shares)) == commit


@given(commits)
def test_each_share_lies_in_its_bits(commit: Commit) -> None:
    *_, word = commit.to_abi()
    shares = [(share, 24 + 24 * i) for i, share in enumerate(commit.shares)]
    assert word == placed((commit.base_share, 0), *shares, (commit.duration, 216))


@pytest.mark.parametrize(
    "changes",
    [{"base_share": 2**24}, {"shares": (2**24,)}, {"shares": (-1,)}, {"duration": 2**32}, {"shares": (1,) * 9}],
)
def test_a_commit_that_no_word_holds_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        replace(COMMIT, **changes).to_abi()


def test_shares_for_more_works_than_the_order_has_are_refused() -> None:
    with pytest.raises(InvalidInput, match="more than 1"):
        Commit.from_abi(COMMIT.to_abi(), COMMIT.order_id, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"record_digest": digest("other")},
        {"output_digest": digest("other")},
        {"evidence_root": digest("other")},
        {"duration": 44},
        {"base_share": 1},
        {"shares": (300_000, 600_001)},
    ],
)
def test_everything_that_is_committed_changes_the_struct(changes: dict[str, Any]) -> None:
    assert replace(COMMIT, **changes).to_abi() != COMMIT.to_abi()


@given(st.sampled_from([ALICE, BOB, NATIVE]))
def test_addresses_come_back_as_they_are_written(address: str) -> None:
    assert Quote.from_abi(replace(QUOTED, maker=address).to_abi()).maker == address
