"""Contests of works, for everybody: the chain says them to everybody, too."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from contrafact.domain.contests import Contest, ContestHold, ContestState
from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.terms import NATIVE
from contrafact.ledger.calls import Calls
from contrafact.ledger.installing import is_key
from contrafact.ledger.roles import ROLES, has_role
from contrafact.statement_reads import ContestQuery, ContestRow, HeldAccount
from contrafact.web.conditional import kept
from contrafact.web.errors import answers
from contrafact.web.money import Purse
from contrafact.web.paging import Paged
from contrafact.web.reads.work_views import holders_of
from contrafact.web.schemas import contests as doc
from contrafact.web.schemas.fields import Address, Digest, Listed, time
from contrafact.web.services import Given, Services
from contrafact.web.transactions.preparing import calls
from contrafact.web.works import row_of

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
        arbiters=_arbiters(services),
    )
    return kept(request, response, rules)


@lru_cache(maxsize=8)  # constants of a contract that does not change
def _rules(prepared: Calls) -> tuple[int, ...]:
    desk = prepared.contracts.desk.functions
    wanted = (desk.MIN_BOND, desk.HOLD_RATIO, desk.RULING_TIME, desk.MAX_ACCOUNTS)
    return tuple(int(prepared.contracts.connection.call(one())) for one in wanted)


def _arbiters(services: Services) -> list[doc.Arbiter]:
    """Those whom the Authority's events name and who have the role now. Raises ChainError."""
    connection, contracts = services.preparer.connection, calls(services).contracts
    granted = services.read_model.happenings(("RoleGranted",), services.read_model.status().block)
    named = [event.arguments["account"] for event in granted if event.arguments["roleId"] == ROLES["arbiter"].number]
    return [
        doc.Arbiter(address=account, kind="account" if is_key(connection, account) else "contract")
        for account in dict.fromkeys(named)
        if has_role(contracts, "arbiter", account)
    ]


def contest_of(services: Services, row: ContestRow, title: str | None) -> doc.Contest:
    """A contest as the API writes it."""
    one, work = row.contest, row_of(services, row.contest.work_id)
    is_open = one.state is ContestState.OPEN
    return doc.Contest(
        number=one.number,
        work=to_hex(one.work_id),
        title=title,
        licensor=work.licensor if work else None,
        claimant=one.claimant,
        claimant_split=to_hex(one.claimant_split),
        holders=holders_of(work.split if work else None),
        claimed=holders_of(_claimed(services, one)),
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


def _claimed(services: Services, contest: Contest) -> Split | None:
    """The split that the claimant names, where a document tells it, or where it is the claimant's alone."""
    own = Split.of([(contest.claimant, PPM)])
    if own.root == contest.claimant_split:
        return own
    return services.read_model.splits([contest.claimant_split]).get(contest.claimant_split)
