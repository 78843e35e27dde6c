"""A holder's statement on pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from contrafact.domain.digests import to_hex
from contrafact.read_model import PaymentRow
from contrafact.statements.described import NOTHING
from contrafact.statements.lines import NO_ORDER, Line
from contrafact.statements.rows import Currencies
from contrafact.statements.sheet import Amounts, Column, Section, Sheet, facts
from contrafact.statements.statement import Statement
from contrafact.statements.texts import one_line, percentage, time_text

MOST_TRANSACTIONS, MOST_OF_TITLE = 10, 50
_BALANCES = (
    ("Opening balance", "opening"), ("Earned in the month", "earned"), ("Paid in the month", "paid"),
    ("Closing balance", "closing"), ("of which can be claimed", "claimable"),
    ("of that, at places not confirmed", "unconfirmed"), ("of which is held by contests", "held"),
)  # fmt: skip
_BALANCE_COLUMNS = (Column("", 0.34), Column("Amount", 0.38, right=True), Column("Units", 0.28, right=True))
_EARNED = (
    Column("Work", 0.33), Column("For", 0.09), Column("Operator", 0.22), Column("Uses", 0.05, right=True),
    Column("Your part", 0.17, right=True), Column("Units", 0.14, right=True),
)  # fmt: skip
_ORDERS = (
    Column("Time", 0.11), Column("Order and transactions", 0.36), Column("Work", 0.14), Column("For", 0.075),
    Column("Share %", 0.06, right=True), Column("Token", 0.055), Column("Account's units", 0.1, right=True),
    Column("Your units", 0.1, right=True),
)  # fmt: skip
_PAID = (
    Column("Time", 0.11), Column("Transaction and payee", 0.36), Column("Work", 0.14),
    Column("Amount", 0.23, right=True), Column("Units", 0.16, right=True),
)  # fmt: skip
_NOTES = (
    "Opening balance + earned − paid = closing balance, for each token, to the unit.",
    "Your part of an account is floor(received so far × your share / 1,000,000) less the same before: parts of"
    " single credits may differ by a unit from a share of that credit, and their sum does not.",
    "What a training pool's epochs paid counts as earned when it was claimed; what is unclaimed there is not in here.",
    "How to check a statement by hand: docs/statements.md.",
)


def holder_sheet(statement: Statement, currency: Currencies) -> Sheet:
    pay = Amounts(currency)
    pending = (*statement.pending_lines, *statement.pending_payments)
    tokens = [total.token for total in statement.totals]
    tokens += [line.token for line in statement.pending_lines] + [row.token for row in statement.pending_payments]
    sections = [
        *_balances(statement, pay),
        _earned(statement, pay),
        _orders("Credits, one by one", statement.lines, statement, pay),
        _paid("Payments", statement.payments, statement, pay),
    ]
    if pending:
        note = "In blocks that are not confirmed yet. In no sum of this statement."
        orders = _orders("Not confirmed: credits", statement.pending_lines, statement, pay)
        paid = _paid("Not confirmed: payments", statement.pending_payments, statement, pay)
        sections += [replace(orders, note=note), replace(paid, note=note)]
    sections.append(pay.tokens(tokens))
    head = facts(statement.frame, [("Rights holder", statement.holder)])
    return Sheet("Royalty statement", statement.holder, statement.frame, head, tuple(sections), _notes(statement))


def _notes(statement: Statement) -> tuple[str, ...]:
    if not statement.unpublished:
        return _NOTES
    count = statement.unpublished
    return (
        *_NOTES,
        f"{count} royalty account(s) have money, and their rights split is not published, or was not fetched yet."
        " Parts of yours in them are not in this statement.",
    )


def _balances(statement: Statement, pay: Amounts) -> list[Section]:
    """A table for each token."""
    if not statement.totals:
        return [Section("Balance", _BALANCE_COLUMNS, (), empty="Nothing was earned up to the end of this month.")]
    return [
        Section(
            f"Balance in {pay.currency(total.token).symbol}",
            _BALANCE_COLUMNS,
            tuple((label, *pay.pair(getattr(total, name), total.token)) for label, name in _BALANCES),
            strong=frozenset({0, 3}),
        )
        for total in statement.totals
    ]


def _earned(statement: Statement, pay: Amounts) -> Section:
    """By work, use and operator."""
    found: dict[tuple[str, bytes, str, str, str], list[Line]] = {}
    for line in statement.lines:
        title = _title(statement, line.beneficiary)
        found.setdefault((title, line.beneficiary, line.kind, line.operator or "", line.token), []).append(line)
    rows = []
    for title, work, kind, operator, token in sorted(found):
        lines = found[title, work, kind, operator, token]
        name = f"{title}\n{to_hex(work)}" if title else to_hex(work)
        due = pay.pair(sum(line.due for line in lines), token)
        rows.append((name, kind, operator, str(sum(line.rows for line in lines)), *due))
    return Section("Earned, by work, use and operator", _EARNED, tuple(rows))


def _orders(title: str, lines: Iterable[Line], statement: Statement, pay: Amounts) -> Section:
    rows = tuple(
        (
            time_text(line.at),
            _hashes(line),
            _short(statement, line.beneficiary),
            line.kind,
            percentage(line.ppm),
            pay.currency(line.token).symbol,
            str(line.amount),
            str(line.due),
        )
        for line in lines
    )
    return Section(title, _ORDERS, rows)


def _paid(title: str, payments: Iterable[PaymentRow], statement: Statement, pay: Amounts) -> Section:
    rows = tuple(
        (
            time_text(row.at),
            f"{row.transaction}\n{row.payee}",
            _short(statement, row.beneficiary),
            *pay.pair(row.amount, row.token),
        )
        for row in payments
    )
    return Section(title, _PAID, rows)


def _hashes(line: Line) -> str:
    """The order, and its transactions: an order may have had revenue a thousand times, and a row fits on a page."""
    order = [] if line.order_id == NO_ORDER else [to_hex(line.order_id)]
    more = len(line.transactions) - MOST_TRANSACTIONS
    rest = [f"… and {more} more, which the CSV names"] if more > 0 else []
    return "\n".join([*order, *line.transactions[:MOST_TRANSACTIONS], *rest])


def _short(statement: Statement, work: bytes) -> str:
    """A title in a row of many; it stands whole where earnings are summed."""
    title = _title(statement, work) or to_hex(work)[:10]
    return title if len(title) <= MOST_OF_TITLE else f"{title[: MOST_OF_TITLE - 1]}…"


def _title(statement: Statement, work: bytes) -> str:
    """On one line: its lines would push the amounts beside it off the page."""
    return one_line(statement.described.get(work, NOTHING).title)
