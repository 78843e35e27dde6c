"""Does an operator's bond hold what it deposited, and does it cover its open orders?"""

from __future__ import annotations

from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcomes
from contrafact.ports import OrderStatus


def bond(evidence: Evidence, key: tuple[str, str], judge: Judge) -> Outcomes:
    """Bond and withdrawal = Σ deposits − Σ withdrawals − Σ rulings − Σ penalties; what is locked covers open orders."""
    operator, token = key
    stored = evidence.storage.bond[key]
    expected = sum(event.amount for event in evidence.chain.bonds_of[key]) - _penalties(evidence, operator, token)
    found, message = stored.amount + evidence.storage.withdrawal[key], "The bond is not what its events leave."
    yield judge.paid("money.bond", found, expected, message, token, f"operator {operator}")
    open_, message = _open(evidence, operator, token), "The bond does not cover the operator's open orders."
    yield judge.that("money.bond", open_ <= stored.locked <= stored.amount, message, locked=stored.locked, open=open_)


def _penalties(evidence: Evidence, operator: str, token: str) -> int:
    funded = evidence.chain.funded_of
    quotes = [(funded[event.order_id][0].quote, event) for event in evidence.chain.refunded if funded[event.order_id]]
    return sum(event.penalty for quote, event in quotes if (quote.operator, quote.token) == (operator, token))


def _open(evidence: Evidence, operator: str, token: str) -> int:
    """The escrow of the operator's orders that are neither committed nor refunded."""
    status, orders = evidence.storage.status, evidence.chain.funded
    waiting = [event for event in orders if status[event.order_id] is OrderStatus.FUNDED]
    return sum(e.escrowed for e in waiting if (e.quote.operator, e.quote.token) == (operator, token))
