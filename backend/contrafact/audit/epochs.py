"""What an audit knows of training pools: events, storage and documents of their epochs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contrafact.audit.results import Result
from contrafact.domain.epochs import EpochRecord
from contrafact.domain.influence_scores import InfluenceScores
from contrafact.domain.pool_history import EpochState, PoolHistory, PotKey
from contrafact.domain.pool_rule import PoolRule
from contrafact.domain.training_works import TrainingWork

EpochId = tuple[PotKey, int]
"""A pot's key and the epoch's number."""


@dataclass(frozen=True, slots=True)
class EpochFiles:
    """What is published about an epoch: its record, what its model learnt from, the evaluation, and the scores."""

    record: Result[EpochRecord]
    works: Result[Sequence[TrainingWork]]
    evaluation: Result[bytes]
    scores: Result[InfluenceScores]


@dataclass(frozen=True)
class Pools:
    """All pots and epochs: events, and what the contract stores.

    `pots` are (amount, number of epochs), `drawn` what the contract has drawn from the escrow for a model, `balance`
    what the contract holds of each token.
    """

    address: str
    root: bytes
    history: PoolHistory = field(default_factory=PoolHistory)
    rules: Mapping[bytes, PoolRule] = field(default_factory=dict)
    pots: Mapping[PotKey, tuple[int, int]] = field(default_factory=dict)
    states: Mapping[EpochId, EpochState] = field(default_factory=dict)
    drawn: Mapping[PotKey, int] = field(default_factory=dict)
    balance: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[EpochId, EpochFiles] = field(default_factory=dict)
