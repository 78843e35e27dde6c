"""Made-up honest histories of many orders, kept on disk, so that memory shows what the audit takes and not the chain.

The files are the bench's own, written and read by it alone within one run.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from contrafact.audit.calls import CommitCall, FundingCall
from contrafact.audit.order_events import OrderEvent
from contrafact.domain.orders import Quote
from contrafact.domain.splits import Split
from contrafact.errors import NotFound
from contrafact.ports import OrderStatus

from .fakes import TOKEN, FakeLedger, FakeStore
from .history import World, address, empty_world, terms

WORKS = 20
_BY_KEY = ("statuses", "states", "calls", "times")
_LISTS = ("funded_list", "committed_list", "credited_list", "paid_list")


def write(folder: Path, orders: int) -> None:
    """A history of so many delivered orders over a few works, some of them paid out, into a folder."""
    world = _catalogue()
    for number in range(orders):
        first = 2 * number % WORKS
        pair = world.works[first : first + 2]
        world.works[:2], kept = pair, world.works[:2]
        world.deliver(world.fund(f"order {number}", world.quote(number + 1)))
        world.works[:2] = kept
        if number % 10 == 0:
            world.ledger.payout(world.works[first], world.splits[first], 0, TOKEN)
    _keep(folder, world)


def read(folder: Path) -> tuple[FakeLedger, FakeStore]:
    """Chain and store of a folder that `write` wrote."""
    database = sqlite3.connect(folder / "history.db")
    (state,) = database.execute("SELECT value FROM kept WHERE key = 'ledger'").fetchone()
    ledger = DiskLedger(**pickle.loads(state))
    ledger.database = database
    return ledger, DiskStore(database)


class DiskLedger(FakeLedger):
    """A fake chain whose orders lie on disk."""

    database: sqlite3.Connection

    def order_events(self, first: int, last: int, quote_of: Callable[[bytes], Quote | None]) -> list[OrderEvent]:
        query = "SELECT value FROM events WHERE block BETWEEN ? AND ? ORDER BY number"
        return [pickle.loads(value) for (value,) in self.database.execute(query, (first, last))]

    def order_status(self, order_id: bytes) -> OrderStatus:
        return OrderStatus(self._kept("statuses", order_id))

    def order_state(self, order_id: bytes) -> bytes:
        return bytes(self._kept("states", order_id))

    def block_time(self, block: int) -> int:
        return int(self._kept("times", block))

    def funding_call(self, transaction: str) -> FundingCall | None:
        found: FundingCall = self._kept("calls", transaction)
        return found

    def commit_call(self, transaction: str, order_id: bytes) -> CommitCall | None:
        found: CommitCall = self._kept("calls", transaction)
        return found

    def _kept(self, what: str, key: object) -> Any:
        return pickle.loads(_value(self.database, f"{what} {key!r}"))


class DiskStore(FakeStore):
    """A fake content store on disk."""

    def __init__(self, database: sqlite3.Connection) -> None:
        super().__init__()
        self.database = database

    def get(self, cid: str) -> bytes:
        return _value(self.database, cid)

    def has(self, cid: str) -> bool:
        return self.database.execute("SELECT 1 FROM kept WHERE key = ?", (cid,)).fetchone() is not None


def _value(database: sqlite3.Connection, key: str) -> bytes:
    row = database.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
    if row is None:
        raise NotFound(f"{key} is not here.")
    return bytes(row[0])


def _catalogue() -> World:
    world = empty_world()
    holders = [address(f"holder {number}") for number in range(WORKS)]
    for number in range(WORKS):
        split = Split.of([(holders[number], 600_000), (holders[number - 1], 400_000)])
        world.ledger.set_terms(world.add_work(f"Tune {number}", "publisher", split), terms(100_000 + number))
    return world


def _keep(folder: Path, world: World) -> None:
    ledger, database = world.ledger, sqlite3.connect(folder / "history.db")
    events = ledger.order_events(0, ledger.block, lambda order: None)
    rows = [(number, event.block, pickle.dumps(event)) for number, event in enumerate(events)]
    kept = {f"{what} {key!r}": pickle.dumps(value) for what in _BY_KEY for key, value in getattr(ledger, what).items()}
    state = {each.name: getattr(ledger, each.name) for each in fields(ledger)}
    state |= {"disputes": _Undisputed(), "sign": None}
    state |= {name: {} for name in _BY_KEY} | {name: [] for name in _LISTS}
    with database:
        database.execute("CREATE TABLE events (number INTEGER PRIMARY KEY, block INTEGER, value BLOB)")
        database.execute("CREATE INDEX by_block ON events (block)")
        database.execute("CREATE TABLE kept (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")
        database.executemany("INSERT INTO events VALUES (?, ?, ?)", rows)
        database.executemany("INSERT INTO kept VALUES (?, ?)", kept.items())
        database.executemany("INSERT INTO kept VALUES (?, ?)", world.store.held.items())
        database.execute("INSERT INTO kept VALUES ('ledger', ?)", (pickle.dumps(state),))
    database.close()


class _Undisputed(dict[bytes, tuple[bool, bool]]):
    def __missing__(self, key: bytes) -> tuple[bool, bool]:
        return False, False
