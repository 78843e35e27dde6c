"""The explorer's first page: one box for everything, what is newest, and where all money went."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from contrafact.domain.terms import NATIVE
from contrafact.errors import InvalidInput, NotFound
from contrafact.read_model import OrderQuery, Page
from contrafact.web.pages.explorer.money import money_of
from contrafact.web.pages.explorer.search import LONGEST, search
from contrafact.web.pages.explorer.views import at, moneys, order_line
from contrafact.web.pages.serving import PageRoute, page
from contrafact.web.reads.work_views import work_of
from contrafact.web.services import Given, Services

router = APIRouter(include_in_schema=False, route_class=PageRoute)
NEWEST = 6


@router.get("/explorer")
def explorer(request: Request, services: Given) -> Response:
    """The overview; with `q`, what that names: its page, or a list where it is more than one thing."""
    if asked := request.query_params.get("q", "").strip()[:LONGEST]:
        return _found(request, services, asked)
    try:
        overview = _overview(services)
    except NotFound:  # nothing is indexed yet
        overview = None
    return page(
        request, "explorer/explorer.html.j2", area="explorer", title="Explorer", wide=True, asked="", overview=overview
    )


def _found(request: Request, services: Services, asked: str) -> Response:
    problem = None
    try:
        hits = search(services, asked)
    except InvalidInput as error:
        hits, problem = [], error
    if len(hits) == 1:
        return RedirectResponse(hits[0].path, 303)
    return page(
        request, "explorer/found.html.j2", area="explorer", title=f"Search: {asked}",
        status=200, asked=asked, hits=hits, problem=problem,
    )  # fmt: skip


def in_one_line(services: Services) -> dict[str, object] | None:
    """Works, orders, and what rights holders were credited so far; None while nothing is indexed.

    Only in the service's token and the chain's coin: anybody may pay any sum to themselves in a token of their own.
    """
    try:
        counts = services.read_model.counts()
        with services.figures.read(services.read_model) as as_of:
            paid = {
                token: as_of.figures.to_works(token)
                for token in as_of.figures.tokens
                if token in (services.token, NATIVE)
            }
    except NotFound:
        return None
    return {"works": counts.works, "orders": counts.orders, "paid": moneys(services, paid)}


def _overview(services: Services) -> dict[str, object]:
    model = services.read_model
    status, counts = model.status(), model.counts()
    orders = model.orders(OrderQuery(), Page(NEWEST)).rows
    with services.figures.read(model) as as_of:
        point, money = as_of.point, money_of(services, as_of.figures)
        operators = len(as_of.figures.operators)
    return {
        "counts": counts,
        "operators": operators,
        "status": status,
        "at": at(status.block_time),
        "money": money,
        "point": point,
        "point_at": at(point.at) if point else None,
        "orders": [order_line(row, services) for row in orders],
        "works": [work_of(row, services.currency) for row in model.newest_works(NEWEST)],
    }
