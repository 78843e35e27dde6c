"""A range of the deployment's decoded events → the events of orders and money that the audit keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from contrafact.audit.order_events import OrderEvent
from contrafact.chain_feed import ChainEvent
from contrafact.domain import decoding, holds
from contrafact.domain.decoding import Accounts
from contrafact.domain.history import Funded
from contrafact.domain.orders import Quote

_ESCROW, _DESK = "GenerationEscrow", "DisputeDesk"
_ALONE: dict[tuple[str, str], Callable[[ChainEvent], OrderEvent]] = {
    (_ESCROW, "OrderFunded"): decoding.funded,
    (_ESCROW, "OrderRefunded"): decoding.refunded,
    (_ESCROW, "OrderRaised"): decoding.raised,
    (_ESCROW, "DownstreamPaid"): decoding.downstream_paid,
    (_ESCROW, "HeldMoved"): decoding.held_moved,
    (_ESCROW, "AccountHeld"): holds.account_held,
    (_DESK, "ChallengeRuled"): decoding.ruled,
    (_DESK, "ConsentFined"): decoding.fined,
    **{(_ESCROW, name): decoding.bond_moved for name in decoding.BOND_EVENTS},
}
_OF_ACCOUNTS: dict[tuple[str, str], Callable[[ChainEvent, Accounts], OrderEvent]] = {
    (_ESCROW, "Credited"): decoding.credited,
    (_ESCROW, "Paid"): decoding.paid,
}


def order_events(
    events: Iterable[ChainEvent], accounts: Accounts, quote_of: Callable[[bytes], Quote | None]
) -> list[OrderEvent]:
    """Those of `events` that are of orders and money. `quote_of` gives the quotes of orders funded before them."""
    found: list[OrderEvent] = []
    quotes: dict[bytes, Quote] = {}
    for event in events:
        key = event.contract, event.name
        if key in _ALONE:
            made = _ALONE[key](event)
            if isinstance(made, Funded):
                quotes.setdefault(made.order_id, made.quote)
            found.append(made)
        elif key in _OF_ACCOUNTS:
            found.append(_OF_ACCOUNTS[key](event, accounts))
        elif key == (_ESCROW, "OrderCommitted"):
            order = event.arguments["orderId"]
            found.append(decoding.committed(event, quotes.get(order) or quote_of(order)))
    return found
