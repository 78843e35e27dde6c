"""Orders: where they stand, and the record of what was made."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from contrafact.domain.digests import from_hex
from contrafact.ports import OrderStatus
from contrafact.read_model import OrderQuery
from contrafact.web import conditional
from contrafact.web.errors import answers
from contrafact.web.hearing import record_of
from contrafact.web.orders import order_row, summaries, whole
from contrafact.web.paging import Paged
from contrafact.web.schemas.fields import Address, Digest, Listed
from contrafact.web.schemas.orders import Order, OrderSummary, StatusName
from contrafact.web.services import Given

router = APIRouter(prefix="/v1/orders", tags=["orders"])


@router.get("", responses=answers(404))
def list_orders(
    services: Given,
    page: Paged,
    maker: Annotated[Address | None, Query()] = None,
    operator: Annotated[Address | None, Query()] = None,
    work: Annotated[Digest | None, Query()] = None,
    status: Annotated[StatusName | None, Query()] = None,
) -> Listed[OrderSummary]:
    """Orders, newest first."""
    query = OrderQuery(maker, operator, from_hex(work) if work else None, OrderStatus(status) if status else None)
    found = services.read_model.orders(query, page)
    return Listed(rows=summaries(found.rows, services), following=found.following)


@router.get("/{order}", responses=answers(304, 404))
def get_order(order: Digest, services: Given, request: Request, response: Response) -> Order:
    """An order: what the chain says, where the work on it stands, and how money would come back."""
    return conditional.kept(request, response, whole(order_row(services, from_hex(order)), services))


@router.get("/{order}/record", responses={**answers(304, 404, 451), 200: {"content": {"application/json": {"schema": {
    "type": "object", "title": "AttributionRecord", "description": "The canonical document `contrafact/record/4`.",
    "examples": [{"schema": "contrafact/record/4"}]}}}}}, response_class=Response)  # fmt: skip
def get_order_record(order: Digest, services: Given, request: Request) -> Response:
    """The attribution record, byte for byte as its digest on the chain says."""
    row = order_row(services, from_hex(order))
    data = record_of(services, row).to_bytes()
    response = Response(data, media_type="application/json")
    assert row.commit is not None
    cache = conditional.IMMUTABLE if row.confirmed else conditional.REVALIDATE
    conditional.fresh(request, response, conditional.tag_of_digest(row.commit.record_digest), cache)
    return response
