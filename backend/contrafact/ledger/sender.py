"""What all transactions of one account share."""

from __future__ import annotations

from web3.types import TxReceipt

from contrafact.ledger.calls import Call, Calls
from contrafact.ledger.connection import Connection
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.signer import Signer


class Sender:
    """Base of all writers: sends calls of one account to one deployment, and waits for their blocks."""

    def __init__(self, connection: Connection, deployment: Deployment, account: Signer) -> None:
        self.connection = connection
        self._account = account
        self._contracts = Contracts(connection, deployment)
        self._calls = Calls(self._contracts)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.address} on chain {self.connection.chain_id})"

    @property
    def address(self) -> str:
        return str(self._account.address)

    def affords(self, gas: int) -> bool:
        """Whether the account's coin pays for so much gas, at what a transaction offers now. Raises ChainError."""
        return self.connection.balance(self.address) >= gas * self.connection.fees().highest

    def _receipt(self, call: Call) -> TxReceipt:
        """Raises ContractError for a revert (also of the fitting kind: NotPermitted, Payment, InvalidInput, NotFound),
        Payment when the account's coin does not suffice, ChainError otherwise.
        """
        return self.connection.send(call.function, self._account, call.value)

    def _send(self, call: Call) -> str:
        """The transaction's hash as `0x…`. Raises as `_receipt`."""
        return transaction_of(self._receipt(call))


def transaction_of(receipt: TxReceipt) -> str:
    """A transaction's hash as `0x…`."""
    return f"0x{receipt['transactionHash'].hex()}"
