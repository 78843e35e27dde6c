"""A stateful fuzzer over the whole ledger, checked against a model in Python: see invariants.tree."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from .fuzz.machine import Ledger
from .fuzz.stage import CALLS

LEAST_CALLS = 10_000
EVERYTHING = {
    "fund", "fundFor", "fundWithAuthorization", "commit", "refund", "raiseUse", "payDownstream",
    "claim", "payout", "confirm", "setThreshold", "withdrawOwed", "startReaddressing",
    "contest", "holdAccount", "ruleContest", "challenge", "ruleChallenge", "depositBond", "requestWithdrawal",
    "collect", "closeEpoch", "claimEpoch", "setTerms", "changeSplit", "acceptLicensor", "register",
    "questionConsent", "answerConsent", "finishQuestion", "proveNoConsent", "stopModel",
    "fineRegistrant", "fineOperator",
}  # fmt: skip
PROFILE = settings(
    max_examples=20, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)


@pytest.mark.slow
def test_all_rules_hold_for_ten_thousand_calls() -> None:
    """Transactions, and refusals whose reason is checked, in as many examples as it takes."""
    while sum(CALLS.values()) < LEAST_CALLS:
        run_state_machine_as_test(Ledger, settings=PROFILE)
    done = {name for name, became in CALLS if became == "done"}
    assert done >= EVERYTHING
