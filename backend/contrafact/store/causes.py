"""Why an account was credited: the contract says so by the first event of the same order after the credits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from contrafact.domain.reasons import Reason
from contrafact.domain.terms import Use
from contrafact.store.facts import Fact, fact, facts_of
from contrafact.store.tables import events
from contrafact.store.totals import NO_ORDER

_REASONS = {
    "OrderCommitted": Reason.SETTLEMENT,
    "OrderRaised": Reason.RAISE,
    "DownstreamPaid": Reason.REVENUE,
    "BondPaid": Reason.CHALLENGE,
}
_OF_ORDER = ("OrderCommitted", "OrderRaised", "DownstreamPaid", "ChallengeRuled")


@dataclass(frozen=True, slots=True)
class Causes:
    """The events that follow credits, by order, in the chain's order."""

    found: Mapping[bytes, Sequence[Fact]]

    def of(self, order_id: bytes, at: tuple[int, int]) -> tuple[Reason, Use | None]:
        """Why a credit at (block, log index) was made, and the use that its order was raised to."""
        if order_id == NO_ORDER:
            return Reason.RULING, None
        cause = next((fact for fact in self.found.get(order_id, ()) if fact.at > at), None)
        if cause is None:  # the fine of an operator names an inquiry in the order's place
            return Reason.FINE, None
        return _REASONS[cause.name], Use(cause.arguments["to"]) if cause.name == "OrderRaised" else None


def causes_of(session: Session, orders: Iterable[bytes]) -> Causes:
    """Of these orders."""
    found = {order: list(facts) for order, facts in facts_of(session, orders, _OF_ORDER).items()}
    ruled = [order for order, facts in found.items() if any(each.name == "ChallengeRuled" for each in facts)]
    for each in _bonds_paid(session) if ruled else ():
        if each.arguments["orderId"] in ruled:
            found[each.arguments["orderId"]].append(each)
    ordered = {order: sorted(facts, key=lambda each: each.at) for order, facts in found.items()}
    return Causes({order: [f for f in facts if f.name in _REASONS] for order, facts in ordered.items()})


def _bonds_paid(session: Session) -> Iterable[Fact]:
    """All of them: they name the operator first, so that no index leads from an order to them, and are few."""
    query = select(events).where(events.c.subject == b"", events.c.name == "BondPaid")
    return [fact(row) for row in session.execute(query)]
