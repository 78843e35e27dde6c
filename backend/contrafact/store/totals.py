"""Facts with running totals: what royalty accounts received, what holders drew, what pools closed and paid.

A row holds the totals after it, so that the newest row of an account tells where it stands, and a rollback is a
delete.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Table, insert, select
from sqlalchemy.orm import Session

from contrafact.chain_feed import ChainEvent
from contrafact.store.tables import credits, payments, pool_moves

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
NO_ORDER = bytes(32)
POOL_EVENTS = ("EpochClosed", "EpochClaimed", "EpochCarried")
EPOCH_CLAIM = -1
"""The place of a payment that a pool's epoch made, and not a royalty account."""


class _Totals(Generic[K, V]):
    """The newest totals by key: from the database at first, then as the caller sets them."""

    def __init__(self, read: Callable[[K], V]) -> None:
        self._read = read
        self._known: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        if key not in self._known:
            self._known[key] = self._read(key)
        return self._known[key]

    def __setitem__(self, key: K, value: V) -> None:
        self._known[key] = value


def add(session: Session, events: Sequence[ChainEvent]) -> None:
    """Adds the rows of `events`, which follow all that is there."""
    for table, rows in (
        (credits, _credits(session, events)),
        (payments, _payments(session, events)),
        (pool_moves, _pool_moves(session, events)),
    ):
        if rows:
            session.execute(insert(table), rows)


def newest(session: Session, table: Table, *conditions: ColumnElement[bool]) -> Any:
    """The last row of a table of facts, or None."""
    query = select(table).where(*conditions).order_by(table.c.block.desc(), table.c.log_index.desc()).limit(1)
    return session.execute(query).one_or_none()


def _credits(session: Session, events: Sequence[ChainEvent]) -> list[dict[str, Any]]:
    def received(account: bytes) -> int:
        last = newest(session, credits, credits.c.account == account)
        return last.received if last else 0

    totals, rows = _Totals(received), []
    for event in events:
        for account, order_id, change in _changes(event):
            before = totals[account]
            totals[account] = before + change
            row = {"account": account, "order_id": order_id, "before": before, "received": before + change}
            rows.append(_at(event) | row)
    return rows


def _changes(event: ChainEvent) -> Sequence[tuple[bytes, bytes, int]]:
    """Account, order and amount of what the event adds to accounts, or takes from them."""
    a = event.arguments
    if event.name == "Credited":
        return [(a["accountId"], a["orderId"], a["amount"])]
    if event.name == "HeldMoved":
        return [(a["fromAccount"], NO_ORDER, -a["amount"]), (a["toAccount"], NO_ORDER, a["amount"])]
    return []


def _payments(session: Session, events: Sequence[ChainEvent]) -> list[dict[str, Any]]:
    def drawn(key: tuple[bytes, int]) -> int:
        last = newest(session, payments, payments.c.account == key[0], payments.c.place == key[1])
        return last.drawn if last else 0

    totals, rows = _Totals(drawn), []
    for event in events:
        a = event.arguments
        if event.name == "Paid":
            key = a["accountId"], a["index"]
            totals[key] += a["amount"]
            row = {"account": key[0], "place": key[1], "payee": a["payee"], "token": None, "drawn": totals[key]}
            rows.append(_at(event) | row | {"amount": a["amount"]})
        elif event.name == "EpochClaimed":
            row = {"account": a["modelId"], "place": EPOCH_CLAIM, "payee": a["holder"], "token": a["token"], "drawn": 0}
            rows.append(_at(event) | row | {"amount": a["amount"]})
    return rows


def _pool_moves(session: Session, events: Sequence[ChainEvent]) -> list[dict[str, Any]]:
    def pool(key: tuple[bytes, str]) -> tuple[int, int, int]:
        last = newest(session, pool_moves, pool_moves.c.model_id == key[0], pool_moves.c.token == key[1])
        return (last.closed, last.claimed, last.epochs) if last else (0, 0, 0)

    totals, rows = _Totals(pool), []
    for event in (event for event in events if event.name in POOL_EVENTS):
        key = event.arguments["modelId"], event.arguments["token"]
        closed, claimed, epochs = totals[key] = _moved(event, *totals[key])
        row = {"model_id": key[0], "token": key[1], "closed": closed, "claimed": claimed, "epochs": epochs}
        place = _at(event)
        del place["transaction_hash"]
        rows.append(place | row)
    return rows


def _moved(event: ChainEvent, closed: int, claimed: int, epochs: int) -> tuple[int, int, int]:
    """What epochs took, less what was carried back; what was claimed of them; their number."""
    a = event.arguments
    if event.name == "EpochClosed":
        return closed + a["total"], claimed, epochs + 1
    if event.name == "EpochClaimed":
        return closed, claimed + a["amount"], epochs
    return closed - a["amount"], claimed, epochs


def _at(event: ChainEvent) -> dict[str, Any]:
    return {"block": event.block, "log_index": event.index, "transaction_hash": event.transaction}
