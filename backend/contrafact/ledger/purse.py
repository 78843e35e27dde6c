"""What an account must let the contracts take of its tokens before a call that is paid for."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.errors import ContractError, Payment
from contrafact.ledger.calls import Call, Calls
from contrafact.ledger.connection import Connection
from contrafact.ledger.revert_messages import MEANINGS

_TOKEN_ERRORS = ("ERC20", "SafeERC20")  # the token's own, for the approval that is missing


class Purse:
    """Tokens that accounts hold, and approvals that are missing."""

    def __init__(self, connection: Connection, calls: Calls) -> None:
        self._connection, self._calls = connection, calls

    def approvals(self, call: Call, sender: str) -> Sequence[Call]:
        """The approvals, of exactly the amount, that `sender` must send before `call`; none where nothing is missing.

        Raises Payment where the account holds too little.
        """
        token, amount, spender = call.token, call.to_approve, call.target
        if not amount:
            return ()
        erc20 = self._calls.contracts.token(token).functions
        held = self._connection.call(erc20.balanceOf(sender))
        if held < amount:
            text = f"This costs {amount} units of {token}; {sender} holds {held}."
            raise Payment(text, self._where_from(token, sender))
        allowed = self._connection.call(erc20.allowance(sender, spender))
        if allowed >= amount:
            return ()
        wanted = (0, amount) if allowed else (amount,)  # some tokens change an allowance only from zero
        return [self._calls.tokens.approve(token, spender, units) for units in wanted]

    def require_only_money_missing(self, call: Call, sender: str) -> None:
        """Tries the payment out: where the contracts refuse it for another reason, no approval is worth its gas."""
        try:
            self._connection.call(call.function, sender=sender, value=call.value)
        except ContractError as error:
            if error.name in MEANINGS and not error.name.startswith(_TOKEN_ERRORS):
                raise

    def _where_from(self, token: str, sender: str) -> str:
        if token == self._calls.contracts.deployment.test_dollar:
            return f"It is the test dollar, of which anybody can make more: contrafact mint AMOUNT --to {sender}"
        return "Put more of the token into the account."
