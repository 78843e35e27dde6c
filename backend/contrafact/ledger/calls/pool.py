"""Calls to the training pool."""

from __future__ import annotations

from collections.abc import Sequence

from web3.contract import Contract

from contrafact.domain.epoch_tree import EpochClaim
from contrafact.domain.pool_history import PotKey
from contrafact.ledger.calls.call import Call


class PoolCalls:
    def __init__(self, pool: Contract) -> None:
        self._functions = pool.functions

    def collect(self, pot: PotKey) -> Call:
        """Fetches into the pot what orders have earned for it."""
        return Call(self._functions.collect(*pot))

    def close_epoch(self, pot: PotKey, root: bytes, total: int, evidence: bytes) -> Call:
        """Makes exactly `total` of the pot its next epoch."""
        return Call(self._functions.closeEpoch(*pot, root, total, evidence))

    def claim_epochs(self, claims: Sequence[EpochClaim]) -> Call:
        """Sends holders their parts of epochs; what is paid already is left out."""
        return Call(self._functions.claimEpochs([claim.to_abi() for claim in claims]))

    def carry(self, pot: PotKey, number: int) -> Call:
        """Puts what is left of an epoch back into the pot, after its claim period."""
        return Call(self._functions.carry(*pot, number))
