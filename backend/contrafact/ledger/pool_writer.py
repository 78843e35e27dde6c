"""Transactions of one account on the training pool."""

from __future__ import annotations

from collections.abc import Sequence

from hexbytes import HexBytes

from contrafact.domain.epoch_tree import EpochClaim
from contrafact.domain.pool_history import PotKey
from contrafact.ledger.connection import Connection
from contrafact.ledger.sender import Sender


class PoolWriter(Sender):
    """Implements the port of the same name. Each method waits for its block and returns the transaction's hash.

    Raises ContractError for a revert (also of the fitting kind: NotPermitted, Payment, InvalidInput, NotFound), Payment
    when the account's coin does not suffice, ChainError otherwise.
    """

    def collect(self, pot: PotKey) -> str:
        """Fetches into the pot what orders have earned for it. Anybody may."""
        return self._send(self._calls.pool.collect(pot))

    def close_epoch(self, pot: PotKey, root: bytes, total: int, evidence: bytes) -> str:
        """Makes exactly `total` of the pot its next epoch. By the model's registrant."""
        return self._send(self._calls.pool.close_epoch(pot, root, total, evidence))

    def claim_epochs(self, claims: Sequence[EpochClaim]) -> str:
        """Sends holders their parts of epochs; what is paid already is left out. Anybody may."""
        return self._send(self._calls.pool.claim_epochs(claims))

    def carry(self, pot: PotKey, number: int) -> str:
        """Puts what is left of an epoch back into the pot, after its claim period. Anybody may."""
        return self._send(self._calls.pool.carry(pot, number))


def gas_used(connection: Connection, transaction: str) -> int:
    """The gas that a transaction in a block took."""
    with connection.failures():
        return connection.web3.eth.get_transaction_receipt(HexBytes(transaction))["gasUsed"]
