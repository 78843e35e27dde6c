"""A rights holder's own money over HTTP: whoever signs in as the holder reads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AwareDatetime

from contrafact.domain.digests import from_hex
from contrafact.errors import NotPermitted
from contrafact.read_model import EarningRow, walked
from contrafact.statements import holder_statement
from contrafact.web.auth.sessions import Caller, SignedIn
from contrafact.web.conditional import PRIVATE, kept
from contrafact.web.errors import answers
from contrafact.web.paging import Paged
from contrafact.web.reads import holder_views as views
from contrafact.web.reads.statements import also, asked_for, frame, handed_out
from contrafact.web.schemas import holders as doc
from contrafact.web.schemas.fields import Address, Digest, Listed
from contrafact.web.schemas.statements import Statement
from contrafact.web.services import Given, Services

router = APIRouter(prefix="/v1/holders/{holder}", tags=["holders"])
OneWork = Annotated[Digest | None, Query(examples=[None], description="Lines of this work alone.")]
Moment = Annotated[AwareDatetime | None, Query(examples=[None], description="RFC 3339, with its zone.")]


@router.get("/earnings", responses=answers(304, 401, 403))
def list_earnings(
    holder: Address,
    caller: SignedIn,
    request: Request,
    response: Response,
    services: Given,
    page: Paged,
    since: Moment = None,
    until: Moment = None,
    work: OneWork = None,
) -> Listed[doc.Earning]:
    """What orders brought the holder, newest first; from `since` on and before `until`, of all works or of one."""
    require_own(caller, holder)
    found = services.read_model.earnings(holder, page, *period(since, until), work_id(work))
    pay = views.amounts(services.currency)
    titles = services.read_model.titles(row.beneficiary for row in found.rows)
    rows = [views.earning(row, pay, titles) for row in found.rows]
    return kept(request, response, Listed[doc.Earning](rows=rows, following=found.following), PRIVATE)


@router.get("/balances", responses=answers(304, 401, 403))
def list_balances(
    holder: Address, caller: SignedIn, request: Request, response: Response, services: Given
) -> doc.Balances:
    """What the holder has in each royalty account."""
    require_own(caller, holder)
    model = services.read_model
    rows, pending = model.balances(holder), list(_pending(services, holder))
    titles = model.titles(row.beneficiary for row in rows)
    found = views.balances(rows, pending, model.status().block, views.amounts(services.currency), titles)
    return kept(request, response, found, PRIVATE)


@router.get("/payments", responses=answers(304, 401, 403))
def list_payments(
    holder: Address, caller: SignedIn, request: Request, response: Response, services: Given, page: Paged
) -> Listed[doc.Payment]:
    """What reached the holder's wallet, newest first."""
    require_own(caller, holder)
    found = services.read_model.payments(holder, page)
    pay = views.amounts(services.currency)
    titles = services.read_model.titles(row.beneficiary for row in found.rows)
    rows = [views.payment(row, pay, titles) for row in found.rows]
    return kept(request, response, Listed[doc.Payment](rows=rows, following=found.following), PRIVATE)


@router.get(
    "/statements/{month}",
    response_model=Statement,
    responses={**answers(304, 401, 403, 404), **also("csv", "pdf", "dsr")},
)
def get_statement(
    holder: Address,
    month: Annotated[str, Path(pattern=r"^[0-9]{4}-[0-9]{2}(\.(csv|pdf|dsr))?$", examples=["2026-01"])],
    caller: SignedIn,
    request: Request,
    services: Given,
) -> Response:
    """A month's statement: JSON, or what `Accept` asks for, or the address ends in: `.csv`, `.pdf`, or `.dsr`.

    The last is a flat file after DDEX DSR.
    """
    require_own(caller, holder)
    with services.reporting.passed():
        found = holder_statement(services.read_model, services.published, frame(services, month), holder)
        return handed_out(request, found, asked_for(request, month, found), services, PRIVATE)


def period(since: datetime | None, until: datetime | None) -> tuple[int, int | None]:
    """In seconds since the epoch."""
    return int(since.timestamp()) if since else 0, None if until is None else int(until.timestamp())


def work_id(work: str | None) -> bytes | None:
    return None if work is None else from_hex(work)


def require_own(caller: Caller, holder: str) -> None:
    """Raises NotPermitted."""
    if caller.wallet.lower() != holder.lower():
        text = f"{caller.wallet} has signed in, and this is the account of {holder}."
        raise NotPermitted(text, "Sign in with the holder's wallet.")


def _pending(services: Services, holder: str) -> Iterator[EarningRow]:
    """The holder's earnings without confirmations, which are the newest."""
    for row in walked(lambda page: services.read_model.earnings(holder, page)):
        if row.confirmed:
            return
        yield row
