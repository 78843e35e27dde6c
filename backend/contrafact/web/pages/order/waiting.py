"""Whether a paid live piece waits for its maker to play it, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contrafact.ports import OrderStatus
from contrafact.read_model import OrderRow
from contrafact.web.schemas.fields import time
from contrafact.web.services import Services


@dataclass(frozen=True, slots=True)
class Waiting:
    """`is_begun`: some of it was played. If nobody plays, it ends by itself at `until`."""

    is_begun: bool
    until: datetime


def waiting(row: OrderRow, services: Services) -> Waiting | None:
    """None for an order that is not live, not offered here, not paid, or over."""
    if services.live is None or row.status is not OrderStatus.FUNDED:
        return None
    book = services.live.book(row.order_id)
    if not book.folder.has("quote.json") or not book.is_live or book.is_due(int(services.clock())):
        return None
    return Waiting(book.salt is not None, time(int(book.waits_until())))
