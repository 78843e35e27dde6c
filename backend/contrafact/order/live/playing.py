"""Playing again what was played: the same bars, since they follow from seed, sources and weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from contrafact.domain import seeds
from contrafact.domain.generation import GenerationRequest
from contrafact.errors import ContentMismatch
from contrafact.order.live.book import PlayedBar
from contrafact.order.verification import VerifiedOrder
from contrafact.ports import Stream

ATTEMPT = 0
"""There is one attempt at a live piece: it was heard, so that no other can take its place."""


def request_of(order: VerifiedOrder, secret: bytes) -> GenerationRequest:
    """What the piece is generated from."""
    quote = order.signed.quote
    seed = seeds.seed(order.funded.order_id, order.funded.maker_salt, secret, ATTEMPT)
    return GenerationRequest(order.sources, order.signed.music, seed, quote.max_base_share)


def next_bar(stream: Stream, bar: int, weights: tuple[int, ...]) -> PlayedBar:
    """The next bar of a piece, made with these weights."""
    stream.steer(weights)
    notes = next(stream)
    base_share, shares = stream.shares()
    return PlayedBar(bar, weights, notes, base_share, shares)


def again(stream: Stream, played: Iterable[PlayedBar]) -> Iterator[PlayedBar]:
    """Plays what was played, bar after bar. Raises ContentMismatch where this machine gives other notes."""
    for kept in played:
        made = next_bar(stream, kept.bar, kept.weights)
        if made != kept:
            text = f"Bar {kept.bar} of the live piece is not the one that was played."
            raise ContentMismatch(text, "It was played with another model or on another machine: settle it there.")
        yield made
