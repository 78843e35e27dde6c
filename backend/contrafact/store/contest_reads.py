"""Reads of contests of works: they are few, each with a bond, and are told anew from their events each time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from contrafact.domain.addresses import checksummed
from contrafact.domain.contests import EVENTS, Contest, ContestHold, ContestState, contests
from contrafact.domain.splits import account_id
from contrafact.read_model import Listing, Page
from contrafact.statement_reads import ContestQuery, ContestRow, HeldAccount
from contrafact.store import paging
from contrafact.store.cursor import Cursor
from contrafact.store.earning_reads import held_of
from contrafact.store.facts import fact, facts_of
from contrafact.store.tables import accounts, blocks, credits, events, holders, works
from contrafact.store.totals import newest


def find(session: Session, at: Cursor, query: ContestQuery, page: Page) -> Listing[ContestRow]:
    """Newest first. Raises InvalidInput."""
    rows = session.execute(  # their first argument is a number, so that they have no subject
        select(events)
        .where(events.c.subject == b"", events.c.name.in_(EVENTS))
        .order_by(events.c.block, events.c.log_index)
    )
    mine = None if query.touching is None else _touched(session, checksummed(query.touching))
    known = [one for one in contests(map(fact, rows)) if _fits(one, query, mine)]
    chosen, following = paging.slice_of(known[::-1], page, "contests", lambda one: one.number)
    return Listing(tuple(_row(session, at, one) for one in chosen), following)


def _fits(one: Contest, query: ContestQuery, works: frozenset[bytes] | None) -> bool:
    touched = works is None or one.work_id in works or one.claimant == checksummed(query.touching or "")
    return touched and query.work_id in (None, one.work_id) and (one.state is ContestState.OPEN or not query.open)


def _touched(session: Session, wallet: str) -> frozenset[bytes]:
    """Works that the wallet licenses, or holds a share of by a split that they have, or that earned under."""
    held = select(holders.c.split_root).where(holders.c.holder == wallet)
    found = union(
        select(works.c.work_id).where(works.c.licensor == wallet),
        select(works.c.work_id).where(works.c.split_root.in_(held)),
        select(accounts.c.beneficiary).where(accounts.c.split_root.in_(held)),
    )
    return frozenset(bytes(work) for work in session.execute(found).scalars())


def _row(session: Session, at: Cursor, one: Contest) -> ContestRow:
    opened: Any = session.execute(select(func.max(blocks.c.timestamp)).where(blocks.c.number == one.block)).scalar()
    held = tuple(_held(session, at, one, hold) for hold in one.holds)
    return ContestRow(one, held, int(opened), one.newest <= at.confirmed)


def _held(session: Session, at: Cursor, contest: Contest, hold: ContestHold) -> HeldAccount:
    account = account_id(contest.work_id, hold.split_root, hold.token)
    last = newest(session, credits, credits.c.account == account)
    known: Sequence[Any] = facts_of(session, [account], ["AccountHeld"]).get(account, [])
    amount = held_of(session, contest.work_id, known, last.received, at.block) if last else 0
    return HeldAccount(account, hold.token, amount)
