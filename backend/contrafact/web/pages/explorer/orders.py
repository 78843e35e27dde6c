"""The page of orders; one order has a page of its own elsewhere."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from contrafact.domain.digests import from_hex
from contrafact.errors import InvalidInput
from contrafact.ports import OrderStatus
from contrafact.read_model import Listing, OrderQuery, OrderRow, Page
from contrafact.web.pages.explorer.views import STATUS, filled, order_line
from contrafact.web.pages.serving import PageRoute, page
from contrafact.web.services import Given

router = APIRouter(include_in_schema=False, route_class=PageRoute)
ROWS = 25


@router.get("/orders")
def orders(request: Request, services: Given) -> Response:
    """Orders, newest first."""
    asked, problem = filled(request.query_params), None
    found: Listing[OrderRow] = Listing((), None)
    try:
        found = services.read_model.orders(_query(asked), Page(ROWS, asked.get("after")))
    except InvalidInput as error:
        problem = error
    return page(
        request, "explorer/orders.html.j2", area="explorer", title="Orders", wide=True,
        orders=[order_line(row, services) for row in found.rows],
        asked=asked, following=found.following, problem=problem,
        states={name: words for name, (_, words) in STATUS.items() if name != "none"},
    )  # fmt: skip


def _query(asked: dict[str, str]) -> OrderQuery:
    """Raises InvalidInput for a status, an address or an id that is none."""
    status = asked.get("status")
    if status is not None and status not in set(OrderStatus):
        raise InvalidInput(f"{status!r} is no status of an order.", f"Choose of: {', '.join(OrderStatus)}.")
    return OrderQuery(
        maker=asked.get("maker"),
        operator=asked.get("operator"),
        work_id=from_hex(asked["work"]) if "work" in asked else None,
        status=OrderStatus(status) if status else None,
    )
