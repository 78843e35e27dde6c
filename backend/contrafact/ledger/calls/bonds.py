"""Calls to the escrow by operators."""

from __future__ import annotations

from web3.contract import Contract

from contrafact.domain.terms import NATIVE
from contrafact.ledger.calls.call import Call


class BondCalls:
    def __init__(self, escrow: Contract) -> None:
        self._functions = escrow.functions

    def register_operator(self, signer: str | None = None) -> Call:
        """Names the key that signs quotes and commits for the sender; None: no other any more."""
        return Call(self._functions.registerOperator(signer or NATIVE, bytes(32)))

    def deposit(self, operator: str, token: str, amount: int) -> Call:
        """Adds to the bond of an operator."""
        return Call(self._functions.depositBond(operator, token, amount), token, amount)

    def request_withdrawal(self, token: str, amount: int) -> Call:
        """Starts to withdraw a part of the sender's bond."""
        return Call(self._functions.requestWithdrawal(token, amount))

    def withdraw(self, token: str) -> Call:
        """Sends the sender what it has asked for long enough ago."""
        return Call(self._functions.withdrawBond(token))
