"""An operator's month: its orders, fees and bonds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from contrafact.domain import decoding
from contrafact.statement_reads import Happening
from contrafact.statements.frame import Frame
from contrafact.statements.ledgers import Generated, Ledger, generated, ledgers
from contrafact.statements.postings import Entry, Order, Piece, Told

LEDGERS = ("orders", "bond", "owed")
NAMES = (
    "OrderFunded", "OrderCommitted", "OrderRefunded", "BondDeposited", "BondWithdrawn", "BondPaid", "Owed",
    "OwedWithdrawn",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Closed:
    """An order that was refunded in the month: what its maker got back, and what the bond paid on top."""

    order_id: bytes
    order: Order
    penalty: int
    at: int
    transaction: str


@dataclass(frozen=True, slots=True)
class OperatorStatement:
    """Ledgers by token; the month's deliveries and refunds, and the orders that are open at its end."""

    frame: Frame
    operator: str
    ledgers: tuple[Ledger, ...]
    generated: tuple[Generated, ...]
    delivered: tuple[Piece, ...]
    refunded: tuple[Closed, ...]
    open_orders: Mapping[bytes, Order]
    names: Mapping[bytes, str] = field(default_factory=dict)


def operator_statement(frame: Frame, operator: str, escrow_name: str, events: Iterable[Happening]) -> OperatorStatement:
    """From the operator's events up to the frame's block."""
    books, month = _Books(operator.lower(), escrow_name), frame.month
    entries = [entry for event in events for entry in books.take(event)]
    pieces = tuple(each for each in entries if isinstance(each, Piece) and month.start <= each.at < month.end)
    return OperatorStatement(
        frame=frame,
        operator=operator,
        ledgers=ledgers((each for each in entries if isinstance(each, Entry)), month, LEDGERS),
        generated=generated(pieces),
        delivered=pieces,
        refunded=tuple(each for each in books.closed if month.start <= each.at < month.end),
        open_orders=dict(books.orders),
    )


@dataclass(slots=True)
class _Books:
    operator: str
    escrow_name: str
    orders: dict[bytes, Order] = field(default_factory=dict)
    closed: list[Closed] = field(default_factory=list)
    _mine: set[bytes] = field(default_factory=set)

    def take(self, event: Happening) -> Told:
        a = event.arguments
        if event.name == "OrderFunded":
            yield from self._funded(event)
        elif event.name == "OrderCommitted" and a["orderId"] in self.orders:
            yield from self._committed(event)
        elif event.name == "OrderRefunded" and a["orderId"] in self.orders:
            yield from self._refunded(event)
        elif event.name.startswith("Bond") and a["operator"].lower() == self.operator:
            yield self._bond(event)
        elif event.name.startswith("Owed") and event.contract == self.escrow_name and a["to"].lower() == self.operator:
            failed = event.name == "Owed"
            item = "transfers that failed" if failed else "withdrawn"
            yield _entry(event, "owed", item, a["token"], a["amount"] if failed else -a["amount"])

    def _funded(self, event: Happening) -> Told:
        funded = decoding.funded(event)
        self._mine.add(funded.order_id)
        self.orders[funded.order_id] = Order(funded.quote, funded.escrowed, event.at, event.transaction)
        yield _entry(event, "orders", "escrowed", funded.quote.token, funded.escrowed)

    def _committed(self, event: Happening) -> Told:
        order_id = event.arguments["orderId"]
        order = self.orders.pop(order_id)
        quote, commit = order.quote, decoding.committed(event, order.quote)
        rest = order.escrowed - quote.operator_fee - commit.refunded
        yield _entry(event, "orders", "to works and training pools", quote.token, -rest)
        yield _entry(event, "orders", "fees of the operator", quote.token, -quote.operator_fee)
        yield _entry(event, "orders", "returned to makers", quote.token, -commit.refunded)
        what = (order_id, quote.use, quote.model_id, commit.commit.duration, quote.token, order.escrowed)
        yield Piece(*what, quote.operator_fee, event.at, event.transaction)

    def _refunded(self, event: Happening) -> Told:
        refund = decoding.refunded(event)
        order = self.orders.pop(refund.order_id)
        self.closed.append(Closed(refund.order_id, order, refund.penalty, event.at, event.transaction))
        yield _entry(event, "orders", "refunded to makers", order.quote.token, -refund.amount)
        yield _entry(event, "bond", "penalties to makers", order.quote.token, -refund.penalty)

    def _bond(self, event: Happening) -> Entry:
        """What a ruling takes names an order of the operator's, a fine an inquiry about a model."""
        moved = decoding.bond_moved(event)
        item = "deposited" if moved.amount > 0 else "withdrawn"
        if event.name == "BondPaid":
            item = "challenges" if moved.order_id in self._mine else "fines"
        return _entry(event, "bond", item, moved.token, moved.amount)


def _entry(event: Happening, ledger: str, item: str, token: str, units: int) -> Entry:
    return Entry(ledger, item, token, units, event.at, event.transaction)
