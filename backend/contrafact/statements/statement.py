"""The statement itself. Of each token: opening + earned − paid = closing, to the unit.

Only confirmed rows count. What no confirmed block holds yet is listed apart, and is in no sum. What a training pool's
epoch paid (a payment whose account is its beneficiary, the model) was earned when it was claimed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from contrafact.domain.shares import PPM
from contrafact.domain.terms import Use
from contrafact.read_model import EarningRow, PaymentRow
from contrafact.statements.month import Month

NO_ORDER = bytes(32)


@dataclass(frozen=True, slots=True)
class Line:
    """What an order brought a holder through one royalty account: `amount` came to it, `due` is the holder's part.

    Both in units of `token`. `rows` is how many settlements these were: a later use or revenue adds one.
    """

    beneficiary: bytes
    order_id: bytes
    use: Use | None
    operator: str | None
    token: str
    ppm: int
    amount: int
    due: int
    rows: int
    at: int
    transactions: tuple[str, ...]
    of_pool: bool = False

    @property
    def kind(self) -> str:
        """What it was for: a use, `training` for a pool's epoch, `ruling` where held money moved."""
        if self.use is not None:
            return self.use.name.lower()
        return "training" if self.of_pool else "ruling"


@dataclass(frozen=True, slots=True)
class Total:
    """A token's balance over the month, in its units."""

    token: str
    opening: int
    earned: int
    paid: int

    @property
    def closing(self) -> int:
        """What was earned and not paid at the month's end."""
        return self.opening + self.earned - self.paid


@dataclass(frozen=True, slots=True)
class Statement:
    """`complete` says that the month is over, and everything in it has its confirmations.

    `pending_lines` and `pending_payments` are the month's that are not confirmed: in no total.
    """

    holder: str
    month: Month
    complete: bool
    totals: tuple[Total, ...]
    lines: tuple[Line, ...]
    payments: tuple[PaymentRow, ...]
    pending_lines: tuple[Line, ...] = ()
    pending_payments: tuple[PaymentRow, ...] = ()


def statement_of(
    holder: str,
    month: Month,
    earnings: Iterable[EarningRow],
    payments: Iterable[PaymentRow],
    confirmed_until: int,
) -> Statement:
    """The holder's statement of a month, from all its rows until the month's end; later ones are left out.

    `confirmed_until` is the time of the newest confirmed block, in seconds since the epoch.
    """
    paid = [row for row in payments if row.at < month.end]
    earned = [row for row in (*earnings, *map(_claimed, filter(_is_of_pool, paid))) if row.at < month.end]
    own, own_paid = [row for row in earned if row.at >= month.start], [row for row in paid if row.at >= month.start]
    pending = tuple(row for row in own_paid if not row.confirmed)
    return Statement(
        holder=holder,
        month=month,
        complete=confirmed_until >= month.end
        and all(row.confirmed for row in earned)
        and all(row.confirmed for row in paid),
        totals=_totals(month, earned, paid),
        lines=_lines(row for row in own if row.confirmed),
        payments=tuple(row for row in own_paid if row.confirmed),
        pending_lines=_lines(row for row in own if not row.confirmed),
        pending_payments=pending,
    )


def _is_of_pool(row: PaymentRow) -> bool:
    return row.account == row.beneficiary


def _claimed(row: PaymentRow) -> EarningRow:
    """A part of an epoch, as an earning of the second in which it was claimed."""
    return EarningRow(
        account=row.account,
        beneficiary=row.beneficiary,
        order_id=NO_ORDER,
        token=row.token,
        use=None,
        operator=None,
        amount=row.amount,
        ppm=PPM,
        due=row.amount,
        block=row.block,
        at=row.at,
        transaction=row.transaction,
        confirmed=row.confirmed,
    )


def _totals(month: Month, earned: Iterable[EarningRow], paid: Iterable[PaymentRow]) -> tuple[Total, ...]:
    totals: dict[str, Total] = {}
    for token, at, amount, sign in (
        *((row.token, row.at, row.due, 1) for row in earned if row.confirmed),
        *((row.token, row.at, row.amount, -1) for row in paid if row.confirmed),
    ):
        total = totals.get(token) or Total(token, 0, 0, 0)
        if at < month.start:
            total = replace(total, opening=total.opening + sign * amount)
        elif sign > 0:
            total = replace(total, earned=total.earned + amount)
        else:
            total = replace(total, paid=total.paid + amount)
        totals[token] = total
    return tuple(totals[token] for token in sorted(totals, key=str.lower))


def _lines(rows: Iterable[EarningRow]) -> tuple[Line, ...]:
    """One line for each order, account, use, operator and share; ordered by time, then order and work."""
    lines: dict[tuple[object, ...], Line] = {}
    for row in rows:
        key = (row.order_id, row.account, row.token, row.use, row.operator, row.ppm)
        before = lines.get(key)
        lines[key] = _line(row) if before is None else _joined(before, row)
    return tuple(sorted(lines.values(), key=lambda line: (line.at, line.order_id, line.beneficiary, line.ppm)))


def _line(row: EarningRow) -> Line:
    what = (row.beneficiary, row.order_id, row.use, row.operator, row.token, row.ppm)
    return Line(*what, row.amount, row.due, 1, row.at, (row.transaction,), row.account == row.beneficiary)


def _joined(line: Line, row: EarningRow) -> Line:
    more = () if row.transaction in line.transactions else (row.transaction,)
    return replace(
        line,
        amount=line.amount + row.amount,
        due=line.due + row.due,
        rows=line.rows + 1,
        at=min(line.at, row.at),
        transactions=line.transactions + more,
    )
