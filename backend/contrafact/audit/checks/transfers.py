"""Did the token move as the escrow's events say? A contract that lies in its events takes the difference.

Held against the token's own transfers in the transactions of the order. A transfer that failed, and is owed, counts.
Payouts to holders are other transactions, and not looked at here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from contrafact.audit.calls import OrderCalls
from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcomes
from contrafact.domain.history import Funded
from contrafact.domain.terms import NATIVE

Due = tuple[str, Counter[str]]
"""A transaction, and what each address gets in it at least."""


def transfers(evidence: Evidence, funded: Funded, judge: Judge) -> Outcomes:
    """What came in for the order, and what went out to its operator and its maker."""
    token = funded.quote.token
    if token == NATIVE:
        yield judge.excused("money.transfers", "The chain's coin leaves no events where it moves.")
        return
    moves = evidence.calls.get(funded.order_id, OrderCalls()).moves
    paying = moves.get(funded.transaction)
    if paying is None:
        yield judge.skip("money.transfers", "The transactions of the order cannot be had.")
        return
    arrived, message = min(paying.arrived, funded.escrowed), "The token brought the escrow less than its event says."
    yield judge.paid("money.transfers", arrived, funded.escrowed, message, token, "the order's payees")
    for transaction, due in _due(evidence, funded):
        sent = moves[transaction].sent if transaction in moves else {}
        for to, amount in due.items():
            message = f"The token moved less to {to} than the escrow's event says."
            found = min(sent.get(to, 0), amount)
            yield judge.paid("money.transfers", found, amount, message, token, to)


def _due(evidence: Evidence, funded: Funded) -> Iterator[Due]:
    quote, chain = funded.quote, evidence.chain
    for committed in chain.committed_of[funded.order_id][:1]:
        due = Counter({quote.operator: committed.operator_fee})
        due[quote.maker] += committed.refunded
        yield committed.transaction, due
    for refunded in chain.refunded_of[funded.order_id][:1]:
        yield refunded.transaction, Counter({quote.maker: refunded.amount + refunded.penalty})
