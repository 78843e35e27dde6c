"""Contracts with one mistake each, which the fuzzer's machine has to find: see invariants.tree.

The mistakes are in contracts/doubles/mutants.py. Each leaves everyday use as it is. The machine then walks by chance,
with the same seeds each time, until a rule does not hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from runpy import run_path
from typing import Any

import pytest

from .chain import CONTRACTS
from .fuzz.happy import happy_path
from .fuzz.machine import walk
from .fuzz.people import world_with
from .fuzz.stage import Codes, Violation

pytestmark = pytest.mark.slow

MUTANTS: dict[str, Any] = run_path(str(CONTRACTS / "doubles" / "mutants.py"))
STEPS, WALKS = 60, 20
KILLED: dict[str, str] = {}


@pytest.fixture(scope="module", autouse=True)
def report() -> Iterator[None]:
    """Says at the end which fault died by which rule."""
    yield
    print(*(f"\n{name}: {rule}" for name, rule in KILLED.items()), sep="")


def codes_of(fault: str) -> Codes:
    artifact = json.loads(MUTANTS["ARTIFACTS"].read_text())[fault]
    return ((artifact["mutantOf"], artifact["bytecode"]),)


def test_faults_are_of_the_present_sources() -> None:
    """Run contracts/doubles/mutants.py where this fails."""
    assert MUTANTS["stale"]() == []


def test_everyday_use_works() -> None:
    happy_path(world_with())


def test_without_a_fault_no_walk_finds_a_rule_broken() -> None:
    for seed in range(WALKS):
        walk((), seed, STEPS)


@pytest.mark.parametrize("fault", MUTANTS["FAULTS"])
def test_a_fault_is_found_though_everyday_use_works(fault: str) -> None:
    codes = codes_of(fault)
    happy_path(world_with(codes))
    KILLED[fault] = rule_broken(codes)


def rule_broken(codes: Codes) -> str:
    """The first rule that a walk finds broken."""
    for seed in range(WALKS):
        try:
            walk(codes, seed, STEPS)
        except Violation as violation:
            return f"{str(violation)[:120]} (walk {seed})"
    pytest.fail(f"{WALKS} walks of {STEPS} steps have found nothing")
