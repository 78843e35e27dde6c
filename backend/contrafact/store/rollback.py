"""Going back to where the index and the chain part: the facts above are deleted, what was derived is made anew."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from contrafact.chain_feed import ChainFeed
from contrafact.errors import NotFound
from contrafact.store.cursor import NO_HASH, Cursor, load, save
from contrafact.store.database import Database
from contrafact.store.deriving import refresh
from contrafact.store.tables import READ_MODEL, blocks, credits, events, payments, pool_moves

_NEAR = 512  # blocks that are looked at before all are
FACTS = (events, credits, payments, pool_moves)


def find_fork(session: Session, feed: ChainFeed) -> int | None:
    """The newest block of the index that the chain has, too; None where it has none of them."""
    query = select(blocks.c.number, blocks.c.hash).order_by(blocks.c.number.desc())
    for limit in (_NEAR, None):
        known = [(row.number, row.hash) for row in session.execute(query.limit(limit))]
        foreign = bisect_left(known, True, key=lambda block: _has(feed, *block))
        if foreign < len(known):
            return int(known[foreign][0])
        if limit is None or len(known) < limit:
            break
    return None


def _has(feed: ChainFeed, number: int, hash_: bytes) -> bool:
    try:
        return feed.block(number).hash == hash_
    except NotFound:
        return False


def roll_back(session: Session, cursor: Cursor, to: int | None) -> Cursor:
    """Takes back all above block `to`, which is one of `blocks`; None takes back everything. Returns the cursor."""
    above = cursor.first - 1 if to is None else to
    query = select(events.c.name, events.c.subject).where(events.c.block > above)
    gone = [(row.name, bytes(row.subject)) for row in session.execute(query)]
    for table in FACTS:
        session.execute(delete(table).where(table.c.block > above))
    refresh(session, by_name(gone))
    place = _place(session, cursor, to)
    session.execute(delete(blocks).where(blocks.c.number > above))
    after = replace(cursor, events=cursor.events - len(gone), **place)
    save(session, after)
    return after


def empty(database: Database) -> None:
    """Deletes every row of the read model."""
    with database.writing() as session:
        load(session, lock=True)
        for table in READ_MODEL:
            session.execute(delete(table))


def by_name(pairs: list[tuple[str, bytes]]) -> Mapping[str, list[bytes]]:
    """The subjects of events, by the events' names."""
    found: dict[str, list[bytes]] = {}
    for name, subject in pairs:
        found.setdefault(name, []).append(subject)
    return found


def _place(session: Session, cursor: Cursor, to: int | None) -> dict[str, Any]:
    if to is None:
        return {"block": cursor.first - 1, "hash": NO_HASH, "timestamp": 0}
    row = session.execute(select(blocks).where(blocks.c.number == to)).one()
    return {"block": row.number, "hash": row.hash, "timestamp": row.timestamp}
