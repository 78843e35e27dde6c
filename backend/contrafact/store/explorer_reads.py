"""Reads for the explorer: what an id names, events of a transaction, and counts of all there is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import product
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, func, or_, select, union
from sqlalchemy.orm import Session

from contrafact.explorer_reads import MOST_NAMED, Counts, Kind, Named
from contrafact.read_model import WorkRow
from contrafact.statement_reads import Happening
from contrafact.store import work_reads
from contrafact.store.cursor import Cursor
from contrafact.store.facts import CHUNK
from contrafact.store.statement_reads import happening
from contrafact.store.tables import accounts, blocks, events, holders, models, orders, works

_READ_AT_ONCE = 1_000
_IN_BOTH_CASES = 4
"""First digits of an address that are looked up in large and small letters: at most 16 ranges."""
_IDS: tuple[tuple[Kind, Column[Any], Column[Any]], ...] = (
    ("order", orders.c.order_id, orders.c.order_id),
    ("work", works.c.work_id, works.c.work_id),
    ("model", models.c.model_id, models.c.model_id),
    ("record", orders.c.record, orders.c.order_id),
    ("file", works.c.content, works.c.work_id),
    ("file", works.c.metadata_digest, works.c.work_id),
)
"""What is looked up: its column, which has an index, and the column of what it leads to."""


def counts(session: Session) -> Counts:
    def count(query: Select[Any]) -> int:
        return int(session.execute(query).scalar_one())

    return Counts(
        works=count(select(func.count()).select_from(works)),
        orders=count(select(func.count()).select_from(orders)),
        models=count(select(func.count()).select_from(models)),
        holders=count(select(func.count(func.distinct(holders.c.holder)))),
    )


def newest_works(session: Session, at: Cursor, limit: int) -> Sequence[WorkRow]:
    return work_reads.newest(session, at, limit)


def named(session: Session, beginning: str) -> Sequence[Named]:
    found: list[Named] = []
    for kind, column, leads_to in _IDS:
        query = select(column, leads_to).where(_begins(column, beginning)).order_by(column).limit(MOST_NAMED)
        found += [Named(kind, bytes(row[0]), bytes(row[1])) for row in session.execute(query)]
    query = select(accounts.c.account, works.c.work_id).join(works, works.c.work_id == accounts.c.beneficiary)
    query = query.where(_begins(accounts.c.account, beginning)).order_by(accounts.c.account).limit(MOST_NAMED)
    return [*found, *(Named("account", bytes(row[0]), bytes(row[1])) for row in session.execute(query))]


def _begins(column: Column[Any], beginning: str) -> ColumnElement[bool]:
    """Ids lie as bytes: those that begin so lie between the lowest and the highest that do."""
    lowest, highest = (bytes.fromhex(beginning.ljust(64, digit)) for digit in "0f")
    return column.between(lowest, highest)


def addressed(session: Session, beginning: str) -> Sequence[str]:
    columns = (holders.c.holder, works.c.licensor, orders.c.maker, orders.c.operator)
    begun = [select(column).where(_written_from(column, beginning)) for column in columns]
    return list(session.execute(union(*begun).limit(MOST_NAMED)).scalars())


def _written_from(column: Column[Any], beginning: str) -> ColumnElement[bool]:
    """Addresses lie as texts whose letters are large or small by a checksum: their indexes have a range for each way in
    which the first digits may be written.
    """
    written = map("".join, product(*(sorted({one.lower(), one.upper()}) for one in beginning[:_IN_BOTH_CASES])))
    ranges = [column.between(f"0x{digits}", f"0x{digits}g") for digits in written]  # "g" comes after all digits
    return or_(*ranges) & func.lower(column).startswith(f"0x{beginning}")


def in_transactions(session: Session, beginning: str) -> Sequence[Happening]:
    lowest, highest = (f"0x{beginning.ljust(64, digit)}" for digit in "0f")
    here = events.c.transaction_hash.between(lowest, highest)
    found = _events().where(here).order_by(events.c.block, events.c.log_index).limit(MOST_NAMED)
    return [happening(row) for row in session.execute(found)]


def happenings_after(session: Session, names: Sequence[str], after: int, until: int) -> Iterator[Happening]:
    wanted = events.c.name.in_(names) & (events.c.block > after) & (events.c.block <= until)
    query = _events().where(wanted).order_by(events.c.block, events.c.log_index)
    for row in session.execute(query.execution_options(yield_per=_READ_AT_ONCE)):
        yield happening(row)


def happenings_about(session: Session, subjects: Collection[bytes], names: Sequence[str]) -> Sequence[Happening]:
    found: list[Happening] = []
    wanted = list(subjects)
    for start in range(0, len(wanted), CHUNK):
        chosen = events.c.subject.in_(wanted[start : start + CHUNK]) & events.c.name.in_(names)
        found += map(happening, session.execute(_events().where(chosen)))
    return sorted(found, key=lambda each: (each.block, each.index))


def has_block(session: Session, number: int, digest: bytes) -> bool:
    query = select(func.count()).where(blocks.c.number == number, blocks.c.hash == digest)
    return bool(session.execute(query).scalar_one())


def _events() -> Select[Any]:
    return select(events, blocks.c.timestamp).join(blocks, blocks.c.number == events.c.block)
