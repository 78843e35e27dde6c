"""The rule that a model is registered with: influence only where its evaluation licenses it for this very model."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from contrafact.domain.digests import cid, sha256
from contrafact.domain.pool_rule import PoolRule, Rule
from contrafact.errors import InvalidInput, NotPermitted
from contrafact.wiring.pools import licensed_rule
from tests.audit.fakes import FakeStore

from .test_audit import evaluation

WEIGHTS = sha256(b"weights")


@dataclass
class FakeSite:
    """What registering asks of a site: the installed model's digest, and a store."""

    generator: Any
    store: FakeStore


@pytest.fixture
def site() -> Any:
    return FakeSite(SimpleNamespace(model_digest=WEIGHTS), FakeStore())


def test_an_evaluation_of_this_model_is_published_with_the_rule(site: Any) -> None:
    document = evaluation(WEIGHTS, 0.1)
    assert licensed_rule(site, Rule.INFLUENCE, 250_000, document) == PoolRule(Rule.INFLUENCE, 250_000, sha256(document))
    assert site.store.get(cid(sha256(document))) == document


@pytest.mark.parametrize("document", [evaluation(sha256(b"a proxy"), 0.1), evaluation(WEIGHTS, -0.1), b"{}"])
def test_another_evaluation_is_refused_and_not_published(site: Any, document: bytes) -> None:
    with pytest.raises(NotPermitted) as refused:
        licensed_rule(site, Rule.INFLUENCE, 1_000_000, document)
    assert refused.value.hint
    assert site.store.held == {}


def test_influence_without_an_evaluation_is_refused(site: Any) -> None:
    with pytest.raises(InvalidInput, match="no evaluation"):
        licensed_rule(site, Rule.INFLUENCE, 1_000_000, None)


def test_equal_needs_none(site: Any) -> None:
    assert licensed_rule(site, Rule.EQUAL, 100_000, None) == PoolRule(owner_cap=100_000)
    assert site.store.held == {}


def test_an_evaluation_that_equal_would_not_register_is_refused(site: Any) -> None:
    with pytest.raises(InvalidInput, match="needs no evaluation") as refused:
        licensed_rule(site, Rule.EQUAL, 100_000, evaluation(WEIGHTS, 0.1))
    assert "--pool-rule influence" in refused.value.hint
    assert site.store.held == {}
