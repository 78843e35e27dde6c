"""The ports through which the training pool's tools speak to the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, Self

from contrafact.domain.epoch_tree import EpochClaim
from contrafact.domain.models import Model
from contrafact.domain.orders import Eip712Domain
from contrafact.domain.pool_history import EpochState, PoolHistory, PotKey
from contrafact.domain.pool_rule import PoolRule
from contrafact.domain.training_works import TrainingWork

WorksOf = Callable[[Model], Sequence[TrainingWork]]
"""What a model learnt from. Raises NotFound or StoreError for a missing document, InvalidInput for a wrong one."""

InfluenceOf = Callable[[bytes], Mapping[bytes, int]]
"""Scores of an order (by its id) by content digest: whole numbers, none negative, at least one above zero."""


class PoolLedger(Protocol):
    """Reads of the training pool. Raises ChainError when the chain cannot be reached."""

    @property
    def domain(self) -> Eip712Domain: ...
    @property
    def pool_address(self) -> str: ...
    @property
    def pool_root(self) -> bytes: ...

    def as_confirmed(self) -> Self:
        """The same as of the newest block that has the network's confirmations."""

    def models(self) -> Sequence[Model]: ...
    def pool_rules(self) -> Mapping[bytes, PoolRule]: ...
    def pool_history(self) -> PoolHistory: ...
    def pot(self, model_id: bytes, token: str) -> tuple[int, int]: ...
    def collectable(self, model_id: bytes, token: str) -> int: ...
    def epoch(self, model_id: bytes, token: str, number: int) -> EpochState: ...
    def is_claimed(self, model_id: bytes, token: str, number: int, index: int) -> bool: ...


class PoolWriter(Protocol):
    """Transactions of one account. Each waits for its receipt and raises ContractError with the revert's reason."""

    @property
    def address(self) -> str: ...

    def collect(self, pot: PotKey) -> str: ...
    def close_epoch(self, pot: PotKey, root: bytes, total: int, evidence: bytes) -> str: ...
    def claim_epochs(self, claims: Sequence[EpochClaim]) -> str: ...
