"""A rights holder's own money over HTTP: whoever signs in as the holder reads it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AwareDatetime

from contrafact.domain.digests import to_hex
from contrafact.errors import NotFound, NotPermitted
from contrafact.read_model import EarningRow
from contrafact.statements import Described, Month, Statement, statement_of, to_csv
from contrafact.web.auth.sessions import Caller, SignedIn
from contrafact.web.conditional import PRIVATE
from contrafact.web.errors import answers
from contrafact.web.paging import Paged
from contrafact.web.reads import holder_views as views
from contrafact.web.reads.answering import kept
from contrafact.web.reads.documents import Documents
from contrafact.web.reads.walking import walked
from contrafact.web.schemas import holders as doc
from contrafact.web.schemas.fields import Address, Listed
from contrafact.web.services import Given, Services

router = APIRouter(prefix="/v1/holders/{holder}", tags=["holders"])
CSV = "text/csv"
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
) -> Listed[doc.Earning]:
    """What orders brought the holder, newest first; from `since` on and before `until`."""
    _require_own(caller, holder)
    end = None if until is None else int(until.timestamp())
    found = services.read_model.earnings(holder, page, int(since.timestamp()) if since else 0, end)
    pay = views.amounts(services.currency)
    rows = [views.earning(row, pay) for row in found.rows]
    return kept(request, response, Listed[doc.Earning](rows=rows, following=found.following), PRIVATE)


@router.get("/balances", responses=answers(304, 401, 403))
def list_balances(
    holder: Address, caller: SignedIn, request: Request, response: Response, services: Given
) -> doc.Balances:
    """What the holder has in each royalty account."""
    _require_own(caller, holder)
    model = services.read_model
    rows, pending = model.balances(holder), list(_pending(services, holder))
    found = views.balances(rows, pending, model.status().block, views.amounts(services.currency))
    return kept(request, response, found, PRIVATE)


@router.get("/payments", responses=answers(304, 401, 403))
def list_payments(
    holder: Address, caller: SignedIn, request: Request, response: Response, services: Given, page: Paged
) -> Listed[doc.Payment]:
    """What reached the holder's wallet, newest first."""
    _require_own(caller, holder)
    found = services.read_model.payments(holder, page)
    pay = views.amounts(services.currency)
    rows = [views.payment(row, pay) for row in found.rows]
    return kept(request, response, Listed[doc.Payment](rows=rows, following=found.following), PRIVATE)


@router.get(
    "/statements/{month}",
    response_model=doc.Statement,
    responses={**answers(304, 401, 403), 200: {"content": {CSV: {"schema": {"type": "string"}}}}},
)
def get_statement(
    holder: Address,
    month: Annotated[str, Path(pattern=r"^[0-9]{4}-[0-9]{2}(\.csv)?$", examples=["2026-01"])],
    caller: SignedIn,
    request: Request,
    response: Response,
    services: Given,
) -> doc.Statement | Response:
    """A month's statement: JSON, or CSV where the address ends in `.csv` or `Accept` asks for `text/csv`."""
    _require_own(caller, holder)
    found = _statement(services, holder, Month.parse(month.removesuffix(".csv")))
    described = _described(services, found)
    document = kept(request, response, views.statement(found, described, views.amounts(services.currency)), PRIVATE)
    response.headers["Vary"] = "Accept"
    if not (month.endswith(".csv") or _wants_csv(request)):
        return document
    name = f"statement-{found.month}-{holder[:10]}.csv"
    headers = {**dict(response.headers), "Content-Disposition": f'attachment; filename="{name}"'}
    headers.pop("content-length", None)
    return Response(to_csv(found, described, services.currency), media_type=CSV, headers=headers)


def _require_own(caller: Caller, holder: str) -> None:
    if caller.wallet.lower() != holder.lower():
        text = f"{caller.wallet} has signed in, and this is the account of {holder}."
        raise NotPermitted(text, "Sign in with the holder's wallet.")


def _wants_csv(request: Request) -> bool:
    return request.headers.get("Accept", "").partition(",")[0].partition(";")[0].strip() == CSV


def _pending(services: Services, holder: str) -> Iterator[EarningRow]:
    """The holder's earnings without confirmations, which are the newest."""
    for row in walked(lambda page: services.read_model.earnings(holder, page)):
        if row.confirmed:
            return
        yield row


def _statement(services: Services, holder: str, month: Month) -> Statement:
    model = services.read_model
    earnings = walked(lambda page: model.earnings(holder, page, 0, month.end))
    payments = walked(lambda page: model.payments(holder, page))
    status = model.status()
    until = services.preparer.connection.timestamp(max(0, status.confirmed)) if status.block_time >= month.end else 0
    return statement_of(holder, month, earnings, payments, until)


def _described(services: Services, found: Statement) -> dict[bytes, Described]:
    """What the documents of the statement's works say."""
    documents = Documents(services.published)
    works = {row.beneficiary for row in (*found.lines, *found.pending_lines)}
    works |= {row.beneficiary for row in (*found.payments, *found.pending_payments)}
    return {work: _about(services, documents, work) for work in works}


def _about(services: Services, documents: Documents, work_id: bytes) -> Described:
    with suppress(NotFound):
        row = services.read_model.work(work_id)
        said = documents.work(row.metadata)
        numbers = said.identifiers if said else None
        return Described(row.title or "", numbers.iswc if numbers else "", numbers.isrc if numbers else "")
    with suppress(NotFound):
        return Described(services.read_model.model(work_id).name or f"Training pool of {to_hex(work_id)}")
    return Described()
