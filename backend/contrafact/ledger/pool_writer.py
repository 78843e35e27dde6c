"""Transactions of one account on the training pool."""

from __future__ import annotations

from collections.abc import Sequence

from hexbytes import HexBytes

from contrafact.domain.epoch_tree import EpochClaim
from contrafact.domain.pool_history import PotKey
from contrafact.ledger.calls import Call, Calls
from contrafact.ledger.connection import Connection
from contrafact.ledger.contracts import Contracts
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.signer import Signer


class PoolWriter:
    """Implements the port of the same name. Each method waits for its block and returns the transaction's hash.

    Raises ContractError for a revert (also of the fitting kind: NotPermitted, Payment, InvalidInput, NotFound), Payment
    when the account's coin does not suffice, ChainError otherwise.
    """

    def __init__(self, connection: Connection, deployment: Deployment, account: Signer) -> None:
        self.connection = connection
        self._account = account
        self._calls = Calls(Contracts(connection, deployment)).pool

    @property
    def address(self) -> str:
        return str(self._account.address)

    def collect(self, pot: PotKey) -> str:
        """Fetches into the pot what orders have earned for it. Anybody may."""
        return self._send(self._calls.collect(pot))

    def close_epoch(self, pot: PotKey, root: bytes, total: int, evidence: bytes) -> str:
        """Makes exactly `total` of the pot its next epoch. By the model's registrant."""
        return self._send(self._calls.close_epoch(pot, root, total, evidence))

    def claim_epochs(self, claims: Sequence[EpochClaim]) -> str:
        """Sends holders their parts of epochs; what is paid already is left out. Anybody may."""
        return self._send(self._calls.claim_epochs(claims))

    def carry(self, pot: PotKey, number: int) -> str:
        """Puts what is left of an epoch back into the pot, after its claim period. Anybody may."""
        return self._send(self._calls.carry(pot, number))

    def _send(self, call: Call) -> str:
        receipt = self.connection.send(call.function, self._account, call.value)
        return f"0x{receipt['transactionHash'].hex()}"


def gas_used(connection: Connection, transaction: str) -> int:
    """The gas that a transaction in a block took."""
    with connection.failures():
        return connection.web3.eth.get_transaction_receipt(HexBytes(transaction))["gasUsed"]
