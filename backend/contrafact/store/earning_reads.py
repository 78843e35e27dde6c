"""Reads of a holder's money: what came to its places in royalty accounts, what can be had, what reached its wallet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from contrafact.domain.addresses import checksummed
from contrafact.domain.shares import PPM
from contrafact.domain.splits import claimable, held
from contrafact.domain.terms import Use
from contrafact.ports import PlaceStatus
from contrafact.read_model import BalanceRow, EarningRow, Listing, Page, PaymentRow
from contrafact.store import paging
from contrafact.store.cursor import Cursor
from contrafact.store.facts import Fact, facts_of
from contrafact.store.tables import accounts, blocks, credits, holders, orders, payments
from contrafact.store.totals import newest

_EARNINGS = (credits.c.block, credits.c.log_index, credits.c.account, holders.c.place)
_PAYMENTS = (payments.c.block, payments.c.log_index)
_PLACES = {"PlaceConfirmed": PlaceStatus.CONFIRMED, "PlaceReaddressed": PlaceStatus.READDRESSED}


def earnings(
    session: Session, at: Cursor, holder: str, page: Page, since: int, until: int | None
) -> Listing[EarningRow]:
    """Lines of the blocks from the second `since` on and before `until`, newest first. Raises InvalidInput."""
    query = _lines(checksummed(holder)).where(blocks.c.timestamp >= since)
    if until is not None:
        query = query.where(blocks.c.timestamp < until)
    rows = session.execute(paging.page_of(query, page, "earnings", _EARNINGS, newest_first=True)).all()
    cursor = paging.following(rows, page, "earnings", _EARNINGS)
    return Listing(tuple(_earning(row, at) for row in rows[: page.limit]), cursor)


def _lines(holder: str) -> Select[Any]:
    columns = (accounts.c.beneficiary, accounts.c.token, holders.c.place, holders.c.ppm)
    return (
        select(credits, *columns, orders.c.use, orders.c.operator, blocks.c.timestamp)
        .join(accounts, accounts.c.account == credits.c.account)
        .join(holders, holders.c.split_root == accounts.c.split_root)
        .join(blocks, blocks.c.number == credits.c.block)
        .outerjoin(orders, orders.c.order_id == credits.c.order_id)
        .where(holders.c.holder == holder)
    )


def _earning(row: Any, at: Cursor) -> EarningRow:
    return EarningRow(
        account=row.account,
        beneficiary=row.beneficiary,
        order_id=row.order_id,
        token=row.token,
        use=None if row.use is None else Use(row.use),
        operator=row.operator,
        amount=row.received - row.before,
        ppm=row.ppm,
        due=row.received * row.ppm // PPM - row.before * row.ppm // PPM,
        block=row.block,
        at=row.timestamp,
        transaction=row.transaction_hash,
        confirmed=row.block <= at.confirmed,
    )


def balances(session: Session, holder: str) -> Sequence[BalanceRow]:
    """The holder's places in the accounts that ever received something, by beneficiary, split, token and place."""
    query = (
        select(accounts, holders.c.place, holders.c.ppm)
        .join(holders, holders.c.split_root == accounts.c.split_root)
        .where(holders.c.holder == checksummed(holder))
        .order_by(accounts.c.beneficiary, accounts.c.split_root, accounts.c.token, holders.c.place)
    )
    rows = session.execute(query).all()
    known = facts_of(session, [row.account for row in rows], _PLACES)
    return [_balance(session, row, known.get(row.account, [])) for row in rows]


def _balance(session: Session, row: Any, known: Sequence[Fact]) -> BalanceRow:
    last = newest(session, credits, credits.c.account == row.account)
    paid = newest(session, payments, payments.c.account == row.account, payments.c.place == row.place)
    received, drawn = last.received if last else 0, paid.drawn if paid else 0
    kept = _held(session, row, received)
    status = [_PLACES[fact.name] for fact in known if fact.arguments["index"] == row.place]
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


def _held(session: Session, account: Any, received: int) -> int:
    """What of an account nobody can draw now: nothing where no contest of its epoch is open."""
    if not account.hold_epoch:
        return 0
    beneficiary = account.beneficiary
    facts = facts_of(session, [beneficiary], ("HoldOpened", "HoldClosed")).get(beneficiary, [])
    epoch = max((fact.arguments["epoch"] for fact in facts if fact.name == "HoldOpened"), default=0)
    is_open = bool(facts) and facts[-1].arguments["open"] > 0 and epoch == account.hold_epoch
    return held(received, account.hold_from, account.hold_cap) if is_open else 0


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
    return Listing(tuple(_payment(row, at) for row in rows[: page.limit]), cursor)


def _payment(row: Any, at: Cursor) -> PaymentRow:
    return PaymentRow(
        account=row.account,
        beneficiary=bytes(row.beneficiary),
        token=row.token or row.account_token,
        amount=row.amount,
        block=row.block,
        at=row.timestamp,
        transaction=row.transaction_hash,
        confirmed=row.block <= at.confirmed,
    )
