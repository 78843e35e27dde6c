"""The page of an order: for its maker, for the holders of its sources, and for whoever checks."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from contrafact.domain.digests import from_hex
from contrafact.errors import NotFound
from contrafact.web.auth import sessions
from contrafact.web.orders import order_row
from contrafact.web.pages.named import own_names
from contrafact.web.pages.order.audited import audited
from contrafact.web.pages.order.challenged import challenged
from contrafact.web.pages.order.claims import claims
from contrafact.web.pages.order.having import having
from contrafact.web.pages.order.later import later
from contrafact.web.pages.order.receipt import receipt
from contrafact.web.pages.order.sankey import NARROW, WIDE, sankey
from contrafact.web.pages.order.standing import standing
from contrafact.web.pages.serving import PageRoute, page
from contrafact.web.services import Given, Services

router = APIRouter(include_in_schema=False, route_class=PageRoute)
_ID = re.compile(r"0x[0-9a-f]{64}")


@router.get("/orders/{order}")
def get_order_page(order: str, request: Request, services: Given) -> Response:
    """One order, from the moment it is paid; in words where there is none."""
    try:
        return _order(order.lower(), request, services)
    except NotFound as error:
        told = {"message": error.message, "hint": error.hint}
        return page(request, "order/missing.html.j2", status=404, area="explorer", title="No such order", **told)


def _order(order: str, request: Request, services: Services) -> Response:
    if not _ID.fullmatch(order):
        raise NotFound(
            "This is not the id of an order.", "An id is 0x and 64 digits or letters from a to f; copy it whole."
        )
    row = order_row(services, from_hex(order))
    stands = standing(row, services)
    caller, paid = sessions.find(request), receipt(row, services)
    is_mine = caller is not None and caller.wallet.lower() == row.quote.maker.lower()
    values: dict[str, Any] = {
        "stands": stands,
        "receipt": paid,
        "pictures": {"wide": sankey(paid, WIDE), "narrow": sankey(paid, NARROW)} if paid.is_settled else {},
        "is_mine": is_mine,
        "readers": services.desk.readers(row.order_id) if is_mine and services.desk else (),
        "having": having(row, services, caller) if stands.is_finished else None,
        "later": later(row, services) if stands.is_finished else None,
        "claims": claims(row, paid, services) if paid.is_settled else None,
        "own": own_names(services),
        "audited": audited(order, services),
        "challenged": challenged(row, services),
    }
    area = "studio" if is_mine else "explorer"
    return page(request, "order/order.html.j2", area=area, title=paid.title, wide=True, **values)
