"""Holders' money for wallets: confirmations, claims, payouts; and contests of works."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.domain.confirmations import confirmation_message
from contrafact.domain.history import Claim, RoyaltyAccount
from contrafact.errors import InvalidInput
from contrafact.ledger.prepared.form import Steps
from contrafact.ledger.prepared.preparer import Preparer

MAX_PAYOUT = 100


class RoyaltySteps:
    def __init__(self, preparer: Preparer) -> None:
        self._preparer = preparer
        self._royalties = preparer.calls.royalties

    def claim(self, claims: Sequence[Claim], sender: str) -> Steps:
        """A transaction for each account; the money goes to the places' holders."""
        steps = [self._preparer.steps(self._royalties.claim(claim), sender) for claim in claims]
        return Steps(tuple(one for step in steps for one in step.transactions))

    def claim_together(self, ready: Sequence[Claim], unconfirmed: Sequence[Claim], holder: str) -> Steps:
        """All that is claimable in one payout, and before it one transaction that confirms the places that are not.

        `ready` are confirmed places. A payout leaves out what is below the holder's threshold: claim that by itself.
        """
        every = (*ready, *unconfirmed)
        if len(every) == 1:
            return self.claim(every, holder)
        self._require_one_payout(every)
        first = [self._royalties.confirm(unconfirmed, [b""] * len(unconfirmed))] if unconfirmed else []
        return self._preparer.in_turn([*first, self._royalties.payout(every)], holder)

    def payout(self, claims: Sequence[Claim], sender: str) -> Steps:
        """Sends up to 100 holders what is claimable in one transaction."""
        self._require_one_payout(claims)
        return self._preparer.steps(self._royalties.payout(claims), sender)

    @staticmethod
    def _require_one_payout(claims: Sequence[Claim]) -> None:
        if not 1 <= len(claims) <= MAX_PAYOUT:
            raise InvalidInput(f"A payout takes 1 to {MAX_PAYOUT} places, not {len(claims)}.", "Send several.")

    def confirm(self, claims: Sequence[Claim], holder: str) -> Steps:
        """Confirms the holder's places by its own transaction, or by the messages, which anybody may hand in."""
        domain = self._preparer.deployment.domain
        messages = (confirmation_message(c.beneficiary, c.split_root, c.leaf, domain) for c in claims)
        signing = tuple(
            self._preparer.to_sign(f"confirmation {number}", message, holder) for number, message in enumerate(messages)
        )
        call = self._royalties.confirm(claims, [b""] * len(claims))
        return Steps(self._preparer.steps(call, holder).transactions, signing)

    def hand_in(self, claims: Sequence[Claim], signatures: Sequence[bytes], sender: str) -> Steps:
        """Hands in confirmations that holders have signed; by anybody."""
        return self._preparer.steps(self._royalties.confirm(claims, signatures), sender)

    def contest(
        self, work_id: bytes, split_root: bytes, evidence: bytes, sender: str, bond: int | None = None
    ) -> Steps:
        """Contests a work for the claimant's own split, with `bond` wei, by default the least that the desk takes."""
        desk = self._preparer.calls.contracts.desk.functions
        bond = int(self._preparer.connection.call(desk.MIN_BOND())) if bond is None else bond
        return self._preparer.steps(self._preparer.calls.disputes.contest(work_id, split_root, evidence, bond), sender)

    def hold(self, contest: int, account: RoyaltyAccount, bond: int, sender: str) -> Steps:
        """Holds what an account of the contested work receives from now on."""
        return self._preparer.steps(self._preparer.calls.disputes.hold(contest, account, bond), sender)
