"""The whole machine: all actions of the ledger at once, and how it is run."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from .corners import Corners
from .stage import Codes

ACTIONS = {
    "fund": 3, "fund_and_commit": 6, "commit": 2, "refund": 4, "raise_use": 4, "pay_downstream": 2,
    "claim": 3, "payout": 3, "confirm": 3, "withdraw_owed": 2, "reenter": 2,
    "be_recovered": 2, "be_readdressed": 1, "set_threshold": 1,
    "contest": 1, "hold": 2, "end_contest": 2, "challenge": 3, "end_challenge": 2, "take_back_bond": 1, "move_bonds": 2,
    "collect": 2, "earn_for_pool": 1, "claim_epoch": 2,
    "change_terms": 1, "change_split": 1, "hand_over": 1, "register": 1, "turn": 4, "steal": 1, "give": 1,
    "challenge_by_many": 1, "contest_in_turn": 1, "use_up_bond": 2, "refuse_money": 2,
    "order_what_changed": 3, "rule_on_what_earns": 2, "readdress_and_go": 1,
    "consent": 2, "consent_to_the_end": 3, "fine_for_another_model": 1,
}  # fmt: skip


CHOICES = [name for name, weight in ACTIONS.items() for _ in range(weight)]


class Ledger(Corners):
    """Runs the contracts and the model side by side.

    One rule for all actions, by weight: of many rules hypothesis leaves out about half in each example.
    """

    @rule(action=st.sampled_from(CHOICES), rng=st.randoms(use_true_random=True))
    def act(self, action: str, rng: Any) -> None:
        getattr(self, action)(rng)


def walk(codes: Codes, seed: int, steps: int) -> None:
    """So many actions by chance, always the same for a seed, with other code for some contracts. Raises Violation.

    Goes on where something is refused for another reason than it should: that harms nobody, and worse may follow.
    """
    rng = Random(seed)
    machine = type("Walk", (Ledger,), {"codes": codes, "reasons_matter": False})()
    machine.start()
    try:
        for _ in range(steps):
            machine.act(rng.choice(CHOICES), rng)
            machine.all_rules_hold()
        machine.look_back()
    finally:
        machine.undone.close()
