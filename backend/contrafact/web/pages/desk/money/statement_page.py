"""A statement as a page writes it: amounts in words, lines with what they are for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from contrafact.domain.digests import to_hex
from contrafact.domain.money import Currency
from contrafact.read_model import PaymentRow
from contrafact.statements import Month, Statement
from contrafact.statements.lines import NO_ORDER, Line
from contrafact.web.pages.words import use

KINDS = {
    "revenue": "later revenue",
    "challenge": "a challenge, paid from the operator's bond",
    "fine": "a fine, paid from the operator's bond",
    "ruling": "a ruling on a contest",
    "training": "training pool",
    "other": "another place",
}


def month_name(month: Month) -> str:
    """`November 2026`."""
    return f"{datetime.fromtimestamp(month.start, UTC):%B %Y}"


def kind_words(kind: str) -> str:
    """What a line is for, in words."""
    return KINDS.get(kind) or use(kind)


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token's month: symbol, and its sums as (name, amount, what it means); `rest` are parts of the closing."""

    symbol: str
    sums: list[tuple[str, str, str]]
    rest: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class LineView:
    at: datetime
    title: str
    work: str
    is_work: bool
    kind: str
    order: str
    ppm: int
    amount: str
    due: str
    transactions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaymentView:
    at: datetime
    title: str
    amount: str
    payee: str
    transaction: str


class StatementView:
    def __init__(self, statement: Statement, currency: Callable[[str], Currency]) -> None:
        self.statement, self._currency = statement, currency
        self.complete, point = statement.complete, statement.frame.point
        self.is_over = datetime.now(UTC).timestamp() >= statement.month.end
        self.at = datetime.fromtimestamp(point.at, UTC) if point else None
        self.month_name = month_name(statement.month)
        self.unpublished = statement.unpublished
        self.tokens = [self._token(total.token) for total in statement.totals]
        self.lines, self.pending_lines = self._lines(statement.lines), self._lines(statement.pending_lines)
        self.payments = self._payments(statement.payments)
        self.pending_payments = self._payments(statement.pending_payments)

    def _money(self, units: int, token: str) -> str:
        return self._currency(token).format(units)

    def _token(self, token: str) -> TokenView:
        (total,) = (one for one in self.statement.totals if one.token == token)
        said = [
            ("Opening", total.opening, "earned before this month and not yet paid"),
            ("Earned", total.earned, "came to you in this month"),
            ("Paid", -total.paid, "reached a wallet"),
            ("Closing", total.closing, "earned and not yet paid at the end"),
        ]
        rest = [("claimable", total.claimable, "you can have it"), ("held", total.held, "a contest holds it")]
        if total.unconfirmed:
            rest.append(("at places that you have not confirmed", total.unconfirmed, "part of what is claimable"))
        symbol = self._currency(token).symbol
        return TokenView(symbol, self._written(said, token), self._written(rest, token))

    def _written(self, rows: Iterable[tuple[str, int, str]], token: str) -> list[tuple[str, str, str]]:
        return [(name, self._money(units, token), words) for name, units, words in rows]

    def _title(self, work: bytes) -> str:
        found = self.statement.described.get(work)
        return found.title if found else ""

    def _lines(self, lines: Iterable[Line]) -> list[LineView]:
        return [
            LineView(
                at=datetime.fromtimestamp(line.at, UTC),
                title=self._title(line.beneficiary),
                work=to_hex(line.beneficiary),
                is_work=line.kind != "training",
                kind=kind_words(line.kind),
                order="" if line.order_id == NO_ORDER else to_hex(line.order_id),
                ppm=line.ppm,
                amount=self._money(line.amount, line.token),
                due=self._money(line.due, line.token),
                transactions=line.transactions,
            )
            for line in lines
        ]

    def _payments(self, rows: Iterable[PaymentRow]) -> list[PaymentView]:
        return [
            PaymentView(
                at=datetime.fromtimestamp(row.at, UTC),
                title=self._title(row.beneficiary),
                amount=self._money(row.amount, row.token),
                payee="" if row.payee.lower() == self.statement.holder.lower() else row.payee,
                transaction=row.transaction,
            )
            for row in rows
        ]
