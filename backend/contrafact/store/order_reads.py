"""Reads of orders, each with all its events and what it brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from contrafact.domain import decoding
from contrafact.domain.addresses import checksummed
from contrafact.domain.digests import to_hex
from contrafact.errors import NotFound
from contrafact.ports import OrderStatus
from contrafact.read_model import CreditRow, Listing, OrderQuery, OrderRow, Page
from contrafact.store import paging
from contrafact.store.cursor import Cursor
from contrafact.store.deriving import ORDER_EVENTS
from contrafact.store.facts import Fact, facts_of
from contrafact.store.tables import accounts, blocks, credits, order_works, orders

_KIND, _ORDER = "orders", (orders.c.block, orders.c.log_index)


def find(session: Session, at: Cursor, query: OrderQuery, page: Page) -> Listing[OrderRow]:
    """Orders by their funding, newest first. Raises InvalidInput."""
    selected = select(orders).where(*_conditions(query))
    asked = paging.page_of(selected, page, _KIND, _ORDER, newest_first=True)
    rows = session.execute(asked).all()
    cursor = paging.following(rows, page, _KIND, _ORDER)
    return Listing(tuple(_filled(session, at, rows[: page.limit])), cursor)


def get(session: Session, at: Cursor, order_id: bytes) -> OrderRow:
    """Raises NotFound."""
    return _one(session, at, orders.c.order_id == order_id, f"Order {to_hex(order_id)} was not funded on this chain.")


def of_record(session: Session, at: Cursor, record: bytes) -> OrderRow:
    """The first order that was committed with this record. Raises NotFound."""
    return _one(session, at, orders.c.record == record, f"No order was committed with the record {to_hex(record)}.")


def open_of(session: Session, at: Cursor, operator: str) -> Sequence[OrderRow]:
    """Funded orders of an operator that are neither committed nor refunded, oldest first."""
    mine = (orders.c.operator == checksummed(operator)) & (orders.c.status == OrderStatus.FUNDED.value)
    return _filled(session, at, session.execute(select(orders).where(mine).order_by(*_ORDER)).all())


def _one(session: Session, at: Cursor, condition: ColumnElement[bool], missing: str) -> OrderRow:
    rows = session.execute(select(orders).where(condition).order_by(*_ORDER).limit(1)).all()
    if not rows:
        raise NotFound(missing, "It may be in a block that is not indexed yet.")
    return _filled(session, at, rows)[0]


def _conditions(query: OrderQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.maker is not None:
        found.append(orders.c.maker == checksummed(query.maker))
    if query.operator is not None:
        found.append(orders.c.operator == checksummed(query.operator))
    if query.status is not None:
        found.append(orders.c.status == query.status.value)
    if query.work_id is not None:
        used = (order_works.c.order_id == orders.c.order_id) & (order_works.c.work_id == query.work_id)
        found.append(exists().where(used))
    return found


def _filled(session: Session, at: Cursor, rows: Sequence[Any]) -> list[OrderRow]:
    ids = [row.order_id for row in rows]
    facts = facts_of(session, ids, ORDER_EVENTS)
    times = _times(session, {fact.block for found in facts.values() for fact in found})
    brought = _credits(session, ids)
    return [_order(facts[key], times, tuple(brought.get(key, ())), at) for key in ids]


def _order(facts: Sequence[Fact], times: dict[int, int], brought: tuple[CreditRow, ...], at: Cursor) -> OrderRow:
    by_name = {fact.name: fact for fact in reversed(facts)}
    funded = decoding.funded(by_name["OrderFunded"])
    done, back = by_name.get("OrderCommitted"), by_name.get("OrderRefunded")
    committed = decoding.committed(done, funded.quote) if done else None
    refunded = decoding.refunded(back) if back else None
    status = OrderStatus.COMMITTED if committed else OrderStatus.REFUNDED if refunded else OrderStatus.FUNDED
    closed = committed or refunded
    returned = committed.refunded if committed else refunded.amount if refunded else 0
    return OrderRow(
        order_id=funded.order_id,
        quote=funded.quote,
        maker_salt=funded.maker_salt,
        escrowed=funded.escrowed,
        status=status,
        funded_at=times[funded.block],
        funded_in=funded.transaction,
        block=funded.block,
        confirmed=facts[-1].block <= at.confirmed,
        commit=committed.commit if committed else None,
        closed_at=times[closed.block] if closed else None,
        closed_in=closed.transaction if closed else None,
        refunded=returned,
        penalty=refunded.penalty if refunded else 0,
        credits=brought,
    )


def _times(session: Session, numbers: set[int]) -> dict[int, int]:
    query = select(blocks.c.number, blocks.c.timestamp).where(blocks.c.number.in_(numbers))
    return {row.number: row.timestamp for row in session.execute(query)}


def _credits(session: Session, ids: Sequence[bytes]) -> dict[bytes, list[CreditRow]]:
    """What orders brought to each account, in the order in which it first came."""
    query = select(credits, accounts.c.beneficiary).join(accounts, accounts.c.account == credits.c.account)
    query = query.where(credits.c.order_id.in_(ids)).order_by(credits.c.block, credits.c.log_index)
    found: dict[bytes, dict[bytes, CreditRow]] = {}
    for row in session.execute(query):
        of_order = found.setdefault(row.order_id, {})
        first = of_order.get(row.account) or CreditRow(row.account, row.beneficiary, row.before, 0)
        of_order[row.account] = replace(first, amount=first.amount + row.received - row.before)
    return {order: list(credited.values()) for order, credited in found.items()}


def settled_between(session: Session, after: int, until: int) -> bool:
    """Whether a committed order's newest event is in the blocks after `after` up to `until`."""
    found = exists().where(
        orders.c.status == OrderStatus.COMMITTED.value, orders.c.newest > after, orders.c.newest <= until
    )
    return bool(session.execute(select(found)).scalar())
