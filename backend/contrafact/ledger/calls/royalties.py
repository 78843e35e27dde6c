"""Calls to the escrow about what holders have earned."""

from __future__ import annotations

from collections.abc import Sequence

from web3.contract import Contract

from contrafact.domain.history import Claim
from contrafact.ledger.calls.call import Call


class RoyaltyCalls:
    def __init__(self, escrow: Contract) -> None:
        self._functions = escrow.functions

    def claim(self, claim: Claim) -> Call:
        """Sends a holder what is claimable; anybody may do so once the place is confirmed, the holder any time."""
        return Call(self._functions.claim(claim.to_abi()))

    def confirm(self, claims: Sequence[Claim], signatures: Sequence[bytes]) -> Call:
        """Confirms holders' places by their signatures; an empty one where the sender is the holder itself."""
        return Call(self._functions.confirm([claim.to_abi() for claim in claims], list(signatures)))

    def payout(self, claims: Sequence[Claim]) -> Call:
        """Sends up to 100 holders what is claimable; leaves out what cannot be paid."""
        return Call(self._functions.payout([claim.to_abi() for claim in claims]))

    def set_threshold(self, token: str, amount: int) -> Call:
        """Sets the amount below which automatic payouts leave the sender's money where it is."""
        return Call(self._functions.setThreshold(token, amount))

    def withdraw_owed(self, token: str, to: str) -> Call:
        """Sends what waits outside of the royalty accounts for `to`."""
        return Call(self._functions.withdrawOwed(token, to))
