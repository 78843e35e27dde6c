"""The indexer: makes the database what the chain says, a bounded batch at a time.

Facts, what is derived from them, and the cursor change in one transaction, so that a process may end anywhere; several
indexers of one database do each other no harm, since each writes only where the cursor is still the one that it read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from contrafact.chain_feed import Block, ChainFeed
from contrafact.store import batches, cursor, facts, rollback, totals
from contrafact.store.batches import Batch, BatchSize, Moved
from contrafact.store.cursor import Cursor
from contrafact.store.database import Database
from contrafact.store.deriving import refresh
from contrafact.store.tables import blocks, events

KEPT = 256
"""How many of the newest blocks are kept without events, so that a reorganisation is told from where it begins."""
PATIENCE = 3
"""How often in a row the chain must be shorter than the index until that is believed: another node may be behind."""


class Outcome(StrEnum):
    IDLE = "idle"
    ADVANCED = "advanced"
    ROLLED_BACK = "rolled back"
    WAITING = "waiting"
    """The chain changed while it was read, is shorter than it was, or another indexer was quicker: try again."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a step did, where the index stands after it, and how many events came, or how many blocks went."""

    outcome: Outcome
    cursor: Cursor
    events: int = 0
    undone: int = 0


class Indexer:
    """Follows one deployment into one database, whose schema it brings up to date.

    Raises DatabaseError where the database is the index of another deployment, or fails.
    """

    def __init__(self, database: Database, feed: ChainFeed, *, size: BatchSize | None = None) -> None:
        self.database = database
        self.feed = feed
        self._size = size or BatchSize()
        self._shorter = 0
        database.migrate()
        with database.writing() as session:
            found = cursor.load(session, lock=True)
            if found is None:
                _create(session, cursor.start(feed))
            else:
                cursor.require_same(found, feed, database.place)
                cursor.save(session, replace(found, confirmations=feed.confirmations))

    def step(self) -> Step:
        """One batch further, or back to where the chain parts from the index. Raises ChainError and DatabaseError."""
        with self.database.reading() as session:
            at = cursor.load(session) or cursor.start(self.feed)
        cursor.require_same(at, self.feed, self.database.place)
        head = self.feed.head()
        if head.number < at.block:
            return self._is_shorter(at, head)
        self._shorter = 0
        if head.number == at.block:
            return self._idle(at, head) if head.hash == at.hash else self._back(at)
        try:
            batch = batches.read(self.feed, at, head, self._size.blocks)
        except Moved:
            return self._back(at)
        self._size.had(len(batch.events))
        return self._write(at, lambda session: _advance(session, at, batch))

    def catch_up(self, on_step: Callable[[Step], None] = lambda step: None) -> Cursor:
        """Steps until there is nothing to do."""
        while True:
            step = self.step()
            on_step(step)
            if step.outcome is Outcome.IDLE:
                return step.cursor

    def _idle(self, at: Cursor, head: Block) -> Step:
        if at.head == head.number:
            return Step(Outcome.IDLE, at)
        after = replace(at, head=head.number)
        with self.database.writing() as session:
            if cursor.load(session, lock=True) == at:
                cursor.save(session, after)
        return Step(Outcome.IDLE, after)

    def _is_shorter(self, at: Cursor, head: Block) -> Step:
        """A chain that is shorter than the index was cut, or its node is behind."""
        if at.hash == cursor.NO_HASH:
            return Step(Outcome.IDLE, at)  # it has not come to the deployment yet
        self._shorter += 1
        return Step(Outcome.WAITING, at) if self._shorter < PATIENCE else self._back(at)

    def _back(self, at: Cursor) -> Step:
        self._shorter = 0
        with self.database.reading() as session:
            fork = rollback.find_fork(session, self.feed)
        if fork == at.block or (fork is None and at.hash == cursor.NO_HASH):
            return Step(Outcome.WAITING, at)  # it changed only while it was read
        return self._write(at, lambda session: _undo(session, at, fork))

    def _write(self, at: Cursor, change: Callable[[Session], Step]) -> Step:
        """Makes the change unless the cursor has moved meanwhile."""
        with self.database.writing() as session:
            present = cursor.load(session, lock=True)
            if present is None or (present.block, present.hash) != (at.block, at.hash):
                return Step(Outcome.WAITING, present or at)
            return change(session)


def _advance(session: Session, at: Cursor, batch: Batch) -> Step:
    _add_blocks(session, at, batch)
    if batch.events:
        session.execute(insert(events), [facts.row(event) for event in batch.events])
        totals.add(session, batch.events)
        refresh(session, rollback.by_name([(e.name, facts.subject(e.arguments)) for e in batch.events]))
    tip, count = batch.tip, at.events + len(batch.events)
    after = replace(at, block=tip.number, hash=tip.hash, timestamp=tip.timestamp, head=batch.head, events=count)
    cursor.save(session, after)
    return Step(Outcome.ADVANCED, after, events=len(batch.events))


def _add_blocks(session: Session, at: Cursor, batch: Batch) -> None:
    eventful = {event.block for event in batch.events}
    session.execute(insert(blocks), [_block(block, block.number in eventful) for block in batch.blocks])
    oldest, newest = at.block - KEPT, batch.tip.number - KEPT
    empty = (blocks.c.number >= oldest) & (blocks.c.number < newest) & blocks.c.eventful.is_(False)
    session.execute(delete(blocks).where(empty))


def _block(block: Block, eventful: bool) -> dict[str, Any]:
    row = {"number": block.number, "hash": block.hash, "parent": block.parent, "timestamp": block.timestamp}
    return row | {"eventful": eventful}


def _undo(session: Session, at: Cursor, fork: int | None) -> Step:
    after = rollback.roll_back(session, at, fork)
    return Step(Outcome.ROLLED_BACK, after, undone=at.block - after.block)


def _create(session: Session, new: Cursor) -> None:
    try:
        with session.begin_nested():
            cursor.create(session, new)
    except IntegrityError:
        pass  # another process was quicker
