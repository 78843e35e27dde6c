"""Are operator, maker and holders of an order different people? One address in two roles pays itself.

That is no fraud by itself, and no error: a holder may order its own work. But the money goes round, and where a
training pool is shared by what its orders used, orders that cost nothing but fees may move it. Several addresses of one
person cannot be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcomes, Severity
from contrafact.domain.history import Funded
from contrafact.domain.shares import PPM


def parties(evidence: Evidence, funded: Funded, judge: Judge) -> Outcomes:
    """One outcome for the order, which names who has which roles, and what came back to them."""
    maker, operator = funded.quote.maker, funded.quote.operator
    roles, back = [], dict[str, Any](token=funded.quote.token)
    if maker == operator:
        roles.append(f"maker and operator {maker}")
        back["fee_units"] = sum(event.operator_fee for event in evidence.chain.committed_of[funded.order_id])
    for role, who in (("maker", maker), ("operator", operator)):
        if earned := list(_earned(evidence, funded, who)):
            roles.append(f"{role} and holder {who}")
            back[f"units_to_{role}"] = sum(earned)
    message = "One address has several roles in the order, and pays itself."
    yield judge.that("order.parties", not roles, message, severity=Severity.WARNING, roles=roles, **back)


def _earned(evidence: Evidence, funded: Funded, who: str) -> Iterator[int]:
    """What an address earned as a holder, for each place that it has in a source's split; 0 before the commit."""
    for root in dict.fromkeys(source.split_root for source in funded.quote.sources):
        split = evidence.catalogue.splits.get(root)
        events = evidence.chain.credited_of[funded.order_id]
        amount = sum(event.amount for event in events if event.split_root == root)
        yield from (amount * leaf.share // PPM for leaf in (split.leaves if split else ()) if leaf.holder == who)
