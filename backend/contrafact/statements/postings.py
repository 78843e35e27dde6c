"""Money of orders as bookkeeping: each event becomes entries in ledgers that open, move and close to the unit.

The ledgers of the public are `orders` (what is escrowed), `later` (what is paid for finished orders, which goes on at
once), `works` and `pools` (royalty accounts, and what training pools hold), `bonds`, and `owed` (transfers that failed
and wait for their receiver). What leaves one for another is an entry in both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from contrafact.domain import decoding
from contrafact.domain.orders import Quote
from contrafact.domain.terms import Use
from contrafact.errors import DatabaseError
from contrafact.statement_reads import Happening

LEDGERS = ("orders", "later", "works", "pools", "bonds", "owed")
NAMES = (
    "ModelRegistered", "AccountOpened", "Credited", "OrderFunded", "OrderCommitted", "OrderRefunded", "OrderRaised",
    "DownstreamPaid", "BondDeposited", "BondWithdrawn", "BondPaid", "ConsentFined", "Paid", "EpochClaimed", "Owed",
    "OwedWithdrawn",
)  # fmt: skip
"""The events that move money."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`units` of a token came into a ledger, or left it (below nothing)."""

    ledger: str
    item: str
    token: str
    units: int
    at: int
    transaction: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece that was delivered: of how many seconds, for which use, by which model, for which fee."""

    order_id: bytes
    use: Use
    model_id: bytes
    seconds: int
    token: str
    escrowed: int
    fee: int
    at: int
    transaction: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order that was funded; `deadline` in seconds since the epoch."""

    quote: Quote
    escrowed: int
    at: int
    transaction: str


Told = Iterator[Entry | Piece]


