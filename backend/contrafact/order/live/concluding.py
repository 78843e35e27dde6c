"""From what was played of a live order to the attempt that it is settled with."""

from __future__ import annotations

from collections.abc import Callable

from contrafact.domain import events
from contrafact.domain.digests import to_hex
from contrafact.domain.settlement import SECONDS_PER_UNIT
from contrafact.errors import BoundsNotKept, Busy
from contrafact.order.attempt import Attempt
from contrafact.order.live import playing
from contrafact.order.live.book import LiveBook
from contrafact.order.verification import VerifiedOrder
from contrafact.ports import Generator, Stream

OnBar = Callable[[int, int], None]


def concluded(order: VerifiedOrder, book: LiveBook, generator: Generator, now: int, on_bar: OnBar) -> Attempt:
    """What was played, as an attempt. A piece that nobody began, or came back to, ends here; the chain's time is `now`.

    Raises Busy while it is still to be played, BoundsNotKept where its shares are not those that the order demands,
    and ContentMismatch as `playing.again` does.
    """
    if book.salt not in (None, order.funded.maker_salt):
        book.folder.set_aside()  # what was played for a payment that a reorganisation took back
    if not book.is_due(now):
        text = f"Live order {to_hex(book.folder.order_id)} is still to be played."
        raise Busy(text, "Its maker begins and ends it; it is settled for what was played, at the latest in time.")
    stream = generator.stream(playing.request_of(order, book.folder.read("secret")))
    played, ended = book.played(), book.ended
    for bar in playing.again(stream, played):
        on_bar(bar.bar + 1, len(played))
    if not played:
        _play_first(order, stream, on_bar)
    elif ended is None:
        book.end(len(played), "left" if len(played) < stream.bars else "whole")
    return attempt_of(order, stream)


def attempt_of(order: VerifiedOrder, stream: Stream) -> Attempt:
    """What a stream has played. Raises BoundsNotKept."""
    generation = stream.generation()
    if not order.signed.quote.keeps_bounds(*events.shares(generation.events)):
        text = f"What was played of live order {to_hex(order.funded.order_id)} does not keep the order's bounds."
        raise BoundsNotKept(text, "The maker is refunded after the deadline; quote again: new live orders have none.")
    return Attempt(playing.ATTEMPT, generation, order.funded.maker_salt)


def _play_first(order: VerifiedOrder, stream: Stream, on_bar: OnBar) -> None:
    """Nobody came: the piece is as long as the shortest time that is paid for."""
    music = order.signed.music
    weights = tuple(source.weight for source in order.signed.quote.inference_set)
    bars = next((n for n in range(music.bars, 0, -1) if music.started_seconds(n) <= SECONDS_PER_UNIT), 1)
    for bar in range(bars):
        playing.next_bar(stream, bar, weights)
        on_bar(bar + 1, bars)
