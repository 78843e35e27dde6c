"""Reads for statements: the events and the block that they are as of, and what was paid from a holder's places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from contrafact.domain.addresses import checksummed
from contrafact.read_model import Listing, Page, PaymentRow
from contrafact.statement_reads import Happening, Point
from contrafact.store import paging
from contrafact.store.cursor import Cursor
from contrafact.store.facts import CHUNK, fact
from contrafact.store.tables import accounts, blocks, credits, events, holders, models, orders, payments, works

_PAYMENTS = (payments.c.block, payments.c.log_index)
_READ_AT_ONCE = 1_000


def point(session: Session, at: Cursor, before: int) -> Point | None:
    """The newest confirmed block with an event, of before this second."""
    query = (
        select(blocks)
        .where(blocks.c.timestamp < before, blocks.c.number <= at.confirmed)
        .where(exists().where(events.c.block == blocks.c.number))
        .order_by(blocks.c.number.desc())
        .limit(1)
    )
    row: Any = session.execute(query).one_or_none()
    return Point(row.number, bytes(row.hash), row.timestamp) if row else None


def is_holder(session: Session, address: str) -> bool:
    """Whether a published split has the address, or an account paid it. Raises InvalidInput."""
    wallet = checksummed(address)
    known = or_(exists().where(holders.c.holder == wallet), exists().where(payments.c.payee == wallet))
    return bool(session.execute(select(known)).scalar_one())


def drawn(session: Session, at: Cursor, holder: str, page: Page) -> Listing[PaymentRow]:
    """Payments from the holder's places or to its wallet. Raises InvalidInput."""
    wallet = checksummed(holder)
    mine = and_(
        holders.c.split_root == accounts.c.split_root,
        holders.c.place == payments.c.place,
        holders.c.holder == wallet,
    )
    of, token = func.coalesce(accounts.c.beneficiary, payments.c.account), accounts.c.token
    query = (
        select(payments, of.label("beneficiary"), token.label("account_token"), blocks.c.timestamp, holders.c.holder)
        .join(blocks, blocks.c.number == payments.c.block)
        .outerjoin(accounts, accounts.c.account == payments.c.account)
        .outerjoin(holders, mine)
        .where(or_(payments.c.payee == wallet, holders.c.holder == wallet))
    )
    rows = session.execute(paging.page_of(query, page, "drawn", _PAYMENTS, newest_first=True)).all()
    cursor = paging.following(rows, page, "drawn", _PAYMENTS)
    return Listing(tuple(payment(row, at, row.holder is not None) for row in rows[: page.limit]), cursor)


def payment(row: Any, at: Cursor, own: bool) -> PaymentRow:
    """A payment, from a row with `beneficiary`, `account_token` and `timestamp` beside its own columns."""
    return PaymentRow(
        account=row.account,
        beneficiary=bytes(row.beneficiary),
        token=row.token or row.account_token,
        amount=row.amount,
        block=row.block,
        at=row.timestamp,
        transaction=row.transaction_hash,
        confirmed=row.block <= at.confirmed,
        payee=row.payee,
        own=own,
    )


def unpublished(session: Session, until: int) -> int:
    """How many accounts of works have money by the block `until`, and no holder that is known."""
    has_money = exists().where(credits.c.account == accounts.c.account, credits.c.block <= until)
    is_known = exists().where(holders.c.split_root == accounts.c.split_root)
    is_pool = exists().where(models.c.model_id == accounts.c.beneficiary)
    query = select(func.count()).select_from(accounts).where(has_money, ~is_known, ~is_pool)
    return int(session.execute(query).scalar_one())


def happenings(session: Session, names: Sequence[str], until: int) -> Iterator[Happening]:
    """All events with these names up to the block `until`."""
    query = _events(names, until).order_by(events.c.block, events.c.log_index)
    for row in session.execute(query.execution_options(yield_per=_READ_AT_ONCE)):
        yield happening(row)


def happenings_of(session: Session, operator: str, names: Sequence[str], until: int) -> Sequence[Happening]:
    """Those of the operator's orders, and those whose first argument is no id, as bonds' have."""
    mine = session.execute(select(orders.c.order_id).where(orders.c.operator == checksummed(operator))).scalars().all()
    subjects = [b"", *mine]
    found: list[Happening] = []
    for start in range(0, len(subjects), CHUNK):
        query = _events(names, until).where(events.c.subject.in_(subjects[start : start + CHUNK]))
        found += map(happening, session.execute(query))
    return sorted(found, key=lambda each: (each.block, each.index))


def _events(names: Sequence[str], until: int) -> Select[Any]:
    return (
        select(events, blocks.c.timestamp)
        .join(blocks, blocks.c.number == events.c.block)
        .where(events.c.name.in_(names), events.c.block <= until)
    )


def happening(row: Any) -> Happening:
    """An event of the index with its block's time."""
    found = fact(row)
    place = (found.block, found.index, found.transaction, row.timestamp)
    return Happening(found.contract, found.name, found.arguments, *place)


def titles(session: Session, ids: Iterable[bytes]) -> dict[bytes, str]:
    """How works and models among these are called, by the documents that are known."""
    wanted, found = list(dict.fromkeys(ids)), {}
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        for query in (
            select(works.c.work_id, works.c.title).where(works.c.work_id.in_(some), works.c.title.is_not(None)),
            select(models.c.model_id, models.c.name).where(models.c.model_id.in_(some), models.c.name.is_not(None)),
        ):
            found.update({bytes(key): str(name) for key, name in session.execute(query)})
    return found