@dataclass(slots=True)
class Bookkeeper:
    """Takes events in the chain's order. `pool_contract` is the training pools' own, which holds what it collected."""

    escrow_name: str
    pool_contract: str
    orders: dict[bytes, Order] = field(default_factory=dict)
    open_orders: dict[bytes, Order] = field(default_factory=dict)
    _models: set[bytes] = field(default_factory=set)
    _accounts: dict[bytes, tuple[str, str]] = field(default_factory=dict)
    _credits: dict[bytes, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))

    def take(self, event: Happening) -> Told:
        """What the event means; nothing for one that moves no money of these ledgers."""
        known: Mapping[str, Callable[[Happening], Told]] = {
            "OrderFunded": self._funded,
            "OrderCommitted": self._committed,
            "OrderRefunded": self._refunded,
            "OrderRaised": self._raised,
            "DownstreamPaid": self._downstream,
            "BondPaid": self._bond_paid,
            "ConsentFined": self._fined,
            "Paid": self._paid,
            "EpochClaimed": self._epoch_claimed,
            "BondDeposited": self._bond,
            "BondWithdrawn": self._bond,
            "Owed": self._owed,
            "OwedWithdrawn": self._owed,
        }
        if event.name in known:
            yield from known[event.name](event)
        else:
            self._note(event)

    def _note(self, event: Happening) -> None:
        a = event.arguments
        if event.name == "ModelRegistered":
            self._models.add(a["modelId"])
        elif event.name == "AccountOpened":
            ledger = "pools" if a["beneficiary"] in self._models else "works"
            self._accounts[a["accountId"]] = (ledger, a["token"])
        elif event.name == "Credited":
            self._credits[a["orderId"]].append((self._accounts[a["accountId"]][0], a["amount"]))

    def _taken(self, order_id: bytes) -> tuple[int, int]:
        """What works and pools were credited of an order since its last event."""
        credits = self._credits.pop(order_id, [])
        works = sum(amount for ledger, amount in credits if ledger == "works")
        return works, sum(amount for _, amount in credits) - works

    def _funded(self, event: Happening) -> Told:
        funded = decoding.funded(event)
        order = Order(funded.quote, funded.escrowed, event.at, event.transaction)
        self.orders[funded.order_id] = self.open_orders[funded.order_id] = order
        yield _entry(event, "orders", "escrowed", order.quote.token, order.escrowed)

    def _committed(self, event: Happening) -> Told:
        order_id = event.arguments["orderId"]
        order = self.open_orders.pop(order_id)
        commit, quote = decoding.committed(event, order.quote), order.quote
        works, pools = self._taken(order_id)
        out = {
            "to works": works,
            "to training pools": pools,
            "fees of operators": quote.operator_fee,
            "returned to makers": commit.refunded,
        }
        if sum(out.values()) != order.escrowed:
            text = f"The settlement of order 0x{order_id.hex()} does not sum to what was escrowed."
            raise DatabaseError(text, "Look whether the index is the chain's: contrafact index check")
        yield from (_entry(event, "orders", item, quote.token, -units) for item, units in out.items())
        yield _entry(event, "works", "from orders", quote.token, works)
        yield _entry(event, "pools", "from orders", quote.token, pools)
        what = (order_id, quote.use, quote.model_id, commit.commit.duration, quote.token, order.escrowed)
        yield Piece(*what, quote.operator_fee, event.at, event.transaction)

    def _refunded(self, event: Happening) -> Told:
        refund = decoding.refunded(event)
        order = self.open_orders.pop(refund.order_id)
        yield _entry(event, "orders", "refunded to makers", order.quote.token, -refund.amount)
        yield _entry(event, "bonds", "penalties to makers", order.quote.token, -refund.penalty)

    def _raised(self, event: Happening) -> Told:
        paid, token = event.arguments["paid"], self.orders[event.arguments["orderId"]].quote.token
        works, _ = self._taken(event.arguments["orderId"])
        yield _entry(event, "later", "paid for wider uses", token, paid)
        yield _entry(event, "later", "to works", token, -works)
        yield _entry(event, "works", "from wider uses", token, works)

    def _downstream(self, event: Happening) -> Told:
        revenue = decoding.downstream_paid(event)
        token = self.orders[revenue.order_id].quote.token
        works, _ = self._taken(revenue.order_id)
        yield _entry(event, "later", "revenue paid in", token, revenue.amount)
        yield _entry(event, "later", "to works", token, -works)
        yield _entry(event, "later", "to makers", token, -revenue.to_maker)
        yield _entry(event, "works", "from later revenue", token, works)

    def _bond_paid(self, event: Happening) -> Told:
        """A challenge that was upheld; of a fine, `ConsentFined` has told."""
        a = event.arguments
        if a["orderId"] not in self.orders:
            return
        works, _ = self._taken(a["orderId"])
        yield _entry(event, "bonds", "challenges", a["token"], -a["amount"])
        yield _entry(event, "works", "from challenges", a["token"], works)

    def _fined(self, event: Happening) -> Told:
        fine = decoding.fined(event)
        yield _entry(event, "bonds", "fines", fine.token, -fine.to_finder - fine.to_pool)
        yield _entry(event, "pools", "from fines", fine.token, fine.to_pool)

    def _paid(self, event: Happening) -> Told:
        """What a pool's account pays to the contract of the pools stays in them."""
        ledger, token = self._accounts[event.arguments["accountId"]]
        if ledger == "works" or event.arguments["payee"].lower() != self.pool_contract.lower():
            yield _entry(event, ledger, "to holders", token, -event.arguments["amount"])

    def _epoch_claimed(self, event: Happening) -> Told:
        yield _entry(event, "pools", "to holders", event.arguments["token"], -event.arguments["amount"])

    def _bond(self, event: Happening) -> Told:
        moved = decoding.bond_moved(event)
        yield _entry(event, "bonds", "deposited" if moved.amount > 0 else "withdrawn", moved.token, moved.amount)

    def _owed(self, event: Happening) -> Told:
        """The dispute desk owes for itself: what it holds are no orders' money."""
        if event.contract == self.escrow_name:
            a, failed = event.arguments, event.name == "Owed"
            sign, item = (1, "transfers that failed") if failed else (-1, "withdrawn")
            yield _entry(event, "owed", item, a["token"], sign * a["amount"])


def _entry(event: Happening, ledger: str, item: str, token: str, units: int) -> Entry:
    return Entry(ledger, item, token, units, event.at, event.transaction)


def told(keeper: Bookkeeper, events: Iterable[Happening]) -> Told:
    """Everything that the events mean."""
    for event in events:
        yield from keeper.take(event)
