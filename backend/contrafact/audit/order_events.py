"""What happens to orders and money: the events that grow with orders, and those of one order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contrafact.domain.history import (
    BondMoved,
    Committed,
    Credited,
    DownstreamPaid,
    Fined,
    Funded,
    HeldMoved,
    Paid,
    Raised,
    Refunded,
    Ruled,
)
from contrafact.domain.holds import AccountHeld

Movement = Credited | HeldMoved | AccountHeld | Paid
"""An event of a royalty account."""
OrderEvent = Funded | Committed | Refunded | Raised | DownstreamPaid | Ruled | Fined | BondMoved | Movement
"""An event whose number grows with orders, unlike those of the catalogue."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """Something that an order committed to, and orders before it had, too: `what` it is, and their ids."""

    what: str
    digest: bytes
    orders: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class OrderEvents:
    """The events of one order, each list in the chain's order; none for an order that is not said."""

    order_id: bytes | None = None
    funded: tuple[Funded, ...] = ()
    committed: tuple[Committed, ...] = ()
    refunded: tuple[Refunded, ...] = ()
    raised: tuple[Raised, ...] = ()
    downstream: tuple[DownstreamPaid, ...] = ()
    rulings: tuple[Ruled, ...] = ()
    credited: tuple[Credited, ...] = ()
    repeated: tuple[Repeated, ...] = ()

    @classmethod
    def of(cls, order_id: bytes, events: Iterable[OrderEvent], repeated: tuple[Repeated, ...] = ()) -> OrderEvents:
        """The events of `order_id` among `events`, which are all about it."""
        found = list(events)
        return cls(
            order_id=order_id,
            funded=tuple(e for e in found if isinstance(e, Funded)),
            committed=tuple(e for e in found if isinstance(e, Committed)),
            refunded=tuple(e for e in found if isinstance(e, Refunded)),
            raised=tuple(e for e in found if isinstance(e, Raised)),
            downstream=tuple(e for e in found if isinstance(e, DownstreamPaid)),
            rulings=tuple(e for e in found if isinstance(e, Ruled)),
            credited=tuple(e for e in found if isinstance(e, Credited)),
            repeated=repeated,
        )

    @property
    def blocks(self) -> frozenset[int]:
        """The blocks whose times the order is judged by."""
        events: list[Funded | Committed | Refunded] = [*self.funded, *self.committed, *self.refunded]
        return frozenset(event.block for event in events)
