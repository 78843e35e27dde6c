"""Does an operator's bond hold what it deposited, and does it cover its open orders?"""

from __future__ import annotations

from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcomes
from contrafact.audit.totals import BondHistory


def bond(evidence: Evidence, of: BondHistory, judge: Judge) -> Outcomes:
    """Bond and withdrawal = Σ deposits − Σ withdrawals − Σ rulings − Σ penalties; what is locked covers open orders."""
    key = of.operator, of.token
    stored, expected = evidence.storage.bond[key], of.moved - of.penalties
    found, message = stored.amount + evidence.storage.withdrawal[key], "The bond is not what its events leave."
    yield judge.paid("money.bond", found, expected, message, of.token, f"operator {of.operator}")
    holds, message = of.open <= stored.locked <= stored.amount, "The bond does not cover the operator's open orders."
    yield judge.that("money.bond", holds, message, locked=stored.locked, open=of.open)
