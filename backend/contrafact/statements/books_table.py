"""Statements of operators and of the public as CSV: one table of records for both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from contrafact.domain.digests import to_hex
from contrafact.domain.money import decimal
from contrafact.statements.ledgers import Generated, Ledger
from contrafact.statements.operator import OperatorStatement
from contrafact.statements.postings import Order
from contrafact.statements.public import PublicStatement
from contrafact.statements.rows import FRAME_COLUMNS, Currencies, Row, header, to_csv
from contrafact.statements.texts import cell, time_text

COLUMNS = (
    "RecordType", "Month", "Party", "Ledger", "Item", "UseType", "ModelId", "ModelName", "Count", "Seconds", "Units",
    "Amount", "Currency", "Token", "OrderId", "FeeUnits", "PenaltyUnits", "Time", "Transactions", *FRAME_COLUMNS,
)  # fmt: skip


def operator_csv(statement: OperatorStatement, currency: Currencies) -> bytes:
    """`Header`, the ledgers' `Opening`, `Item` and `Closing`, then `Generated`, `Delivered`, `Refunded` and `Open`."""
    shared = {"Month": str(statement.frame.month), "Party": statement.operator}
    return to_csv(_of_operator(statement, currency), COLUMNS, shared)


def public_csv(statement: PublicStatement, currency: Currencies) -> bytes:
    """`Header`, the ledgers' `Opening`, `Item`, `Closing` and `Held`, then `Generated` and `Open`."""
    return to_csv(_of_public(statement, currency), COLUMNS, {"Month": str(statement.frame.month)})


def _of_operator(statement: OperatorStatement, currency: Currencies) -> Iterator[Row]:
    yield header(statement.frame)
    yield from _ledgers(statement.ledgers, currency)
    yield from _generated(statement.generated, statement.names, currency)
    for piece in statement.delivered:
        fee = {"FeeUnits": str(piece.fee), "Time": time_text(piece.at), "Transactions": piece.transaction}
        what = {"UseType": piece.use.name.lower(), "ModelId": to_hex(piece.model_id), "Seconds": str(piece.seconds)}
        of = {"RecordType": "Delivered", "OrderId": to_hex(piece.order_id)}
        yield of | what | fee | _amount(piece.escrowed, piece.token, currency)
    for closed in statement.refunded:
        when = {"Time": time_text(closed.at), "Transactions": closed.transaction, "PenaltyUnits": str(closed.penalty)}
        yield _order("Refunded", closed.order_id, closed.order, currency) | when
    for order_id, order in statement.open_orders.items():
        yield _order("Open", order_id, order, currency)


def _order(kind: str, order_id: bytes, order: Order, currency: Currencies) -> Row:
    quote = order.quote
    return {
        "RecordType": kind,
        "OrderId": to_hex(order_id),
        "UseType": quote.use.name.lower(),
        "ModelId": to_hex(quote.model_id),
        "Seconds": str(quote.duration),
        "Time": time_text(order.at),
        "Transactions": order.transaction,
        **_amount(order.escrowed, quote.token, currency),
    }


def _of_public(statement: PublicStatement, currency: Currencies) -> Iterator[Row]:
    yield header(statement.frame)
    yield from _ledgers(statement.ledgers, currency)
    for token, units in statement.held.items():
        yield {"RecordType": "Held", "Ledger": "works", **_amount(units, token, currency)}
    yield from _generated(statement.generated, statement.names, currency)
    for found in statement.open_orders:
        yield {"RecordType": "Open", "Count": str(found.orders), **_amount(found.escrowed, found.token, currency)}


def _ledgers(ledgers: Iterable[Ledger], currency: Currencies) -> Iterator[Row]:
    for ledger in ledgers:
        of = {"Ledger": ledger.name}
        yield {"RecordType": "Opening"} | of | _amount(ledger.opening, ledger.token, currency)
        for item in ledger.items:
            what = {"RecordType": "Item", "Item": item.name, "Count": str(item.count)}
            yield what | of | _amount(item.units, ledger.token, currency)
        yield {"RecordType": "Closing"} | of | _amount(ledger.closing, ledger.token, currency)


def _generated(found: Iterable[Generated], names: Mapping[bytes, str], currency: Currencies) -> Iterator[Row]:
    """A row for each use and model, with its fees in each token apart: `Count` and `Seconds` stand in the first."""
    for each in found:
        model = {"ModelId": to_hex(each.model_id), "ModelName": cell(names.get(each.model_id, ""))}
        what = {"RecordType": "Generated", "UseType": each.use.name.lower()} | model
        yield what | {"Count": str(each.orders), "Seconds": str(each.seconds)}
        for token, fee in each.fees:
            yield what | {"RecordType": "Fees"} | _amount(fee, token, currency)


def _amount(units: int, token: str, currency: Currencies) -> Row:
    paid = currency(token)
    text = decimal(units, paid.decimals)
    return {"Units": str(units), "Amount": text, "Currency": cell(paid.symbol), "Token": token}
