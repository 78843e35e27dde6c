"""A holder's month. Of each token: opening + earned − paid = closing = claimable + held, to the unit.

Only confirmed rows count. What no confirmed block holds yet is listed apart, and is in no sum. What a training pool's
epoch paid (a payment whose account is its beneficiary, the model) was earned when it was claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from contrafact.errors import DatabaseError
from contrafact.ports import PlaceStatus
from contrafact.read_model import BalanceRow, EarningRow, PaymentRow
from contrafact.statements.described import Described
from contrafact.statements.frame import Frame
from contrafact.statements.lines import Earned, Line, earned, earned_when_paid, is_earned_when_paid, lines
from contrafact.statements.month import Month


@dataclass(frozen=True, slots=True)
class Total:
    """A token's balance over the month, in its units. `held` and `claimable` are parts of the closing balance.

    `unconfirmed` is the part of what is claimable that lies at places which the holder has not confirmed: it can be
    claimed, but is not sent by itself.
    """

    token: str
    opening: int = 0
    earned: int = 0
    paid: int = 0
    held: int = 0
    claimable: int = 0
    unconfirmed: int = 0

    @property
    def closing(self) -> int:
        """What was earned and not paid at the month's end."""
        return self.opening + self.earned - self.paid


@dataclass(frozen=True, slots=True)
class Statement:
    """`pending_lines` and `pending_payments` are the month's that are not confirmed: in no total.

    `unpublished` counts royalty accounts with money whose rights split no document has told: what of it is the
    holder's is not in the statement.
    """

    frame: Frame
    holder: str
    totals: tuple[Total, ...]
    lines: tuple[Line, ...]
    payments: tuple[PaymentRow, ...]
    pending_lines: tuple[Line, ...] = ()
    pending_payments: tuple[PaymentRow, ...] = ()
    unpublished: int = 0
    described: Mapping[bytes, Described] = field(default_factory=dict)

    @property
    def month(self) -> Month:
        return self.frame.month

    @property
    def complete(self) -> bool:
        return self.frame.complete

    @property
    def works(self) -> set[bytes]:
        """All works and models that it names."""
        lines = {line.beneficiary for line in (*self.lines, *self.pending_lines)}
        return lines | {row.beneficiary for row in (*self.payments, *self.pending_payments)}

    def require_sound(self) -> None:
        """Raises DatabaseError where closing balances are not what can be claimed and what is held."""
        wrong = [total.token for total in self.totals if total.closing != total.claimable + total.held]
        if wrong:
            text = f"The index has other balances of {self.holder} than its events make, in {', '.join(wrong)}."
            raise DatabaseError(text, "Look what differs: contrafact index check")


def statement_of(
    frame: Frame,
    holder: str,
    earnings: Iterable[EarningRow],
    payments: Iterable[PaymentRow],
    balances: Iterable[BalanceRow] = (),
    unpublished: int = 0,
) -> Statement:
    """The holder's statement of a month, from all its rows until the month's end; later ones are left out.

    `balances` are those at the frame's block.
    """
    month = frame.month
    paid = sorted((row for row in payments if row.at < month.end), key=_moment)
    gained = [earned(row) for row in earnings] + [earned_when_paid(row) for row in paid if is_earned_when_paid(row)]
    gained = [each for each in gained if each.row.at < month.end]
    own, own_paid = [each for each in gained if each.row.at >= month.start], [r for r in paid if r.at >= month.start]
    return Statement(
        frame=frame,
        holder=holder,
        totals=_totals(month, gained, paid, balances),
        lines=lines(each for each in own if each.row.confirmed),
        payments=tuple(row for row in own_paid if row.confirmed),
        pending_lines=lines(each for each in own if not each.row.confirmed),
        pending_payments=tuple(row for row in own_paid if not row.confirmed),
        unpublished=unpublished,
    )


def _moment(row: PaymentRow) -> tuple[object, ...]:
    return row.at, row.block, row.transaction, row.beneficiary, row.account, row.token, row.amount


def _totals(
    month: Month, gained: Sequence[Earned], paid: Sequence[PaymentRow], balances: Iterable[BalanceRow]
) -> tuple[Total, ...]:
    totals: dict[str, Total] = {}
    for token, at, amount, sign in (
        *((each.row.token, each.row.at, each.row.due, 1) for each in gained if each.row.confirmed),
        *((row.token, row.at, row.amount, -1) for row in paid if row.confirmed),
    ):
        total = totals.get(token) or Total(token)
        if at < month.start:
            total = replace(total, opening=total.opening + sign * amount)
        elif sign > 0:
            total = replace(total, earned=total.earned + amount)
        else:
            total = replace(total, paid=total.paid + amount)
        totals[token] = total
    for row in balances:
        if row.earned or row.drawn:
            totals[row.token] = _with_place(totals.get(row.token) or Total(row.token), row)
    return tuple(totals[token] for token in sorted(totals, key=str.lower))


def _with_place(total: Total, row: BalanceRow) -> Total:
    waits = row.claimable if row.status is PlaceStatus.UNCONFIRMED else 0
    return replace(
        total,
        held=total.held + row.held,
        claimable=total.claimable + row.claimable,
        unconfirmed=total.unconfirmed + waits,
    )
