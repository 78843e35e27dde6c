"""From what was played of a live order to the attempt that it is settled with."""

from __future__ import annotations

from collections.abc import Callable

from contrafact.domain import events
from contrafact.domain.digests import to_hex
from contrafact.domain.generation import MusicRequest
from contrafact.domain.settlement import SECONDS_PER_UNIT
from contrafact.errors import BoundsNotKept, Busy
from contrafact.order.attempt import Attempt
from contrafact.order.live import playing
from contrafact.order.live.book import Ended, LiveBook
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
    played = book.played()
    if (ended := book.ended) is None:
        ended = _ended_now(order.signed.music, len(played))
        book.end(ended.bars, ended.why)
    for bar in playing.again(stream, played):
        on_bar(bar.bar + 1, ended.bars)
    for number in range(len(played), ended.bars):
        book.add(playing.next_bar(stream, number, order.weights))
        on_bar(number + 1, ended.bars)
    return attempt_of(order, stream)


def attempt_of(order: VerifiedOrder, stream: Stream) -> Attempt:
    """What a stream has played. Raises BoundsNotKept."""
    generation = stream.generation()
    if not order.signed.quote.keeps_bounds(*events.shares(generation.events)):
        text = f"What was played of live order {to_hex(order.funded.order_id)} does not keep the order's bounds."
        raise BoundsNotKept(text, "The maker is refunded after the deadline; quote again: new live orders have none.")
    return Attempt(playing.ATTEMPT, generation, order.funded.maker_salt)


def _ended_now(music: MusicRequest, played: int) -> Ended:
    """How a piece ends that is not over. If nobody came, it is as long as the shortest time that is paid for."""
    if played:
        return Ended(played, "left" if played < music.bars else "whole")
    paid = (bars for bars in range(music.bars, 0, -1) if music.started_seconds(bars) <= SECONDS_PER_UNIT)
    return Ended(next(paid, 1), "unplayed")
