"""Sending what others have signed, from an operator's account."""

from __future__ import annotations

from contrafact.ledger.calls import Call
from contrafact.ledger.connection import Connection
from contrafact.ledger.sender import transaction_of
from contrafact.ledger.signer import Signer


class Relayer:
    """Sends calls that move only what their signers permit; the account pays the gas and nothing else."""

    def __init__(self, connection: Connection, account: Signer, operator: str | None = None) -> None:
        """`operator` is whose orders are relayed, by default the account itself."""
        self._connection, self._account = connection, account
        self.operator = operator or str(account.address)

    def send(self, call: Call) -> str:
        """Waits for the block and returns the transaction's hash. Raises ContractError before anything is sent where
        it would be refused, Payment where the account cannot pay the gas, ChainError otherwise.
        """
        return transaction_of(self._connection.send(call.function, self._account))
