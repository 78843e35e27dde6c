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

from contrafact.audit.calls import CommitCall, FundingCall, TokenMoves
from contrafact.audit.order_events import OrderEvent
from contrafact.audit.sendings import Sendings
from contrafact.domain.history import Paid
from contrafact.domain.orders import Quote
from contrafact.domain.splits import Split
from contrafact.errors import NotFound
from contrafact.ports import OrderStatus

from .fakes import TOKEN, FakeLedger, FakeStore
from .history import World, address, empty_world, terms

WORKS = 20
_BY_KEY = ("statuses", "states", "calls", "moves", "times")
_LISTS = ("bond_list", "funded_list", "committed_list", "credited_list", "paid_list")


def write(folder: Path, orders: int) -> None:
    """A history of so many delivered orders over a few works, some of them paid out, into a folder."""
    world, database = _catalogue(), sqlite3.connect(folder / "history.db")
    database.execute("CREATE TABLE events (number INTEGER PRIMARY KEY, block INTEGER, value BLOB)")
    database.execute("CREATE INDEX by_block ON events (block)")
    database.execute("CREATE TABLE kept (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")
    works, catalogue = list(world.works), frozenset(world.store.held)
    for number in range(orders):
        first = 2 * number % WORKS
        world.works[:2] = works[first : first + 2]
        world.deliver(world.fund(f"order {number}", world.quote(number + 1)))
        if number % 10 == 0:
            world.ledger.payout(works[first], world.splits[first], 0, TOKEN)
        if number % 100 == 0:
            _move(database, world, catalogue)
    _move(database, world, catalogue)
    state = {each.name: getattr(world.ledger, each.name) for each in fields(world.ledger)}
    state |= {"disputes": _Undisputed(), "sign": None}
    database.execute("INSERT INTO kept VALUES ('ledger', ?)", (pickle.dumps(state),))
    database.commit()
    database.close()


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

    def token_moves(self, transaction: str, token: str) -> TokenMoves | None:
        found: TokenMoves = self._kept("moves", transaction)
        return found

    def sendings(self, transaction: str) -> Sendings | None:
        block = int(transaction.removeprefix("0xpaid"))
        events = self.order_events(block, block, lambda order: None)
        self.paid_list = [event for event in events if isinstance(event, Paid)]
        return super().sendings(transaction)

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


def _move(database: sqlite3.Connection, world: World, catalogue: frozenset[str]) -> None:
    """Moves what grows with orders to the disk, so that making a history takes no longer for every order before."""
    ledger = world.ledger
    events = ledger.order_events(0, ledger.block, lambda order: None)
    rows = [(event.block, pickle.dumps(event)) for event in events]
    database.executemany("INSERT INTO events (block, value) VALUES (?, ?)", rows)
    kept = {f"{what} {key!r}": pickle.dumps(value) for what in _BY_KEY for key, value in getattr(ledger, what).items()}
    database.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", kept.items())
    last = {ledger.block: ledger.timestamp()}
    for name in (*_BY_KEY, *_LISTS):
        getattr(ledger, name).clear()
    ledger.times |= last
    database.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", world.store.held.items())
    world.store.held = {key: value for key, value in world.store.held.items() if key in catalogue}
    world.orders.clear()


class _Undisputed(dict[bytes, tuple[bool, bool]]):
    def __missing__(self, key: bytes) -> tuple[bool, bool]:
        return False, False
