"""Statements as JSON documents: canonical (RFC 8785), amounts as digits of units beside their token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contrafact.domain.digests import canonical_json, to_hex
from contrafact.read_model import PaymentRow
from contrafact.statements.described import NOTHING
from contrafact.statements.frame import Frame
from contrafact.statements.ledgers import Generated, Ledger
from contrafact.statements.lines import NO_ORDER, Line
from contrafact.statements.operator import OperatorStatement
from contrafact.statements.postings import Order
from contrafact.statements.public import PublicStatement
from contrafact.statements.rows import Currencies
from contrafact.statements.statement import Statement
from contrafact.statements.texts import time_text

Document = dict[str, Any]


def holder_json(statement: Statement, currency: Currencies) -> bytes:
    money = _Money(currency)
    names = ("opening", "earned", "paid", "closing", "held", "claimable", "unconfirmed")
    return canonical_json(
        _frame(statement.frame)
        | {
            "holder": statement.holder,
            "totals": [{n: money(getattr(total, n), total.token) for n in names} for total in statement.totals],
            "lines": [_line(line, statement, money) for line in statement.lines],
            "payments": [_payment(row, money) for row in statement.payments],
            "pending_lines": [_line(line, statement, money) for line in statement.pending_lines],
            "pending_payments": [_payment(row, money) for row in statement.pending_payments],
            "unpublished": statement.unpublished,
        }
    )


def operator_json(statement: OperatorStatement, currency: Currencies) -> bytes:
    money = _Money(currency)
    delivered = [
        _order(piece.order_id, piece.use.name, piece.model_id, piece.seconds, piece.at, piece.transaction)
        | {"escrowed": money(piece.escrowed, piece.token), "fee": money(piece.fee, piece.token)}
        for piece in statement.delivered
    ]
    refunded = [
        _funded(closed.order_id, closed.order, money)
        | {"penalty": money(closed.penalty, closed.order.quote.token)}
        | {"at": time_text(closed.at), "transaction": closed.transaction}
        for closed in statement.refunded
    ]
    return canonical_json(
        _frame(statement.frame)
        | {
            "operator": statement.operator,
            "ledgers": [_ledger(ledger, money) for ledger in statement.ledgers],
            "generated": [_generated(each, statement.names, money) for each in statement.generated],
            "delivered": delivered,
            "refunded": refunded,
            "open": [_funded(order_id, order, money) for order_id, order in statement.open_orders.items()],
        }
    )


def public_json(statement: PublicStatement, currency: Currencies) -> bytes:
    money = _Money(currency)
    return canonical_json(
        _frame(statement.frame)
        | {
            "ledgers": [_ledger(ledger, money) for ledger in statement.ledgers],
            "held": [money(units, token) for token, units in statement.held.items()],
            "generated": [_generated(each, statement.names, money) for each in statement.generated],
            "open": [{"orders": o.orders, "escrowed": money(o.escrowed, o.token)} for o in statement.open_orders],
        }
    )


class _Money:
    """Writes amounts as the API does."""

    def __init__(self, currency: Currencies) -> None:
        self._currency = currency

    def __call__(self, units: int, token: str) -> Document:
        return {"units": str(units), "token": token, "text": self._currency(token).format(units)}


def _frame(frame: Frame) -> Document:
    point = frame.point
    block = {"number": point.number, "hash": frame.block_hash, "at": frame.block_time} if point else None
    return {
        "month": str(frame.month),
        "complete": frame.complete,
        "status": frame.status,
        "chain_id": frame.chain.number,
        "contracts": dict(frame.chain.contracts),
        "block": block,
    }


def _line(line: Line, statement: Statement, money: _Money) -> Document:
    about = statement.described.get(line.beneficiary, NOTHING)
    return {
        "kind": line.kind,
        "work": to_hex(line.beneficiary),
        "title": about.title,
        "iswc": about.iswc,
        "isrc": about.isrc,
        "order": None if line.order_id == NO_ORDER else to_hex(line.order_id),
        "operator": line.operator,
        "share": line.ppm,
        "usages": line.rows,
        "amount": money(line.amount, line.token),
        "due": money(line.due, line.token),
        "at": time_text(line.at),
        "transactions": list(line.transactions),
    }


def _payment(row: PaymentRow, money: _Money) -> Document:
    return {
        "account": to_hex(row.account),
        "work": to_hex(row.beneficiary),
        "payee": row.payee,
        "amount": money(row.amount, row.token),
        "block": row.block,
        "at": time_text(row.at),
        "transaction": row.transaction,
        "confirmed": row.confirmed,
    }


def _ledger(ledger: Ledger, money: _Money) -> Document:
    items = [
        {"name": item.name, "count": item.count, "amount": money(item.units, ledger.token)} for item in ledger.items
    ]
    opening, closing = money(ledger.opening, ledger.token), money(ledger.closing, ledger.token)
    return {"ledger": ledger.name, "token": ledger.token, "opening": opening, "items": items, "closing": closing}


def _generated(each: Generated, names: Mapping[bytes, str], money: _Money) -> Document:
    return {
        "use": each.use.name.lower(),
        "model": to_hex(each.model_id),
        "name": names.get(each.model_id, ""),
        "orders": each.orders,
        "seconds": each.seconds,
        "fees": [money(units, token) for token, units in each.fees],
    }


def _funded(order_id: bytes, order: Order, money: _Money) -> Document:
    quote = order.quote
    found = _order(order_id, quote.use.name, quote.model_id, quote.duration, order.at, order.transaction)
    return found | {"escrowed": money(order.escrowed, quote.token)}


def _order(order_id: bytes, use: str, model_id: bytes, seconds: int, at: int, transaction: str) -> Document:
    return {
        "order": to_hex(order_id),
        "use": use.lower(),
        "model": to_hex(model_id),
        "seconds": seconds,
        "at": time_text(at),
        "transaction": transaction,
    }
