"""Opening a live piece: the order verified, the model and the sound ready."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from contrafact.domain.digests import to_hex
from contrafact.domain.generation import MusicRequest
from contrafact.errors import InvalidOrder, OrderClosed
from contrafact.order.live import playing
from contrafact.order.live.book import LAST_CALL, LiveBook
from contrafact.order.verification import SourceFormReader, VerifiedOrder, verify
from contrafact.ports import ContentStore, Generator, LedgerReader, LiveSound, OrderStatus, Stream


@dataclass(frozen=True, slots=True)
class Players:
    """What live orders are played with; `sound` begins the sound of a piece, `home` is where orders' folders lie."""

    reader: LedgerReader
    store: ContentStore
    generator: Generator
    derive: SourceFormReader
    sound: Callable[[MusicRequest], LiveSound]
    home: Path


@dataclass(frozen=True, slots=True)
class Opened:
    """A piece before its first bar. `until`: the time, monotonic, at which it ends whoever listens."""

    order: VerifiedOrder
    stream: Stream
    sound: LiveSound
    until: float

    @property
    def music(self) -> MusicRequest:
        return self.order.signed.music


def open_piece(players: Players, book: LiveBook) -> Opened:
    """The piece of an order, begun in its book.

    Raises InvalidOrder for an order that is not live, OrderClosed for one that is not to be played (any more), and
    what `verify` and the generator raise.
    """
    reader, order_id = players.reader, book.folder.order_id
    if not book.is_live:
        raise InvalidOrder("The order is not a live one.", "Its piece is made by itself; follow its progress.")
    now = reader.timestamp()
    _require_open(reader.order_status(order_id), book, now)
    order = verify(book.signed, order_id, reader, players.store, players.derive)
    if book.salt not in (None, order.funded.maker_salt):
        book.folder.set_aside()  # what was played for a payment that a reorganisation took back
    stream = players.generator.stream(playing.request_of(order, book.folder.read("secret")))
    book.begin(order.funded.maker_salt)
    until = time.monotonic() + book.signed.quote.deadline - LAST_CALL - now
    return Opened(order, stream, players.sound(order.signed.music), until)


def _require_open(status: OrderStatus, book: LiveBook, now: int) -> None:
    name = to_hex(book.folder.order_id)
    if status is not OrderStatus.FUNDED:
        raise OrderClosed(f"Order {name} is not paid, or settled already.", "Look at the order: it says how it stands.")
    if book.is_due(now):
        raise OrderClosed(f"Live order {name} is over.", "It is being settled for what was played.")
