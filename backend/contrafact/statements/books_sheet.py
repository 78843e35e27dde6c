"""Statements of operators and of the public on pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from contrafact.domain.digests import to_hex
from contrafact.statements.ledgers import Generated, Ledger
from contrafact.statements.operator import OperatorStatement
from contrafact.statements.postings import Order
from contrafact.statements.public import PublicStatement
from contrafact.statements.rows import Currencies
from contrafact.statements.sheet import Amounts, Column, Section, Sheet, facts
from contrafact.statements.texts import one_line, time_text

LEDGERS = {
    "orders": "Escrow of orders",
    "later": "Paid for finished orders",
    "works": "Royalty accounts of works",
    "pools": "Training pools",
    "bonds": "Bonds of operators",
    "bond": "Bond",
    "owed": "Transfers that failed",
}
_LEDGER = (
    Column("", 0.34), Column("Entries", 0.08, right=True), Column("Amount", 0.34, right=True),
    Column("Units", 0.24, right=True),
)  # fmt: skip
_GENERATED = (
    Column("Use", 0.1), Column("Model", 0.5), Column("Orders", 0.08, right=True), Column("Seconds", 0.1, right=True),
    Column("Fees", 0.22, right=True),
)  # fmt: skip
_ORDERS = (
    Column("Time", 0.12), Column("Order and transaction", 0.4), Column("Use", 0.09),
    Column("Seconds", 0.07, right=True),
    Column("Escrowed, units", 0.16, right=True), Column("Fee or penalty, units", 0.16, right=True),
)  # fmt: skip
_OPEN = (Column("Token", 0.3), Column("Orders", 0.1, right=True), Column("Escrowed", 0.34, right=True),
         Column("Units", 0.26, right=True))  # fmt: skip
_HELD = (Column("", 0.42), Column("Amount", 0.34, right=True), Column("Units", 0.24, right=True))


def operator_sheet(statement: OperatorStatement, currency: Currencies) -> Sheet:
    pay = Amounts(currency)
    delivered = tuple(
        (time_text(p.at), f"{to_hex(p.order_id)}\n{p.transaction}", p.use.name.lower(), str(p.seconds),
         str(p.escrowed), str(p.fee))
        for p in statement.delivered
    )  # fmt: skip
    refunded = tuple((*_order(c.order_id, c.order, c.at, c.transaction), str(c.penalty)) for c in statement.refunded)
    still = tuple((*_order(o, order, order.at, order.transaction), "") for o, order in statement.open_orders.items())
    sections = (
        *_ledgers(statement.ledgers, pay),
        _generated(statement.generated, statement.names, pay),
        Section("Delivered orders", _ORDERS, delivered),
        Section("Refunded orders", _ORDERS, refunded),
        Section("Open orders at the end", _ORDERS, still, empty="None."),
        pay.tokens([ledger.token for ledger in statement.ledgers]),
    )
    head = facts(statement.frame, [("Operator", statement.operator)])
    notes = (
        "In each ledger, opening + entries = closing, to the unit. What leaves is below nothing.",
        "The closing bond is what covers orders and what is being withdrawn. How to check it: docs/statements.md.",
    )
    return Sheet("Operator's statement", statement.operator, statement.frame, head, sections, notes)


def public_sheet(statement: PublicStatement, currency: Currencies) -> Sheet:
    pay = Amounts(currency)
    held = tuple(("held by contests", *pay.pair(units, token)) for token, units in statement.held.items())
    still = tuple(
        (pay.currency(o.token).symbol, str(o.orders), *pay.pair(o.escrowed, o.token)) for o in statement.open_orders
    )
    sections = (
        _generated(statement.generated, statement.names, pay),
        *_ledgers(statement.ledgers, pay),
        Section("Of the royalty accounts of works", _HELD, held, empty="Nothing is held by contests."),
        Section("Open orders at the end", _OPEN, still, empty="None."),
        pay.tokens([ledger.token for ledger in statement.ledgers]),
    )
    notes = (
        "In each ledger, opening + entries = closing, to the unit. What leaves is below nothing.",
        "All that was escrowed goes to works, training pools, fees and back to makers, or is still open.",
        "Bonds of contests and challenges, which the dispute desk keeps, are no money of orders, and not in here.",
    )
    return Sheet("Public statement", "all orders", statement.frame, facts(statement.frame, []), sections, notes)


def _order(order_id: bytes, order: Order, at: int, transaction: str) -> tuple[str, ...]:
    use, seconds = order.quote.use.name.lower(), str(order.quote.duration)
    return time_text(at), f"{to_hex(order_id)}\n{transaction}", use, seconds, str(order.escrowed)


def _ledgers(ledgers: Iterable[Ledger], pay: Amounts) -> list[Section]:
    found = [_ledger(ledger, pay) for ledger in ledgers]
    return found or [Section("Ledgers", _LEDGER, (), empty="No money moved up to the end of this month.")]


def _ledger(ledger: Ledger, pay: Amounts) -> Section:
    opening, closing = (pay.pair(units, ledger.token) for units in (ledger.opening, ledger.closing))
    items = [(item.name, str(item.count), *pay.pair(item.units, ledger.token)) for item in ledger.items]
    rows = (("Opening", "", *opening), *items, ("Closing", "", *closing))
    title = f"{LEDGERS[ledger.name]}, in {pay.currency(ledger.token).symbol}"
    return Section(title, _LEDGER, rows, strong=frozenset({0, len(rows) - 1}))


def _generated(found: Iterable[Generated], names: Mapping[bytes, str], pay: Amounts) -> Section:
    rows = tuple(
        (
            each.use.name.lower(),
            "\n".join(filter(None, (one_line(names.get(each.model_id, "")), to_hex(each.model_id)))),
            str(each.orders),
            str(each.seconds),
            "\n".join(pay.text(units, token) for token, units in each.fees),
        )
        for each in found
    )
    return Section("Generated, by use and model", _GENERATED, rows)
