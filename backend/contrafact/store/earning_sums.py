"""A holder's earnings summed by work, kind, operator or month.

Amounts have up to 128 bits and a line's part is rounded down, both beyond SQLite's numbers: the database chooses and
joins the lines, and they are added up here, as whole numbers of any size, while they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from contrafact.domain.terms import Use
from contrafact.read_model import kind_of
from contrafact.statement_reads import By, EarningSum
from contrafact.store.causes import causes_of
from contrafact.store.cursor import Cursor
from contrafact.store.earning_reads import EarningQuery, due_of, lines

_AT_ONCE = 1_000
Key = bytes | str | None


def sums(session: Session, at: Cursor, asked: EarningQuery, by: By) -> Sequence[EarningSum]:
    """By token; in each the largest first, months in their order. Raises InvalidInput."""
    found: dict[tuple[str, Key], list[int]] = {}
    for rows in session.execute(lines(asked).execution_options(yield_per=_AT_ONCE)).partitions(_AT_ONCE):
        key = _keys(session, rows, by)
        for row in rows:
            total = found.setdefault((row.token, key(row)), [0, 0, 0])
            total[0] += 1
            total[1 if row.block <= at.confirmed else 2] += due_of(row)
    made = [EarningSum(key, token, *total) for (token, key), total in found.items()]
    return sorted(made, key=_by_month if by is By.MONTH else _by_size)


def _keys(session: Session, rows: Iterable[Any], by: By) -> Callable[[Any], Key]:
    """How the key of a row is told, for these rows."""
    if by is By.WORK:
        return lambda row: bytes(row.beneficiary)
    if by is By.OPERATOR:
        return lambda row: row.operator
    if by is By.MONTH:
        return lambda row: f"{datetime.fromtimestamp(row.timestamp, UTC):%Y-%m}"
    causes = causes_of(session, {bytes(row.order_id) for row in rows})

    def kind(row: Any) -> str:
        reason, raised = causes.of(bytes(row.order_id), (row.block, row.log_index))
        ordered = None if row.use is None else Use(row.use)
        return kind_of(reason, raised if raised is not None else ordered)

    return kind


def _by_size(one: EarningSum) -> tuple[object, ...]:
    key = one.key.hex() if isinstance(one.key, bytes) else one.key or ""
    return one.token.lower(), -one.earned - one.pending, key


def _by_month(one: EarningSum) -> tuple[object, ...]:
    return one.token.lower(), one.key
