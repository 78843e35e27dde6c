"""Contests of works, for everybody: the chain says them to everybody, too."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from contrafact.domain.contests import ContestHold, ContestState
from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.terms import NATIVE
from contrafact.errors import NotFound
from contrafact.ledger.calls import Calls
from contrafact.statement_reads import ContestQuery, ContestRow, HeldAccount
from contrafact.web.errors import answers
from contrafact.web.money import Purse
from contrafact.web.paging import Paged
from contrafact.web.reads.answering import kept
from contrafact.web.schemas import contests as doc
from contrafact.web.schemas.fields import Address, Digest, Listed, time
from contrafact.web.services import Given, Services
from contrafact.web.transactions.preparing import calls

router = APIRouter(prefix="/v1/contests", tags=["contests"])
_DAY = 86_400


@router.get("", responses=answers(304))
def list_contests(
    request: Request,
    response: Response,
    services: Given,
    page: Paged,
    work: Annotated[Digest | None, Query(examples=[None])] = None,
    touching: Annotated[
        Address | None, Query(examples=[None], description="Who claims the work, licenses it or has a share of it.")
    ] = None,
    open: Annotated[bool, Query(description="Only those that are open.")] = False,
) -> Listed[doc.Contest]:
    """Contests of works, newest first."""
    query = ContestQuery(None if work is None else from_hex(work), touching, open)
    found = services.read_model.contests(query, page)
    titles = services.read_model.titles(row.contest.work_id for row in found.rows)
    rows = [contest_of(services, row, titles.get(row.contest.work_id)) for row in found.rows]
    return kept(request, response, Listed[doc.Contest](rows=rows, following=found.following))


@router.get("/rules", responses=answers(304))
def get_contest_rules(request: Request, response: Response, services: Given) -> doc.ContestRules:
    """What the dispute desk's contract asks of whoever contests a work."""
    bond, ratio, seconds, accounts = _rules(calls(services))
    rules = doc.ContestRules(
        min_bond=Purse(NATIVE, services.currency)(bond),
        hold_ratio=ratio,
        ruling_days=seconds // _DAY,
        max_accounts=accounts,
    )
    return kept(request, response, rules)


@lru_cache(maxsize=8)  # constants of a contract that does not change
def _rules(prepared: Calls) -> tuple[int, ...]:
    desk = prepared.contracts.desk.functions
    wanted = (desk.MIN_BOND, desk.HOLD_RATIO, desk.RULING_TIME, desk.MAX_ACCOUNTS)
    return tuple(int(prepared.contracts.connection.call(one())) for one in wanted)


def contest_of(services: Services, row: ContestRow, title: str | None) -> doc.Contest:
    """A contest as the API writes it."""
    one = row.contest
    is_open = one.state is ContestState.OPEN
    return doc.Contest(
        number=one.number,
        work=to_hex(one.work_id),
        title=title,
        licensor=_licensor(services, one.work_id),
        claimant=one.claimant,
        claimant_split=to_hex(one.claimant_split),
        evidence=to_hex(one.evidence),
        bond=Purse(NATIVE, services.currency)(one.bond),
        state=one.state.value,
        overdue=is_open and services.read_model.status().block_time > one.ruling_until,
        ruling_until=time(one.ruling_until),
        part=one.part,
        holds=[_hold(services, *pair) for pair in zip(one.holds, row.held, strict=True)],
        opened_at=time(row.opened_at),
        transaction=one.transaction,
        closed_in=one.closed_in,
        confirmed=row.confirmed,
    )


def _hold(services: Services, hold: ContestHold, now: HeldAccount) -> doc.ContestHold:
    purse = Purse(hold.token, services.currency)
    return doc.ContestHold(
        account=to_hex(now.account),
        split_root=to_hex(hold.split_root),
        bond=purse(hold.bond),
        most=purse(hold.most),
        held=purse(now.held),
        awarded=None if hold.awarded is None else purse(hold.awarded),
    )


def _licensor(services: Services, work: bytes) -> str | None:
    try:
        return services.read_model.work(work).licensor
    except NotFound:
        return None
