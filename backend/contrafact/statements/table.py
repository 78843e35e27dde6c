"""A statement as CSV, with the columns of the industry's sales and usage reports (after DDEX DSR)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO

from contrafact.domain.digests import to_hex
from contrafact.domain.money import Currency, decimal
from contrafact.domain.shares import PPM
from contrafact.read_model import PaymentRow
from contrafact.statements.statement import NO_ORDER, Line, Statement, Total

COLUMNS = (
    "RecordType", "Month", "Party", "WorkId", "Title", "ISWC", "ISRC", "UseType", "Operator", "OrderId", "Usages",
    "RightSharePercentage", "GrossUnits", "NetUnits", "NetAmount", "Currency", "Token", "Time", "Transactions",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Described:
    """What a work's document says that a statement repeats; empty where it says nothing."""

    title: str = ""
    iswc: str = ""
    isrc: str = ""


_NOTHING = Described()


def to_csv(statement: Statement, described: Mapping[bytes, Described], currency: Callable[[str], Currency]) -> str:
    """The rows `Opening`, `Usage`, `Payment` and `Closing`, and apart `PendingUsage` and `PendingPayment`.

    For each token Opening + sum of Usage − sum of Payment = Closing in `NetUnits`. Times in UTC (RFC 3339).
    """
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    shared = {"Month": str(statement.month), "Party": statement.holder}
    for row in _rows(statement, described):
        token = row["Token"]
        paid = currency(token)
        amount = decimal(int(row["NetUnits"]), paid.decimals)
        writer.writerow(
            {k: _safe(k, v) for k, v in (shared | row | {"NetAmount": amount, "Currency": paid.symbol}).items()}
        )
    return out.getvalue()


def _rows(statement: Statement, described: Mapping[bytes, Described]) -> Iterator[dict[str, str]]:
    yield from (_balance("Opening", total, total.opening) for total in statement.totals)
    yield from (_usage("Usage", line, described) for line in statement.lines)
    yield from (_payment("Payment", row, described) for row in statement.payments)
    yield from (_balance("Closing", total, total.closing) for total in statement.totals)
    yield from (_usage("PendingUsage", line, described) for line in statement.pending_lines)
    yield from (_payment("PendingPayment", row, described) for row in statement.pending_payments)


def _balance(kind: str, total: Total, units: int) -> dict[str, str]:
    return {"RecordType": kind, "NetUnits": str(units), "Token": total.token}


def _usage(kind: str, line: Line, described: Mapping[bytes, Described]) -> dict[str, str]:
    return {
        "RecordType": kind,
        **_work(line.beneficiary, described),
        "UseType": line.kind,
        "Operator": line.operator or "",
        "OrderId": "" if line.order_id == NO_ORDER else to_hex(line.order_id),
        "Usages": str(line.rows),
        "RightSharePercentage": decimal(line.ppm * 100, len(str(PPM)) - 1, 4),
        "GrossUnits": str(line.amount),
        "NetUnits": str(line.due),
        "Token": line.token,
        "Time": _time(line.at),
        "Transactions": " ".join(line.transactions),
    }


def _payment(kind: str, row: PaymentRow, described: Mapping[bytes, Described]) -> dict[str, str]:
    return {
        "RecordType": kind,
        **_work(row.beneficiary, described),
        "NetUnits": str(row.amount),
        "Token": row.token,
        "Time": _time(row.at),
        "Transactions": row.transaction,
    }


def _work(beneficiary: bytes, described: Mapping[bytes, Described]) -> dict[str, str]:
    about = described.get(beneficiary, _NOTHING)
    return {"WorkId": to_hex(beneficiary), "Title": about.title, "ISWC": about.iswc, "ISRC": about.isrc}


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _safe(column: str, text: str) -> str:
    """A title is anybody's text, and a spreadsheet runs what begins like a formula; numbers may be negative."""
    is_text = column in ("Title", "Currency")
    return f"'{text}" if is_text and text.startswith(_FORMULA) else text
