"""What orders brought a holder, as the lines of a statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from contrafact.domain.shares import PPM
from contrafact.read_model import EarningRow, PaymentRow

NO_ORDER = bytes(32)


@dataclass(frozen=True, slots=True)
class Line:
    """What an order brought a holder through one royalty account: `amount` came to it, `due` is the holder's part.

    Both in units of `token`. `rows` is how many settlements these were. `kind` says what for: a use, `revenue`,
    `challenge`, `fine`, `ruling` where held money moved, `training` for a pool's epoch, `other` for what came from a
    place that is not the holder's.
    """

    kind: str
    beneficiary: bytes
    order_id: bytes
    operator: str | None
    token: str
    ppm: int
    amount: int
    due: int
    rows: int
    at: int
    transactions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Earned:
    """One credit, as it counts for a holder: of an order, of a pool's epoch, or of somebody else's place."""

    kind: str
    row: EarningRow


def earned(row: EarningRow) -> Earned:
    return Earned(row.kind, row)


def is_earned_when_paid(row: PaymentRow) -> bool:
    """A pool's epoch, whose account is the model, and what came from a place that is not the holder's by any split."""
    return row.account == row.beneficiary or not row.own


def earned_when_paid(row: PaymentRow) -> Earned:
    """The payment as an earning of the same second."""
    place = (row.account, row.beneficiary, NO_ORDER, row.token, None, None, row.amount, PPM, row.amount)
    kind = "training" if row.account == row.beneficiary else "other"
    return Earned(kind, EarningRow(*place, row.block, row.at, row.transaction, row.confirmed))


def lines(rows: Iterable[Earned]) -> tuple[Line, ...]:
    """One line for each order, account, kind, operator and share; ordered by time, then order and work."""
    found: dict[tuple[object, ...], Line] = {}
    for each in rows:
        row = each.row
        key = (row.order_id, row.account, row.token, each.kind, row.operator, row.ppm)
        found[key] = _joined(found[key], row) if key in found else _line(each)
    return tuple(sorted(found.values(), key=_place))


def _place(line: Line) -> tuple[object, ...]:
    return line.at, line.order_id, line.beneficiary, line.kind, line.token, line.ppm, line.due


def _line(each: Earned) -> Line:
    row = each.row
    what = (each.kind, row.beneficiary, row.order_id, row.operator, row.token, row.ppm)
    return Line(*what, row.amount, row.due, 1, row.at, (row.transaction,))


def _joined(line: Line, row: EarningRow) -> Line:
    return replace(
        line,
        amount=line.amount + row.amount,
        due=line.due + row.due,
        rows=line.rows + 1,
        at=min(line.at, row.at),
        transactions=tuple(sorted({*line.transactions, row.transaction})),
    )
