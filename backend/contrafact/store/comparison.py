"""Whether a database is what the chain says: held, row by row, against one that is made anew from the chain."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from contrafact.chain_feed import Block, ChainEvent, ChainFeed
from contrafact.domain.digests import sha256
from contrafact.domain.splits import HolderLeaf, Split
from contrafact.errors import NotFound
from contrafact.store import cursor, tables
from contrafact.store.database import Database
from contrafact.store.indexer import Indexer

COMPARED = (
    tables.events,
    tables.credits,
    tables.payments,
    tables.pool_moves,
    tables.works,
    tables.prices,
    tables.work_words,
    tables.orders,
    tables.order_works,
    tables.accounts,
    tables.models,
)
"""The tables that the chain alone says, and the documents that were found. Of `blocks`, those with events are compared;
`documents` and `holders` prove themselves by their digests."""
_KEPT = (tables.documents, tables.holders)


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that the database lacks, has in excess, or has otherwise than a database that was made anew."""

    table: str
    key: tuple[Any, ...]
    what: str

    def __str__(self) -> str:
        key = ", ".join(value.hex() if isinstance(value, bytes) else str(value) for value in self.key)
        return f"{self.table} ({key}) {self.what}"


def differences(database: Database, feed: ChainFeed) -> list[Difference]:
    """Every row in which the database differs from a rebuild from scratch; none where it is what the chain says.

    The rebuild comes to the block at which the database is when this begins, and has the documents that it has; the
    database may be indexed further meanwhile. Raises NotFound where nothing is indexed, or the chain is not that long.
    """
    with database.reading() as ours, _rebuilt(ours, feed) as fresh, fresh.reading() as theirs:
        found = [difference for table in COMPARED for difference in compare(ours, theirs, table)]
        found += compare(ours, theirs, tables.blocks, tables.blocks.c.eventful)
        return [*found, *_cursors(ours, theirs), *_forged(ours)]


@contextmanager
def _rebuilt(ours: Session, feed: ChainFeed) -> Iterator[Database]:
    at = cursor.load(ours)
    if at is None:
        raise NotFound("Nothing is indexed in this database yet.", "Run: contrafact index run")
    with TemporaryDirectory() as folder:
        fresh = Database(f"sqlite:///{Path(folder) / 'rebuilt.db'}")
        try:
            indexer = Indexer(fresh, _UpTo(feed, at.block))
            with fresh.writing() as writer:
                for table in _KEPT:
                    _copy(ours, writer, table)
            indexer.catch_up()
            yield fresh
        finally:
            fresh.close()


def compare(ours: Session, theirs: Session, table: Table, *conditions: Any) -> list[Difference]:
    """Differences of one table between two databases."""
    mine, other = _digests(ours, table, conditions), _digests(theirs, table, conditions)
    found = [Difference(table.name, key, "is missing") for key in other.keys() - mine.keys()]
    found += [Difference(table.name, key, "is not the chain's") for key in mine.keys() - other.keys()]
    found += [
        Difference(table.name, key, "is different") for key in mine.keys() & other.keys() if mine[key] != other[key]
    ]
    return sorted(found, key=str)


def _digests(session: Session, table: Table, conditions: Sequence[Any]) -> dict[tuple[Any, ...], bytes]:
    """The SHA-256 of each row, by its key."""
    keys = [list(table.columns).index(column) for column in table.primary_key]
    rows = session.execute(select(table).where(*conditions).execution_options(yield_per=1_000))
    plain = (tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows)
    return {tuple(row[i] for i in keys): sha256(repr(row).encode()) for row in plain}


def _cursors(ours: Session, theirs: Session) -> list[Difference]:
    """How far both are; the chain's head, as it was last seen, may differ."""
    mine, other = cursor.load(ours), cursor.load(theirs)
    same = mine and other and mine == replace(other, head=mine.head)
    return [] if same else [Difference("cursor", (1,), "is different")]


def _forged(session: Session) -> list[Difference]:
    """Documents and splits that are not what their digests say."""
    documents = session.execute(select(tables.documents).where(tables.documents.c.content.is_not(None)))
    found = [("documents", row.digest) for row in documents if sha256(row.content) != row.digest]
    leaves: dict[bytes, list[HolderLeaf]] = {}
    for row in session.execute(select(tables.holders).order_by(tables.holders.c.place)):
        leaves.setdefault(row.split_root, []).append(HolderLeaf(row.place, row.holder, row.ppm))
    found += [("holders", root) for root, of_root in leaves.items() if Split(tuple(of_root)).root != root]
    return [Difference(table, (key,), "is not what its digest says") for table, key in found]


def _copy(session: Session, to: Session, table: Table) -> None:
    rows = [dict(row._mapping) for row in session.execute(select(table))]
    if rows:
        to.execute(insert(table), rows)


class _UpTo:
    """A chain as it was when `last` was its newest block."""

    def __init__(self, feed: ChainFeed, last: int) -> None:
        self._feed, self._last = feed, last
        self.identity, self.first, self.confirmations = feed.identity, feed.first, feed.confirmations

    def head(self) -> Block:
        return self._feed.block(max(self._last, 0))

    def block(self, number: int) -> Block:
        return self._feed.block(number)

    def blocks(self, numbers: Collection[int]) -> Sequence[Block]:
        return self._feed.blocks(numbers)

    def events(self, first: int, last: int) -> Sequence[ChainEvent]:
        return self._feed.events(first, last)
