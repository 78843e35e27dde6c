"""The rule of a pool, and what an evaluation must show before influence may decide."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contrafact.domain.digests import sha256
from contrafact.domain.pool_rule import EVALUATION, PoolRule, Rule, RuleInForce, in_force, require_licence
from contrafact.errors import InvalidInput, NotPermitted

WEIGHTS = sha256(b"weights")


def evaluation(**changes: Any) -> bytes:
    """A document that licenses influence for the model `WEIGHTS`."""
    catalogues = {"correlation": 0.41, "low": 0.12, "high": 0.66}
    fields = {"schema": EVALUATION, "model": WEIGHTS.hex(), "catalogues": catalogues, "other": [1, 2]}
    return json.dumps(fields | changes).encode()


def interval(low: Any, high: Any) -> dict[str, Any]:
    return {"catalogues": {"correlation": 0.3, "low": low, "high": high}}


def by_influence(document: bytes) -> PoolRule:
    return PoolRule(Rule.INFLUENCE, 400_000, sha256(document))


@pytest.mark.parametrize("model", [WEIGHTS.hex(), "0x" + WEIGHTS.hex()])
def test_an_evaluation_of_this_model_above_zero_licenses_influence(model: str) -> None:
    document = evaluation(model=model)
    require_licence(by_influence(document), WEIGHTS, document)
    assert in_force(by_influence(document), WEIGHTS, document) == RuleInForce(Rule.INFLUENCE)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"model": sha256(b"a proxy").hex()}, "not on this one"),
        (interval(-0.2, 0.6), "not above zero"),
        (interval(0, 0.6), "not above zero"),
        (interval(-0.6, -0.2), "not above zero"),
        (interval(0.6, 0.2), "not above zero"),
        (interval(float("nan"), 0.6), "not above zero"),
        (interval(0.1, float("nan")), "not above zero"),
        (interval("0.1", 0.6), "cannot be read"),
        (interval(True, 1), "cannot be read"),
        ({"catalogues": None}, "cannot be read"),
        ({"schema": "contrafact/training-evaluation/2"}, "cannot be read"),
        ({"model": "ab"}, "cannot be read"),
    ],
)
def test_else_the_pool_is_equal_and_says_why(changes: dict[str, Any], reason: str) -> None:
    document = evaluation(**changes)
    with pytest.raises(NotPermitted, match=reason):
        require_licence(by_influence(document), WEIGHTS, document)
    found = in_force(by_influence(document), WEIGHTS, document)
    assert found.rule is Rule.EQUAL
    assert reason in found.reason


@pytest.mark.parametrize("document", [b"", b"[]", b"\xff", b"[" * 100_000, b'{"schema": 1}'])
def test_what_is_no_evaluation_licenses_nothing(document: bytes) -> None:
    assert in_force(by_influence(document), WEIGHTS, document).rule is Rule.EQUAL


def test_the_evaluation_is_the_one_that_the_rule_names() -> None:
    named, other = evaluation(), evaluation(other=[])
    for given in (None, other):
        assert in_force(by_influence(named), WEIGHTS, given).reason.endswith("is not there.")


def test_equal_needs_no_evaluation() -> None:
    require_licence(PoolRule(), WEIGHTS, None)
    assert in_force(PoolRule(owner_cap=1), WEIGHTS, b"anything") == RuleInForce(Rule.EQUAL)


def test_a_rule_comes_back_from_its_document() -> None:
    for rule in (PoolRule(), by_influence(b"x")):
        assert PoolRule.from_dict(rule.to_dict()) == rule


@pytest.mark.parametrize("fields", [{"owner_cap": 0}, {"owner_cap": 1_000_001}, {"rule": Rule.INFLUENCE}])
def test_a_rule_that_the_catalogue_refuses_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        PoolRule(**fields)
