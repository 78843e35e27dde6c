"""The journal's file: opened, pinned to one audit, and locked against a second one."""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from contrafact.errors import Busy, InvalidInput

FORMAT = "contrafact/audit-journal/3"
_TABLES = ("events", "orders", "named", "digests", "accounts", "judged", "outcomes", "tallies", "notes")
_OF_THE_DAY = frozenset({"block", "block hash"})
"""Pins that a later audit of the same things does not share."""
_START_AGAIN = "Give another file with --journal, or delete this one to start again."
_SCHEMA = """
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (
  place INTEGER PRIMARY KEY, kind TEXT NOT NULL, block INTEGER NOT NULL, order_id TEXT, account TEXT, other TEXT,
  operator TEXT, token TEXT, amount TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS events_of_order ON events (order_id, place) WHERE order_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS events_of_account ON events (account, kind, place) WHERE account IS NOT NULL;
CREATE INDEX IF NOT EXISTS events_of_kind ON events (kind, token);
CREATE TABLE IF NOT EXISTS orders (
  number INTEGER PRIMARY KEY, order_id TEXT NOT NULL UNIQUE, maker TEXT, operator TEXT, token TEXT, escrowed TEXT,
  block INTEGER, committed INTEGER NOT NULL DEFAULT 0, rank TEXT NOT NULL, status TEXT, found INTEGER, summary TEXT
);
CREATE INDEX IF NOT EXISTS orders_by_rank ON orders (committed, rank);
CREATE TABLE IF NOT EXISTS named (thing TEXT, number INTEGER, PRIMARY KEY (thing, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS digests (digest TEXT, what TEXT, place INTEGER, order_id TEXT, PRIMARY KEY (digest, what,
  place, order_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS digests_of_order ON digests (order_id);
CREATE TABLE IF NOT EXISTS accounts (account TEXT PRIMARY KEY, split_root TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS judged (kind TEXT, id TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outcomes (number INTEGER PRIMARY KEY, sort INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS outcomes_by_sort ON outcomes (sort, number);
CREATE TABLE IF NOT EXISTS tallies (rule TEXT PRIMARY KEY, done INTEGER NOT NULL, findings INTEGER NOT NULL,
  not_checked INTEGER NOT NULL, left_out INTEGER NOT NULL) WITHOUT ROWID;
"""


class Journal:
    """An SQLite database: of its own file, or a temporary one that is gone with it.

    A file is this process's alone until `release`.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Raises InvalidInput for a file that is no journal, Busy where another audit writes it."""
        self.path = path
        with self._failures():
            self.database = self._connected()
            self.database.execute("PRAGMA locking_mode=EXCLUSIVE")
            self.database.execute("PRAGMA journal_mode=WAL" if path else "PRAGMA synchronous=OFF")
            self.database.execute("PRAGMA synchronous=NORMAL" if path else "PRAGMA journal_mode=DELETE")
            self.database.create_aggregate("total_of", 1, _Total)  # type: ignore[arg-type]
            with self.transaction():
                for statement in filter(str.strip, _SCHEMA.split(";")):
                    self.database.execute(statement)
            found = self.note("format")
        if found not in (None, FORMAT):
            raise InvalidInput(f"{path} is a journal of another version: {found}.", _START_AGAIN)
        self.keep_notes({"format": FORMAT})

    def pin(self, pins: Mapping[str, object]) -> None:
        """Ties the journal to one audit; one that was finished is emptied first, so that all is judged again.

        Raises InvalidInput where it is of another one, finished or not, and says what differs.
        """
        given = {f"pin {name}": json.dumps(value, sort_keys=True) for name, value in pins.items()}
        for name, value in given.items():
            held, what = self.note(name), name.removeprefix("pin ")
            if held not in (None, value) and not (self.is_finished and what in _OF_THE_DAY):
                raise InvalidInput(f"{self.path} is of another audit: its {what} is {held}, not {value}.", _START_AGAIN)
        if self.is_finished:
            self._empty()
        self.keep_notes(given)

    @property
    def is_finished(self) -> bool:
        """Whether the audit came to its end; nothing is left to go on with."""
        return self.note("finished") is not None

    def finish(self) -> None:
        self.keep_notes({"finished": "yes"})

    def judged(self) -> int:
        """How many subjects were judged."""
        return int(self.value("SELECT COUNT(*) FROM judged"))

    def note(self, name: str) -> str | None:
        row = self.database.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def keep_notes(self, notes: Mapping[str, str]) -> None:
        self.database.executemany("INSERT OR REPLACE INTO notes VALUES (?, ?)", notes.items())

    def rows(self, query: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, one at a time."""
        return iter(self.database.execute(query, values))

    def value(self, query: str, *values: object) -> Any:
        """The first column of a query's first row, None where there is none."""
        row = self.database.execute(query, values).fetchone()
        return None if row is None else row[0]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is kept, or nothing of it."""
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.database.execute("ROLLBACK")
            raise
        self.database.execute("COMMIT")

    def release(self) -> None:
        """Lets others have the file. What is in it can still be read here."""
        if self.path:
            self.database.execute("PRAGMA journal_mode=DELETE")  # a reader of a write-ahead log would hold the file
            self.close()
            self.database = self._connected()

    def close(self) -> None:
        self.database.close()

    def _empty(self) -> None:
        with self.transaction():
            for table in _TABLES:
                self.database.execute(f"DELETE FROM {table}")
            self.keep_notes({"format": FORMAT})

    def _connected(self) -> sqlite3.Connection:
        # An empty name is a temporary database on disk, which SQLite removes.
        # It may be another thread that collects, and so closes, what nobody uses any more.
        place = str(self.path) if self.path else ""
        database = sqlite3.connect(place, timeout=0, isolation_level=None, check_same_thread=False)
        weakref.finalize(self, database.close)
        return database

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise Busy(f"Another audit writes {self.path}.", "Wait for it, or give another --journal.") from None
            raise InvalidInput(f"The journal {self.path} cannot be opened: {error}.", "Check the path.") from None
        except sqlite3.DatabaseError as error:
            raise InvalidInput(f"{self.path} is no journal of an audit: {error}.", _START_AGAIN) from None


def pinned_block(path: Path) -> int | None:
    """The block of the audit to go on with; None where none has begun, or it is finished. Raises as `Journal` does."""
    if not path.exists():
        return None
    journal = Journal(path)
    try:
        block = journal.note("pin block")
        return None if block is None or journal.is_finished else int(block)
    finally:
        journal.close()


def listed(values: Iterable[str]) -> str:
    """Values for `IN (SELECT value FROM json_each(?))`."""
    return json.dumps(list(values))


class _Total:
    """Sums amounts exactly: they have up to 256 bits, SQLite's own integers 64."""

    def __init__(self) -> None:
        self.sum = 0

    def step(self, amount: str | None) -> None:
        self.sum += int(amount or 0)

    def finalize(self) -> str:
        return str(self.sum)
