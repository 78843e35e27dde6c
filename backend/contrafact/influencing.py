"""Influence of training works on the piece of one order, from its attribution record and a content store alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from contrafact.contents import content
from contrafact.domain import events
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.generation import EventLedger, MusicRequest
from contrafact.domain.record import AttributionRecord
from contrafact.errors import ReplayError
from contrafact.ports import ContentStore


class InfluenceEstimator(Protocol):
    """Estimates for one model. Scores are higher where a work lowers the piece's loss more, and may be negative."""

    @property
    def weights(self) -> bytes:
        """SHA-256 of the weights that it estimates for."""

    def of_training_works(self, ledger: EventLedger, music: MusicRequest) -> Mapping[bytes, float]:
        """By content digest."""

    def of_forms(self, ledger: EventLedger, music: MusicRequest, forms: Sequence[bytes]) -> Sequence[float]:
        """The same for source forms, as if they had been learnt from."""


@dataclass(frozen=True, slots=True)
class Influences:
    """Scores of the training works by content digest, and of the piece's own sources, in the record's order."""

    training_works: Mapping[bytes, float]
    sources: tuple[float, ...]


def influences(record: AttributionRecord, store: ContentStore, estimator: InfluenceEstimator) -> Influences:
    """What influenced a recorded piece.

    Raises ReplayError where another model made it, and what the store raises where evidence is missing.
    """
    if record.model_weights != estimator.weights:
        text = f"The record is of the model {to_hex(record.model_weights)}; installed is {to_hex(estimator.weights)}."
        raise ReplayError(text, "Install the version of Contrafact that carries that model.")
    ledger = events.from_bytes(content(store, record.events, record.protection))
    forms = [store.get(cid(source.source_form)) for source in record.sources]
    works = estimator.of_training_works(ledger, record.request)
    return Influences(works, tuple(estimator.of_forms(ledger, record.request, forms)))


def payable(scores: Mapping[bytes, float]) -> dict[bytes, int]:
    """Whole numbers that a pool can be shared by: millionths of the highest score, nothing for what is below zero.

    Where no score is above zero, all works count alike.
    """
    highest = max(scores.values(), default=0.0)
    if highest <= 0:
        return dict.fromkeys(scores, 1)
    return {content: round(max(score, 0.0) / highest * 1_000_000) for content, score in scores.items()}
