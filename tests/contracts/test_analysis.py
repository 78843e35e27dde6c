"""Static analysis finds nothing that is not accepted: see analysis.tree."""

from __future__ import annotations

import os
import subprocess
import sys
from runpy import run_path
from typing import Any

import pytest

from .chain import CONTRACTS

ANALYSE = CONTRACTS / "analyse.py"
FUNCTION = {"type": "function", "name": "carry", "type_specific_fields": {"parent": {"name": "TrainingPool"}}}
CONTRACT = {"type": "contract", "name": "TrainingPool"}
LINE = {"type": "node", "name": "amount = left", "type_specific_fields": {"parent": FUNCTION}}
ACCEPTED = {("timestamp", "TrainingPool.carry"): "A time limit of years."}


@pytest.fixture
def analysis(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.syspath_prepend(CONTRACTS)
    return run_path(str(ANALYSE))


def result(check: str = "timestamp", impact: str = "Low", element: dict[str, Any] = FUNCTION) -> dict[str, Any]:
    return {"check": check, "impact": impact, "description": f"{check} found", "elements": [element]}


@pytest.mark.slow
def test_every_finding_is_accepted() -> None:
    if not (CONTRACTS / "node_modules/solc").exists() and "CI" not in os.environ:
        pytest.skip("the compiler is not installed, npm's registry was out of reach: run scripts/compile")
    done = subprocess.run([sys.executable, ANALYSE], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_accepted_is_not_told(analysis: dict[str, Any]) -> None:
    assert analysis["unaccepted"]([result(), result()], ACCEPTED) == []


@pytest.mark.parametrize("impact", ["High", "Medium", "Low"])
@pytest.mark.parametrize(
    ("check", "element"),
    [("timestamp", {**FUNCTION, "name": "collect"}), ("timestamp", CONTRACT), ("unused-return", FUNCTION)],
)
def test_another_place_or_check_is_told(
    analysis: dict[str, Any], impact: str, check: str, element: dict[str, Any]
) -> None:
    told = analysis["unaccepted"]([result(), result(check, impact, element)], ACCEPTED)
    assert told == [f"{impact}: {check} found"]


def test_what_is_informational_is_not_told(analysis: dict[str, Any]) -> None:
    assert analysis["unaccepted"]([result(), result("assembly", "Informational")], ACCEPTED) == []


def test_an_accepted_finding_that_is_gone_is_told(analysis: dict[str, Any]) -> None:
    told = analysis["unaccepted"]([], ACCEPTED)
    assert told == ["Accepted, but not found any more: timestamp in TrainingPool.carry"]


@pytest.mark.parametrize(
    ("element", "place"),
    [(FUNCTION, "TrainingPool.carry"), (LINE, "TrainingPool.carry"), (CONTRACT, "TrainingPool")],
)
def test_a_finding_has_a_place(analysis: dict[str, Any], element: dict[str, Any], place: str) -> None:
    assert analysis["place"](result(element=element)) == place
