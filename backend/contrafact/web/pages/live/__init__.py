"""The page of a live order: its maker hears it while it is made, and moves the weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.steering import ranges
from contrafact.domain.terms import Use
from contrafact.errors import ContrafactError, NotFound
from contrafact.ports import OrderStatus
from contrafact.read_model import OrderRow
from contrafact.web.money import Purse
from contrafact.web.orders import order_row, settlement
from contrafact.web.pages.serving import PageRoute, page
from contrafact.web.schemas.fields import Money
from contrafact.web.services import Services, services_of
from contrafact.web.works import row_of

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as the page names it; weights in ppm."""

    place: int
    title: str | None
    weight: int
    lowest: int
    highest: int
    price: Money


@router.get("/live/{order}")
def live(order: str, request: Request) -> Response:
    """The piece of a live order, to be played."""
    services = services_of(request)
    try:
        row = order_row(services, from_hex(order.lower()))
    except ContrafactError as error:
        if not isinstance(error, NotFound) and error.code != "invalid_input":
            raise
        return page(request, "live/none.html.j2", area="studio", status=404, title="No such order", order=None)
    if row.quote.use is not Use.LIVE:
        return page(request, "live/none.html.j2", area="studio", title="Not a live piece", order=to_hex(row.order_id))
    if _is_over(row, services):
        return page(request, "live/over.html.j2", area="studio", title="Over", **_outcome(row, services))
    return page(request, "live/live.html.j2", area="studio", wide=True, title="Live", **_told(row, services))


def _is_over(row: OrderRow, services: Services) -> bool:
    if row.status in (OrderStatus.COMMITTED, OrderStatus.REFUNDED):
        return True
    return services.live is not None and services.live.book(row.order_id).ended is not None


def _outcome(row: OrderRow, services: Services) -> dict[str, Any]:
    """What came of a piece that is over; `cost` is None before it is settled."""
    money, due = Purse(row.quote.token, services.currency), settlement(row)
    return {
        "order": to_hex(row.order_id),
        "refunded": row.status is OrderStatus.REFUNDED,
        "seconds": row.quote.duration,
        "played": row.commit.duration if row.commit else None,
        "cost": money(row.escrowed - due.refunded) if due else None,
        "escrow": money(row.escrowed),
    }


def _told(row: OrderRow, services: Services) -> dict[str, Any]:
    """What everybody may know of the order."""
    quote, money = row.quote, Purse(row.quote.token, services.currency)
    works = [row_of(services, source.work_id) for source in quote.inference_set]
    rows = zip(quote.inference_set, works, ranges(quote), strict=True)
    return {
        "order": to_hex(row.order_id),
        "maker": quote.maker,
        "seconds": quote.duration,
        "escrow": money(quote.escrow),
        "fee": money(quote.operator_fee),
        "base_rate": money(quote.base_rate),
        "sources": [
            SourceRow(place, work.title if work else None, source.weight, low, high, money(source.price))
            for place, (source, work, (low, high)) in enumerate(rows, start=1)
        ],
    }
