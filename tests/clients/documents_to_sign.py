"""Typed data to sign: every kind, ordinary values and extremes, for several keys and places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle

from contrafact.domain.certificate_binding import Binding
from contrafact.domain.confirmations import confirmation_message
from contrafact.domain.digests import sha256
from contrafact.domain.orders import (
    Commit,
    Eip712Domain,
    Quote,
    Source,
    approval_message,
    commit_message,
    order_message,
    quote_message,
)
from contrafact.domain.splits import HolderLeaf
from contrafact.domain.terms import Use
from contrafact.domain.token_messages import authorization_message, permit_message
from contrafact.domain.typed_data import TypedData
from tests.domain.documents import ALICE, BOB, QUOTED

# The least key, the greatest, and some between.
KEYS = [
    "0x" + f"{key:064x}" for key in (1, 2**255 + 19, 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364140)
]
DOMAINS = (Eip712Domain(31337, ALICE), Eip712Domain(1, BOB), Eip712Domain(2**53 - 1, "0x" + "00" * 19 + "0A"))
TOKENS = (Eip712Domain(31337, ALICE, "Worthless Test Dollar"), Eip712Domain(1, BOB, "Dollar “ü”", "2"))
MOST = {bits: 2**bits - 1 for bits in (8, 32, 64, 128, 256)}
FULL, EMPTY = b"\xff" * 32, bytes(32)


def source(number: int, price: int = 0) -> Source:
    return Source(sha256(b"%d" % number), number, sha256(b"s"), 125_000, 30_000, price)


def quotes() -> Iterator[Quote]:
    yield QUOTED
    yield replace(QUOTED, sources=())
    yield replace(QUOTED, sources=tuple(source(number, 10**number) for number in range(8)), use=Use.PRIVATE)
    extreme = Source(FULL, MOST[32], FULL, MOST[32], MOST[32], MOST[128], MOST[32], MOST[8])
    numbers = dict.fromkeys(("duration", "drift", "max_base_share"), MOST[32])
    times = dict.fromkeys(("valid_until", "deadline", "nonce"), MOST[64])
    money = dict.fromkeys(("base_rate", "operator_fee"), MOST[128])
    digests = dict.fromkeys(("model_id", "pool_root", "request_digest", "seed_commitment"), FULL)
    yield replace(QUOTED, **numbers, **times, **money, **digests, sources=(extreme,) * 8)
    zeros = dict.fromkeys((*numbers, *times, *money), 0)
    nobody = dict.fromkeys(("maker", "operator", "token"), "0x" + "00" * 20)
    yield replace(QUOTED, **zeros, **nobody, **dict.fromkeys(digests, EMPTY), use=Use.PRIVATE, sources=(source(0),))


def commits() -> Iterator[Commit]:
    yield Commit(sha256(b"o"), sha256(b"r"), sha256(b"a"), sha256(b"e"), 45, 100_000, (400_000, 500_000))
    yield Commit(EMPTY, EMPTY, EMPTY, EMPTY, 0, 0, ())
    yield Commit(FULL, FULL, FULL, FULL, MOST[32], MOST[32], (MOST[32],) * 8)


def _for_the_escrow(domain: Eip712Domain) -> Iterator[TypedData]:
    for quote in quotes():
        yield quote_message(quote, domain)
        yield order_message(quote, sha256(b"salt"), domain)
    for commit in commits():
        yield commit_message(commit, domain)
    for digest in (sha256(b"order"), EMPTY, FULL):
        yield approval_message(digest, sha256(b"work"), domain)
    for index, share in ((0, 1_000_000), (MOST[32], MOST[32])):
        yield confirmation_message(sha256(b"work"), FULL, HolderLeaf(index, BOB, share), domain)
    for time in (0, MOST[64]):
        yield Binding(ALICE, BOB, FULL, domain.chain_id, domain.contract, time, time).message()


def _for_a_token(token: Eip712Domain) -> Iterator[TypedData]:
    for quote in (QUOTED, replace(QUOTED, base_rate=2**90, valid_until=MOST[64], maker=BOB)):
        yield permit_message(quote, ALICE, MOST[256] if quote.maker == BOB else 0, token)
        yield authorization_message(quote, sha256(b"order"), FULL, ALICE, token)


def documents() -> list[tuple[str, TypedData]]:
    """Keys in turn, each with something to sign."""
    messages = [message for domain in DOMAINS for message in _for_the_escrow(domain)]
    messages += [message for token in TOKENS for message in _for_a_token(token)]
    return list(zip(cycle(KEYS), messages))
