"""A holder's statement as CSV, with the columns of the industry's sales and usage reports (after DDEX DSR)."""

from __future__ import annotations

from collections.abc import Iterator

from contrafact.domain.digests import to_hex
from contrafact.read_model import PaymentRow
from contrafact.statements.described import NOTHING
from contrafact.statements.lines import NO_ORDER, Line
from contrafact.statements.rows import FRAME_COLUMNS, Currencies, Row, amount, header, to_csv
from contrafact.statements.statement import Statement, Total
from contrafact.statements.texts import cell, percentage, time_text

COLUMNS = (
    "RecordType", "Month", "Party", "WorkId", "Title", "ISWC", "ISRC", "UseType", "Operator", "OrderId", "Usages",
    "RightSharePercentage", "GrossUnits", "NetUnits", "NetAmount", "Currency", "Token", "Time", "Transactions",
    "Payee", *FRAME_COLUMNS,
)  # fmt: skip


def holder_csv(statement: Statement, currency: Currencies) -> bytes:
    """The rows `Header`, `Opening`, `Usage`, `Payment` and `Closing`, with parts of the closing balance after it.

    Apart are `PendingUsage` and `PendingPayment`, and `Unpublished`. For each token
    Opening + sum of Usage − sum of Payment = Closing = Claimable + Held in `NetUnits`. Times in UTC (RFC 3339).
    """
    shared = {"Month": str(statement.month), "Party": statement.holder}
    return to_csv(_rows(statement, currency), COLUMNS, shared)


def _rows(statement: Statement, currency: Currencies) -> Iterator[Row]:
    yield header(statement.frame)
    for total in statement.totals:
        yield _balance("Opening", total, total.opening, currency)
    yield from (_usage("Usage", line, statement, currency) for line in statement.lines)
    yield from (_payment("Payment", row, statement, currency) for row in statement.payments)
    for total in statement.totals:
        yield _balance("Closing", total, total.closing, currency)
        yield _balance("Claimable", total, total.claimable, currency)
        yield _balance("UnconfirmedPlaces", total, total.unconfirmed, currency)
        yield _balance("Held", total, total.held, currency)
    yield from (_usage("PendingUsage", line, statement, currency) for line in statement.pending_lines)
    yield from (_payment("PendingPayment", row, statement, currency) for row in statement.pending_payments)
    if statement.unpublished:
        yield {"RecordType": "Unpublished", "Usages": str(statement.unpublished)}


def _balance(kind: str, total: Total, units: int, currency: Currencies) -> Row:
    return {"RecordType": kind, **amount(units, total.token, currency)}


def _usage(kind: str, line: Line, statement: Statement, currency: Currencies) -> Row:
    return {
        "RecordType": kind,
        **_work(line.beneficiary, statement),
        "UseType": line.kind,
        "Operator": line.operator or "",
        "OrderId": "" if line.order_id == NO_ORDER else to_hex(line.order_id),
        "Usages": str(line.rows),
        "RightSharePercentage": percentage(line.ppm),
        "GrossUnits": str(line.amount),
        **amount(line.due, line.token, currency),
        "Time": time_text(line.at),
        "Transactions": " ".join(line.transactions),
    }


def _payment(kind: str, row: PaymentRow, statement: Statement, currency: Currencies) -> Row:
    return {
        "RecordType": kind,
        **_work(row.beneficiary, statement),
        **amount(row.amount, row.token, currency),
        "Time": time_text(row.at),
        "Transactions": row.transaction,
        "Payee": row.payee,
    }


def _work(beneficiary: bytes, statement: Statement) -> Row:
    about = statement.described.get(beneficiary, NOTHING)
    return {"WorkId": to_hex(beneficiary), "Title": cell(about.title), "ISWC": about.iswc, "ISRC": about.isrc}
