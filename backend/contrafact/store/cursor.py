"""How far the index is: one row, which changes together with the facts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from contrafact.chain_feed import ChainFeed
from contrafact.errors import DatabaseError
from contrafact.store.tables import cursor

NO_HASH = bytes(32)
_ROW = 1


@dataclass(frozen=True, slots=True)
class Cursor:
    """`block` with its `hash` and `timestamp` is the newest that was read, `head` the newest that the chain had then.

    Before anything was read, `block` is the one before `first`, and its hash zero.
    """

    identity: str
    first: int
    confirmations: int
    block: int
    hash: bytes
    timestamp: int
    head: int
    events: int

    @property
    def confirmed(self) -> int:
        """The newest block that was read and has the network's confirmations."""
        return max(min(self.block, self.head - self.confirmations + 1), self.first - 1)


def start(feed: ChainFeed) -> Cursor:
    """Where the index of a deployment begins."""
    before = feed.first - 1
    return Cursor(feed.identity, feed.first, feed.confirmations, before, NO_HASH, 0, before, 0)


def load(session: Session, *, lock: bool = False) -> Cursor | None:
    """The database's cursor, None where nothing was indexed; with `lock` nobody else changes it until the end."""
    query = select(cursor).where(cursor.c.id == _ROW)
    row: Any = session.execute(query.with_for_update() if lock else query).one_or_none()
    return Cursor(**{name: getattr(row, name) for name in Cursor.__slots__}) if row else None


def create(session: Session, new: Cursor) -> None:
    session.execute(insert(cursor).values(id=_ROW, **asdict(new)))


def save(session: Session, new: Cursor) -> None:
    session.execute(update(cursor).where(cursor.c.id == _ROW).values(**asdict(new)))


def require_same(found: Cursor, feed: ChainFeed, place: str) -> None:
    """Raises DatabaseError where the database is the index of another deployment."""
    if (found.identity, found.first) != (feed.identity, feed.first):
        text = f"The database {place} is the index of another deployment: {found.identity}, not {feed.identity}."
        raise DatabaseError(text, "Give each deployment a database of its own, or run: contrafact index rebuild")
