"""The rights desk, money: what a holder earned and for what, payouts, statements by month, contests of works."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from contrafact.domain.money import Currency
from contrafact.domain.terms import NATIVE
from contrafact.errors import ContrafactError, NotFound
from contrafact.statement_reads import By
from contrafact.statements import Month, holder_statement
from contrafact.web.auth import sessions
from contrafact.web.errors import status_of
from contrafact.web.pages.desk.money.statement_page import StatementView, month_name
from contrafact.web.pages.serving import PageRoute, page
from contrafact.web.reads.statements import frame
from contrafact.web.services import Given, Services

router = APIRouter(include_in_schema=False, route_class=PageRoute)
MonthName = Annotated[str, Path(pattern=r"^[0-9]{4}-[0-9]{2}$")]


@router.get("/desk/earnings")
def earnings(request: Request, services: Given) -> Response:
    """What orders brought the holder, and the notes that it was paid for."""
    return _desk(request, "earnings", "Earnings", tokens=_tokens(request, services))


@router.get("/desk/payouts")
def payouts(request: Request, services: Given) -> Response:
    """What can be had now, what waits, and what reached the wallet."""
    return _desk(request, "payouts", "Payouts", tokens=_tokens(request, services))


@router.get("/desk/contests")
def contests(request: Request, services: Given) -> Response:
    """Whose is a work? Contests that touch the holder."""
    return _desk(request, "contests", "Contests", tokens=_tokens(request, services))


@router.get("/desk/statements")
def statements(request: Request, services: Given) -> Response:
    """The months in which the holder earned something, and all since."""
    caller = sessions.find(request)
    months = _months(services, caller.wallet) if caller else []
    return _desk(request, "statements", "Statements", months=months, holder=caller.wallet if caller else "")


@router.get("/desk/statements/{month}")
def statement(month: MonthName, request: Request, services: Given) -> Response:
    """A month, to be read and printed."""
    caller = sessions.find(request)
    if caller is None:
        return _desk(request, "statement", f"Statement {month}", section="statements", view=None, refusal=None)
    view, refusal = None, None
    try:
        with services.reporting.passed():
            found = holder_statement(services.read_model, services.published, frame(services, month), caller.wallet)
        view = StatementView(found, services.currency)
    except ContrafactError as error:
        refusal = error
    title = f"Statement {view.month_name if view else month}"
    status = status_of(refusal) if refusal else 200
    values = {"view": view, "refusal": refusal, "month": month, "holder": caller.wallet}
    return _desk(request, "statement", title, section="statements", status=status, **values)


def _desk(
    request: Request, template: str, title: str, section: str = "", status: int = 200, **values: object
) -> Response:
    told = {"section": section or template, "wide": True, **values}
    return page(request, f"desk/money/{template}.html.j2", area="desk", title=title, status=status, **told)


def _tokens(request: Request, services: Services) -> str:
    """The tokens that the holder may have to do with, as scripts write amounts of them: JSON."""
    caller, tokens = sessions.find(request), {services.token, NATIVE}
    if caller is not None:
        tokens |= {row.token for row in services.read_model.balances(caller.wallet)}
    known = {token: services.currency(token) for token in sorted(tokens, key=str.lower)}
    return json.dumps([_token(token, currency) for token, currency in known.items()])


def _token(token: str, currency: Currency) -> dict[str, object]:
    return {"token": token, "symbol": currency.symbol, "decimals": currency.decimals}


def _months(services: Services, holder: str) -> list[dict[str, object]]:
    """From the first month with a line to this one, the newest first, each with what it brought, in words."""
    try:
        sums, now = services.read_model.earning_sums(holder, By.MONTH), services.read_model.status().block_time
    except NotFound:
        return []
    brought: dict[str, list[str]] = {}
    for one in sums:
        text = services.currency(one.token).format(one.earned + one.pending)
        brought.setdefault(str(one.key), []).append(text)
    if not brought:
        return []
    month, last = Month.parse(min(brought)), Month.at(now)
    rows: list[dict[str, object]] = []
    while month <= last:
        rows.append({"month": str(month), "name": month_name(month), "earned": brought.get(str(month), [])})
        month = month.following
    return rows[::-1]
