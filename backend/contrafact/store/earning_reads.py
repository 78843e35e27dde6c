"""Reads of a holder's money: what came to its places in royalty accounts, what can be had, what reached its wallet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from contrafact.domain.addresses import checksummed
from contrafact.domain.shares import PPM
from contrafact.domain.splits import claimable, held, part_of
from contrafact.domain.terms import Use
from contrafact.ports import PlaceStatus
from contrafact.read_model import BalanceRow, EarningRow, Listing, Page, PaymentRow
from contrafact.store import paging
from contrafact.store.causes import Causes, causes_of
from contrafact.store.cursor import Cursor
from contrafact.store.deriving import hold
from contrafact.store.facts import Fact, facts_of
from contrafact.store.statement_reads import payment
from contrafact.store.tables import accounts, blocks, credits, holders, orders, payments
from contrafact.store.totals import newest

_EARNINGS = (credits.c.block, credits.c.log_index, credits.c.account, holders.c.place)
_PAYMENTS = (payments.c.block, payments.c.log_index)
_END = 2**63 - 1
_PLACES = {"PlaceConfirmed": PlaceStatus.CONFIRMED, "PlaceReaddressed": PlaceStatus.READDRESSED}


@dataclass(frozen=True, slots=True)
class EarningQuery:
    """Which lines: a holder's in the blocks from the second `since` on and before `until`, of all works or of one."""

    holder: str
    since: int = 0
    until: int | None = None
    work: bytes | None = None


def earnings(session: Session, at: Cursor, asked: EarningQuery, page: Page) -> Listing[EarningRow]:
    """Lines, newest first. Raises InvalidInput."""
    query = lines(asked)
    rows = session.execute(paging.page_of(query, page, "earnings", _EARNINGS, newest_first=True)).all()
    cursor = paging.following(rows, page, "earnings", _EARNINGS)
    causes = causes_of(session, {bytes(row.order_id) for row in rows})
    return Listing(tuple(_earning(row, at, causes) for row in rows[: page.limit]), cursor)


def lines(asked: EarningQuery) -> Select[Any]:
    """All columns that a line is made of, in no order. Raises InvalidInput."""
    columns = (accounts.c.beneficiary, accounts.c.token, holders.c.place, holders.c.ppm)
    query = (
        select(credits, *columns, orders.c.use, orders.c.operator, blocks.c.timestamp)
        .join(accounts, accounts.c.account == credits.c.account)
        .join(holders, holders.c.split_root == accounts.c.split_root)
        .join(blocks, blocks.c.number == credits.c.block)
        .outerjoin(orders, orders.c.order_id == credits.c.order_id)
        .where(holders.c.holder == checksummed(asked.holder), blocks.c.timestamp >= asked.since)
    )
    if asked.until is not None:
        query = query.where(blocks.c.timestamp < asked.until)
    return query if asked.work is None else query.where(accounts.c.beneficiary == asked.work)


def due_of(row: Any) -> int:
    """The holder's part of a line."""
    return part_of(row.before, row.received - row.before, row.ppm)


def _earning(row: Any, at: Cursor, causes: Causes) -> EarningRow:
    reason, raised = causes.of(bytes(row.order_id), (row.block, row.log_index))
    ordered = None if row.use is None else Use(row.use)
    return EarningRow(
        account=row.account,
        beneficiary=row.beneficiary,
        order_id=row.order_id,
        token=row.token,
        use=raised if raised is not None else ordered,
        operator=row.operator,
        amount=row.received - row.before,
        ppm=row.ppm,
        due=due_of(row),
        block=row.block,
        at=row.timestamp,
        transaction=row.transaction_hash,
        confirmed=row.block <= at.confirmed,
        reason=reason,
    )


def balances(session: Session, holder: str, until: int | None = None) -> Sequence[BalanceRow]:
    """The holder's places in the accounts that ever received something, by beneficiary, split, token and place.

    With `until`, as they stood after that block.
    """
    query = (
        select(accounts, holders.c.place, holders.c.ppm)
        .join(holders, holders.c.split_root == accounts.c.split_root)
        .where(holders.c.holder == checksummed(holder))
        .order_by(accounts.c.beneficiary, accounts.c.split_root, accounts.c.token, holders.c.place)
    )
    rows, last = session.execute(query).all(), _END if until is None else until
    known = facts_of(session, [row.account for row in rows], (*_PLACES, "AccountHeld"))
    past = {account: [fact for fact in facts if fact.block <= last] for account, facts in known.items()}
    return [_balance(session, row, past.get(row.account, []), last) for row in rows]


def places(session: Session, accounts: Sequence[bytes]) -> dict[tuple[bytes, int], PlaceStatus]:
    """What the newest event of each place says; places of which there is none are not here."""
    known = facts_of(session, accounts, tuple(_PLACES))
    return {(of, fact.arguments["index"]): _PLACES[fact.name] for of, facts in known.items() for fact in facts}


def _balance(session: Session, row: Any, known: Sequence[Fact], until: int) -> BalanceRow:
    last = newest(session, credits, credits.c.account == row.account, credits.c.block <= until)
    here = (payments.c.account == row.account, payments.c.place == row.place, payments.c.block <= until)
    paid = newest(session, payments, *here)
    received, drawn = last.received if last else 0, paid.drawn if paid else 0
    kept = held_of(session, row.beneficiary, [fact for fact in known if fact.name == "AccountHeld"], received, until)
    status = [_PLACES[f.name] for f in known if f.name in _PLACES and f.arguments["index"] == row.place]
    return BalanceRow(
        account=row.account,
        beneficiary=row.beneficiary,
        split_root=row.split_root,
        token=row.token,
        index=row.place,
        ppm=row.ppm,
        earned=received * row.ppm // PPM,
        drawn=drawn,
        held=received * row.ppm // PPM - (received - kept) * row.ppm // PPM,
        claimable=claimable(received, row.ppm, drawn, kept),
        status=status[-1] if status else PlaceStatus.UNCONFIRMED,
    )


def held_of(session: Session, beneficiary: bytes, helds: Sequence[Fact], received: int, until: int) -> int:
    """What of an account nobody can draw by then: nothing where no contest of its epoch is open."""
    if not helds:
        return 0
    epoch, start, cap = hold(session, beneficiary, helds)
    facts = facts_of(session, [beneficiary], ("HoldOpened", "HoldClosed")).get(beneficiary, [])
    facts = [fact for fact in facts if fact.block <= until]
    current = max((fact.arguments["epoch"] for fact in facts if fact.name == "HoldOpened"), default=0)
    is_open = bool(facts) and facts[-1].arguments["open"] > 0 and current == epoch
    return held(received, start, cap) if is_open else 0


def paid_to(session: Session, at: Cursor, holder: str, page: Page) -> Listing[PaymentRow]:
    """What reached an address, newest first; of a training pool's epoch, account and beneficiary are the model.

    Raises InvalidInput.
    """
    of, token = func.coalesce(accounts.c.beneficiary, payments.c.account), accounts.c.token
    query = (
        select(payments, of.label("beneficiary"), token.label("account_token"), blocks.c.timestamp)
        .join(blocks, blocks.c.number == payments.c.block)
        .outerjoin(accounts, accounts.c.account == payments.c.account)
        .where(payments.c.payee == checksummed(holder))
    )
    rows = session.execute(paging.page_of(query, page, "payments", _PAYMENTS, newest_first=True)).all()
    cursor = paging.following(rows, page, "payments", _PAYMENTS)
    return Listing(tuple(payment(row, at, own=True) for row in rows[: page.limit]), cursor)
