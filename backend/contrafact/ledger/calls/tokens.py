"""Calls to ERC-20 tokens."""

from __future__ import annotations

from contrafact.ledger.calls.call import Call
from contrafact.ledger.contracts import Contracts


class TokenCalls:
    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts

    def approve(self, token: str, spender: str, amount: int) -> Call:
        """Lets `spender` take up to `amount` of the sender's tokens."""
        return Call(self._contracts.token(token).functions.approve(spender, amount))

    def mint_dollars(self, to: str, amount: int) -> Call:
        """Mints worthless test dollars, in millionths. Raises NotFound where the deployment has none."""
        return Call(self._contracts.test_dollar.functions.mint(to, amount))
