"""A rights holder's earnings summed up, and what else the chain keeps for it: for whoever signs in as the holder."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from contrafact.domain.addresses import checksummed
from contrafact.domain.digests import to_hex
from contrafact.domain.terms import NATIVE
from contrafact.pooling.claiming import Part, claimable
from contrafact.statement_reads import By, EarningSum
from contrafact.web.auth.sessions import SignedIn
from contrafact.web.conditional import PRIVATE, kept
from contrafact.web.errors import answers
from contrafact.web.reads import holder_views as views
from contrafact.web.reads.holders import Moment, OneWork, period, require_own, work_id
from contrafact.web.schemas import holders as doc
from contrafact.web.schemas.fields import Address, time
from contrafact.web.services import Given, Services

router = APIRouter(prefix="/v1/holders/{holder}", tags=["holders"])
Most = Annotated[int, Query(ge=1, le=1000, description="So many rows in each token; the rest is in `others`.")]


@router.get("/earnings/sums", responses=answers(304, 401, 403))
def sum_earnings(
    holder: Address,
    caller: SignedIn,
    request: Request,
    response: Response,
    services: Given,
    by: By = By.WORK,
    since: Moment = None,
    until: Moment = None,
    work: OneWork = None,
    most: Most = 100,
) -> doc.EarningSums:
    """The lines of the holder's earnings, summed exactly by work, kind, operator, or month (UTC)."""
    require_own(caller, holder)
    with services.reporting.passed():
        rows = services.read_model.earning_sums(holder, by, *period(since, until), work_id(work))
    return kept(request, response, _sums(services, rows, by, most), PRIVATE)


@router.get("/waiting", responses=answers(304, 401, 403))
def list_waiting(
    holder: Address, caller: SignedIn, request: Request, response: Response, services: Given
) -> doc.Waiting:
    """What waits beside the holder's royalty accounts, as the chain has it now, and the holder's payout thresholds."""
    require_own(caller, holder)
    with services.reporting.passed():
        return kept(request, response, _waiting(services, checksummed(holder)), PRIVATE)


def _sums(services: Services, rows: Sequence[EarningSum], by: By, most: int) -> doc.EarningSums:
    pay = views.amounts(services.currency)
    titles = services.read_model.titles(row.key for row in rows if isinstance(row.key, bytes))
    shown: list[doc.EarningSum] = []
    others: list[doc.OtherSums] = []
    for token, group in groupby(rows, key=lambda row: row.token):
        every = list(group)
        first, rest = (every[-most:], every[:-most]) if by is By.MONTH else (every[:most], every[most:])
        shown += [_sum(row, pay, titles) for row in first]
        if rest:
            lines, earned, pending = (sum(of) for of in zip(*map(_figures, rest), strict=True))
            others.append(
                doc.OtherSums(keys=len(rest), lines=lines, earned=pay(earned, token), pending=pay(pending, token))
            )
    return doc.EarningSums(rows=shown, others=others)


def _figures(row: EarningSum) -> tuple[int, int, int]:
    return row.lines, row.earned, row.pending


def _sum(row: EarningSum, pay: views.Pay, titles: views.Titles) -> doc.EarningSum:
    key = row.key
    return doc.EarningSum(
        key=to_hex(key) if isinstance(key, bytes) else key,
        title=titles.get(key) if isinstance(key, bytes) else None,
        lines=row.lines,
        earned=pay(row.earned, row.token),
        pending=pay(row.pending, row.token),
    )


def _waiting(services: Services, holder: str) -> doc.Waiting:
    ledger = services.pools
    parts = list(claimable(ledger, services.published, holder))
    earned = {row.token for row in services.read_model.balances(holder)}
    tokens = sorted({services.token, NATIVE, *earned, *(part.token for part in parts)}, key=str.lower)
    pay, titles = views.amounts(services.currency), services.read_model.titles(part.closed.pot[0] for part in parts)
    owed = [("escrow", token, ledger.owed(holder, token)) for token in tokens]
    owed += [("desk", token, ledger.bonds_owed(holder, token)) for token in tokens]
    return doc.Waiting(
        thresholds=[pay(ledger.threshold(holder, token), token) for token in tokens],
        owed=[doc.OwedAmount(at=at, amount=pay(units, token)) for at, token, units in owed if units],
        epochs=[_part(part, pay, titles) for part in parts],
    )


def _part(part: Part, pay: views.Pay, titles: views.Titles) -> doc.EpochPart:
    closed = part.closed
    return doc.EpochPart(
        model=to_hex(closed.pot[0]),
        name=titles.get(closed.pot[0]),
        epoch=closed.number,
        amount=pay(part.amount, part.token),
        open_until=time(closed.open_until),
        transaction=closed.transaction,
    )
