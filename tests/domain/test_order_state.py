"""The one word that the escrow stores for an order."""

from __future__ import annotations

from dataclasses import replace

from eth_abi import encode
from eth_hash.auto import keccak
from hypothesis import given

from contrafact.domain.commits import Commit
from contrafact.domain.history import Funded
from contrafact.domain.order_state import REFUNDED, committed_word, funded_word
from contrafact.domain.terms import Use

from .documents import QUOTED, digest
from .strategies import commits, digests, uses

ORDER = Funded(digest("order"), QUOTED, digest("salt"), QUOTED.escrow, 1, "0x")


def bits(word: bytes) -> int:
    return int.from_bytes(word)


def deal_hash(order: bytes, salt: bytes) -> bytes:
    """keccak256(abi.encode(orderId, makerSalt, maker, operatorWord, token, escrowed))"""
    word = int(QUOTED.operator, 16) | QUOTED.valid_until << 160 | QUOTED.deadline << 200
    rest = (int(QUOTED.maker, 16), word, int(QUOTED.token, 16), QUOTED.escrow)
    return keccak(order + salt + b"".join(number.to_bytes(32) for number in rest))


@given(digests, digests)
def test_a_funded_order_is_the_hash_of_its_deal(order: bytes, salt: bytes) -> None:
    word = funded_word(replace(ORDER, order_id=order, maker_salt=salt))
    assert bits(word) >> 2 == bits(deal_hash(order, salt)) >> 2
    assert bits(word) & 3 == 0b10


@given(commits, uses)
def test_a_committed_order_is_the_hash_of_deal_commit_and_use(commit: Commit, use: Use) -> None:
    result = keccak(encode(["bytes32", "bytes32", "bytes32", "uint256"], commit.to_abi()))
    expected = keccak(deal_hash(ORDER.order_id, ORDER.maker_salt) + result + int(use).to_bytes(32, "big"))
    word = committed_word(ORDER, commit, use)
    assert bits(word) >> 2 == bits(expected) >> 2
    assert bits(word) & 3 == 0b11


@given(commits)
def test_the_use_is_the_orders_until_it_is_raised(commit: Commit) -> None:
    assert committed_word(ORDER, commit) == committed_word(ORDER, commit, QUOTED.use)
    assert committed_word(ORDER, commit) != committed_word(ORDER, commit, Use.PRIVATE)


def test_a_refunded_order_is_one() -> None:
    assert bits(REFUNDED) == 1
