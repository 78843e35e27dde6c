"""The ports through which the training pool's tools speak to the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from contrafact.domain.epoch_tree import EpochClaim
from contrafact.domain.models import Model
from contrafact.domain.pool_history import PotKey
from contrafact.domain.training_works import TrainingWork
from contrafact.pool_ports import PoolLedger

WorksOf = Callable[[Model], Sequence[TrainingWork]]
"""What a model learnt from. Raises NotFound or StoreError for a missing document, InvalidInput for a wrong one."""

InfluenceOf = Callable[[bytes], Mapping[bytes, int]]
"""Scores of an order (by its id) by content digest: whole numbers, none negative, at least one above zero."""


class ConfirmedPoolLedger(PoolLedger, Protocol):
    def as_confirmed(self) -> PoolLedger:
        """The same as of the newest block that has the network's confirmations."""


class PoolWriter(Protocol):
    """Transactions of one account. Each waits for its receipt and raises ContractError with the revert's reason."""

    @property
    def address(self) -> str: ...

    def collect(self, pot: PotKey) -> str: ...
    def close_epoch(self, pot: PotKey, root: bytes, total: int, evidence: bytes) -> str: ...
    def claim_epochs(self, claims: Sequence[EpochClaim]) -> str: ...
