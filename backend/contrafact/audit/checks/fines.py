"""What a work without consent cost: how the contract divided a fine."""

from __future__ import annotations

from contrafact.audit.evidence import Evidence
from contrafact.audit.outcomes import Judge, Outcomes
from contrafact.domain.history import Fined
from contrafact.domain.shares import PPM

FINDER_PART = 100_000
"""Of a fine, in ppm, as the desk has it."""


def divided(evidence: Evidence, fine: Fined, judge: Judge) -> Outcomes:
    """A tenth to the finder, rounded down, and the rest to the model's pool."""
    due = (fine.to_finder + fine.to_pool) * (PPM - FINDER_PART)
    due = -(-due // PPM)
    message = "Of the fine, the model's pool did not get what the finder's tenth leaves."
    yield judge.paid("money.fine", fine.to_pool, due, message, fine.token, "the pool's holders")
