"""Scores of an order come from its record and the installed model."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from contrafact.domain.digests import sha256
from contrafact.errors import NotFound, ReplayError
from contrafact.wiring.pools import influence_on
from tests.audit.history import WEIGHTS, World, honest_world

NEAR, FAR = sha256(b"near"), sha256(b"far")


class FakeEstimator:
    """Says the same of every piece."""

    def __init__(self, weights: bytes = WEIGHTS) -> None:
        self.weights = weights

    def of_training_works(self, ledger: object, music: object) -> dict[bytes, float]:
        return {NEAR: 0.25, FAR: -1.0}

    def of_forms(self, ledger: object, music: object, forms: list[bytes]) -> list[float]:
        return [0.0] * len(forms)


def site(world: World, estimator: FakeEstimator) -> Any:
    """What the scores ask of a site: commits, the store, and the estimator."""
    commits = {event.commit.order_id: event for event in world.ledger.committed_list}
    reader = SimpleNamespace(committed=lambda order: [commits[order]] if order in commits else [])
    return SimpleNamespace(reader=reader, store=world.store, influence=estimator)


def test_scores_of_a_delivered_order_are_whole_and_not_negative() -> None:
    world = honest_world()
    assert influence_on(site(world, FakeEstimator()))(world.orders["first"]) == {NEAR: 1_000_000, FAR: 0}


def test_an_order_that_was_not_delivered_or_is_of_another_model_has_none() -> None:
    world = honest_world()
    with pytest.raises(NotFound):
        influence_on(site(world, FakeEstimator()))(world.orders["open"])
    with pytest.raises(ReplayError):
        influence_on(site(world, FakeEstimator(sha256(b"another"))))(world.orders["first"])
