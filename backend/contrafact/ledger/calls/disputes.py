"""Calls to the dispute desk about whose a work is, and about what operators signed."""

from __future__ import annotations

from web3.contract import Contract

from contrafact.domain.challenges import Award
from contrafact.domain.history import RoyaltyAccount
from contrafact.domain.orders import Quote
from contrafact.ledger.calls.call import Call
from contrafact.ledger.calls.orders import Finished


class DisputeCalls:
    def __init__(self, desk: Contract) -> None:
        self._functions = desk.functions

    def contest(self, work_id: bytes, claimant_split: bytes, evidence: bytes, bond: int) -> Call:
        """Contests a work, with a bond in wei. `evidence` is the SHA-256 of a document with the reasons."""
        return Call(self._functions.contest(work_id, claimant_split, evidence), amount=bond)

    def hold(self, contest: int, account: RoyaltyAccount, bond: int) -> Call:
        """Holds what an account of the contested work receives from now on, up to a multiple of the bond."""
        place = (account.beneficiary, account.split_root, account.token)
        return Call(self._functions.holdAccount(contest, place, bond), account.token, bond)

    def withdraw_contest(self, contest: int) -> Call:
        """Ends the sender's contest; a part of its bond goes to the licensor."""
        return Call(self._functions.withdrawContest(contest))

    def lapse(self, contest: int) -> Call:
        """Ends a contest whose time for a ruling is over; by anybody. All bonds go back."""
        return Call(self._functions.lapse(contest))

    def challenge(self, order: Finished, evidence: bytes, bond: int) -> Call:
        """Challenges a commit, or joins its challenge. `evidence` is the SHA-256 of a document with the evidence."""
        return Call(self._functions.challenge(*order.to_abi(), evidence), order.quote.token, bond)

    def rule_challenge(self, quote: Quote, award: Award) -> Call:
        """By the arbiter: pays from the operator's locked bond; where that is nothing, the challenge is rejected."""
        return Call(self._functions.ruleChallenge(quote.to_abi(), list(award.to_sources), award.to_maker))

    def lapse_challenge(self, quote: Quote) -> Call:
        """Ends a challenge whose time for a ruling is over."""
        return Call(self._functions.lapseChallenge(quote.to_abi()))

    def take_back_bond(self, quote: Quote, number: int, challenger: str) -> Call:
        """Pays the bond of a challenger who joined back."""
        return Call(self._functions.takeBackBond(quote.to_abi(), number, challenger))

    def withdraw_owed(self, token: str, to: str) -> Call:
        """Sends a bond that could not be sent to `to` when it was paid back."""
        return Call(self._functions.withdrawOwed(token, to))
