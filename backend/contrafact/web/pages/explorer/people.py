"""Pages of those whom the ledger names: operators, and the public part of rights holders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from contrafact.errors import ChainError, NotFound
from contrafact.read_model import OrderQuery, OrderRow, Page, WorkQuery, WorkRow
from contrafact.web.pages.explorer.money import earned_of_works
from contrafact.web.pages.explorer.views import at, filled, money, moneys, order_line
from contrafact.web.pages.serving import PageRoute, page
from contrafact.web.reads.work_views import work_of
from contrafact.web.schemas.fields import Address
from contrafact.web.services import Given, Services

router = APIRouter(include_in_schema=False, route_class=PageRoute)
ROWS, MONTHS = 10, 6


@router.get("/operators")
def operators(request: Request, services: Given) -> Response:
    """Everybody who ever deposited a bond or was paid for making a piece."""
    with services.figures.read(services.read_model) as as_of:
        rows = sorted(as_of.figures.operators.values(), key=lambda each: (-each.paid, each.operator))
        shown = [(each, moneys(services, each.bonds)) for each in rows]
    return page(request, "explorer/operators.html.j2", area="explorer", title="Operators", rows=shown)


@router.get("/operators/{operator}")
def operator(operator: Address, request: Request, services: Given) -> Response:
    """What an operator did, what its bond covers, and its months."""
    with services.figures.read(services.read_model) as as_of:
        figures = as_of.figures
        if operator not in figures.operators:
            raise NotFound(f"{operator} is no operator that this chain knows.", "See /operators for all of them.")
        sums = figures.operators[operator]
        fees = moneys(services, {token: of.fees[operator] for token, of in figures.tokens.items()})
        bonds, challenged = dict(sums.bonds), list(figures.challenged)
    found = services.read_model.orders(OrderQuery(operator=operator), Page(ROWS))
    return page(
        request, "explorer/operator.html.j2", area="explorer", title=f"Operator {operator[:10]}…",
        operator=operator, sums=sums, fees=fees, bonds=_bonds(services, operator, bonds),
        challenged=[order for order in challenged if services.read_model.order(order).quote.operator == operator],
        orders=[order_line(row, services) for row in found.rows], more=found.following is not None,
        months=_months(),
    )  # fmt: skip


@router.get("/holders/{holder}")
def holder(holder: Address, request: Request, services: Given) -> Response:
    """The works that an address has a place in, what each brought it, and orders of them: all of it is public.

    Its statements, which put all of that together, are for itself to read.
    """
    after = filled(request.query_params).get("after")
    found = services.read_model.works(WorkQuery(holder=holder), Page(ROWS * 2, after))
    if not found.rows and not services.read_model.is_holder(holder):
        raise NotFound(f"{holder} holds nothing here.", "Check the address; a place is known once its work is indexed.")
    works = [work_of(row, services.currency) for row in found.rows]
    shares = [sum(place.share for place in work.holders if place.holder == holder) for work in works]
    with services.figures.read(services.read_model) as as_of:
        point, earned = as_of.point, earned_of_works(services, as_of.figures, holder, {r.work_id for r in found.rows})
    amounts = [earned[row.work_id] for row in found.rows]
    return page(
        request, "explorer/holder.html.j2", area="explorer", title=f"Rights holder {holder[:10]}…",
        holder=holder, places=list(zip(works, shares, amounts, strict=True)), following=found.following,
        orders=[order_line(row, services) for row in _newest_of(services, found.rows)], point=point,
        point_at=at(point.at) if point else None,
    )  # fmt: skip


def _newest_of(services: Services, works: Iterable[WorkRow]) -> list[OrderRow]:
    """The newest orders that used any of these works, each once."""
    found = {
        row.order_id: row
        for work in works
        for row in services.read_model.orders(OrderQuery(work_id=work.work_id), Page(ROWS)).rows
    }
    return sorted(found.values(), key=lambda row: row.funded_at, reverse=True)[:ROWS]


def _bonds(services: Services, operator: str, by_events: dict[str, int]) -> list[dict[str, object]] | None:
    """The bond by token as the contract has it now; None where the chain cannot be asked."""
    try:
        states = [(token, services.ledger.bond(operator, token)) for token in sorted(by_events)]
    except ChainError:
        return None
    return [
        {
            "all": money(services, bond.amount, token),
            "free": money(services, max(0, bond.free), token),
            "locked": money(services, bond.locked, token),
        }
        for token, bond in states
    ]


def _months() -> list[str]:
    """The latest months, as statements name them."""
    now = datetime.now(UTC)
    count = now.year * 12 + now.month - 1
    return [f"{(count - back) // 12}-{(count - back) % 12 + 1:02d}" for back in range(MONTHS)]
