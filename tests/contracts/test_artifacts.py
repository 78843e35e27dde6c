"""What is committed is what the sources say: see artifacts.tree."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .chain import CONTRACTS, artifact
from .world import World

SHIPPED = ("WorkRegistry", "Licensing", "ModelRegistry", "GenerationEscrow", "TestDollar")
CODE_LIMIT = 24_576


def test_artifacts_are_of_the_present_sources() -> None:
    done = subprocess.run([sys.executable, CONTRACTS / "compile.py", "--digests"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_compiling_again_gives_the_same_artifacts() -> None:
    if not (CONTRACTS / "node_modules/solc").exists() and "CI" not in os.environ:
        pytest.skip("the compiler is not installed, npm's registry was out of reach: run scripts/compile")
    done = subprocess.run([sys.executable, CONTRACTS / "compile.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", SHIPPED)
def test_code_fits_and_immutables_lie_within_it(name: str) -> None:
    build = artifact(name)
    size = len(bytes.fromhex(build["deployedBytecode"][2:]))
    assert 0 < size <= CODE_LIMIT
    assert all(place["start"] + place["length"] <= size for place in build["immutableReferences"])


def test_code_on_the_chain_is_the_artifact_but_for_immutables(world: World) -> None:
    deployed = (world.works, world.licensing, world.models, world.escrow, world.usd)
    for name, contract in zip(SHIPPED, deployed, strict=True):
        code = bytearray.fromhex(world.chain.tester.get_code(contract.address)[2:])
        for place in artifact(name)["immutableReferences"]:
            code[place["start"] : place["start"] + place["length"]] = bytes(place["length"])
        assert "0x" + code.hex() == artifact(name)["deployedBytecode"]


def test_every_custom_error_is_expected_by_a_test() -> None:
    declared = {entry["name"] for name in SHIPPED[:4] for entry in artifact(name)["abi"] if entry["type"] == "error"}
    ours = {name for name in declared if "_" in name} | {"ReentrancyGuardReentrantCall"}
    tests = "\n".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert len(ours) > 40
    assert [name for name in sorted(ours) if not re.search(rf'"{name}(\(\))?"', tests)] == []


def test_nobody_has_a_privilege() -> None:
    """The functions that change anything, by name: none for an owner, an admin, a pause or an upgrade."""
    changing = {
        name: sorted(
            entry["name"]
            for entry in artifact(name)["abi"]
            if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure")
        )
        for name in SHIPPED[:4]
    }
    assert changing == {
        "WorkRegistry": ["acceptLicensor", "changeSplit", "register", "transferLicensor"],
        "Licensing": ["setTerms"],
        "ModelRegistry": ["register"],
        "GenerationEscrow": ["claim", "commit", "fund", "payout", "refund", "setThreshold", "withdrawOwed"],
    }
