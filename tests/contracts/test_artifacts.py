"""What is committed is what the sources say: see artifacts.tree."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .chain import CONTRACTS, NATIVE, Contract, artifact, reverts
from .disputes import DisputeWorld
from .disputes import dispute_world as dispute_world

SHIPPED = sorted(path.stem for path in (CONTRACTS / "artifacts").glob("*.json"))
OURS = [name for name in SHIPPED if name not in ("Authority", "TestDollar")]
CODE_LIMIT = 24_576
PRIVILEGED = {
    "Catalogue": {"WorkRegistry_NotDesk": ["bar", "closeContest", "openContest", "stopModel"]},
    "GenerationEscrow": {
        "RoyaltyAccounts_NotDesk": [
            "closeHold", "holdAccount", "lockBond", "openHold", "payFine", "payFromBond", "releaseAccount",
            "unlockBond",
        ],
        "RoyaltyVault_NotRecovery": ["readdress"],
        "AccessManagedUnauthorized": ["pause", "setAuthority", "unpause"],
    },
    "HolderRecovery": {},
    "DisputeDesk": {"AccessManagedUnauthorized": ["ruleChallenge", "ruleContest", "setAuthority"]},
    "TrainingPool": {},
}  # fmt: skip
OPEN = {
    "Catalogue": [
        "acceptLicensor", "anchorCollection", "changeSplit", "enforceSunset", "materialise", "register", "registerMany",
        "registerModel", "setTerms", "transferLicensor", "withdrawCollection",
    ],
    "GenerationEscrow": [
        "claim", "commit", "confirm", "depositBond", "fund", "fundFor", "fundWithAuthorization", "payDownstream",
        "payout", "raiseUse", "refund", "registerOperator", "requestWithdrawal", "setThreshold", "withdrawBond",
        "withdrawOwed",
    ],
    "HolderRecovery": [
        "cancelRecovery", "finishReaddressing", "recover", "setGuardian", "startReaddressing", "startRecovery",
    ],
    "DisputeDesk": [
        "answerConsent", "challenge", "contest", "fineOperator", "fineRegistrant", "finishQuestion", "holdAccount",
        "lapse", "lapseChallenge", "proveNoConsent", "questionConsent", "stopModel", "takeBackBond", "withdrawContest",
        "withdrawOwed",
    ],
    "TrainingPool": ["carry", "claimEpoch", "claimEpochs", "closeEpoch", "collect"],
}  # fmt: skip
GUARDED = [
    (contract, function, error)
    for contract, errors in PRIVILEGED.items()
    for error, functions in errors.items()
    for function in functions
]


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


def deployed(world: DisputeWorld) -> dict[str, Contract]:
    return {
        "Authority": world.authority,
        "Catalogue": world.catalogue,
        "DisputeDesk": world.desk,
        "GenerationEscrow": world.escrow,
        "HolderRecovery": world.recovery,
        "TestDollar": world.usd,
        "TrainingPool": world.training,
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_code_on_the_chain_is_the_artifact_but_for_immutables(world: DisputeWorld, name: str) -> None:
    code = bytearray(world.chain.code(deployed(world)[name].address))
    for place in artifact(name)["immutableReferences"]:
        code[place["start"] : place["start"] + place["length"]] = bytes(place["length"])
    assert "0x" + code.hex() == artifact(name)["deployedBytecode"]


def test_every_custom_error_is_expected_by_a_test() -> None:
    declared = {entry["name"] for name in OURS for entry in artifact(name)["abi"] if entry["type"] == "error"}
    ours = {name for name in declared if "_" in name}
    ours |= {"TermsInvalid", "ReentrancyGuardReentrantCall", "EnforcedPause", "AccessManagedUnauthorized"}
    tests = "\n".join(path.read_text() for path in Path(__file__).parent.glob("*.py"))
    assert len(ours) > 100
    assert [name for name in sorted(ours) if not re.search(rf'"{name}(\(\))?"', tests)] == []


@pytest.mark.parametrize("name", OURS)
def test_every_function_that_changes_anything_is_open_or_has_a_stated_privilege(name: str) -> None:
    """There is none for an owner, and none that upgrades or takes money."""
    changing = {
        entry["name"]
        for entry in artifact(name)["abi"]
        if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure")
    }
    guarded = {function for functions in PRIVILEGED[name].values() for function in functions}
    assert changing == guarded | set(OPEN[name])
    assert not guarded & set(OPEN[name])


@pytest.mark.parametrize(("contract", "function", "error"), GUARDED)
def test_a_privilege_is_nobody_elses(world: DisputeWorld, contract: str, function: str, error: str) -> None:
    target = deployed(world)[contract]
    (entry,) = (e for e in target.codec.abi if e["type"] == "function" and e["name"] == function)
    nothing = [_nothing(item) for item in entry["inputs"]]
    for sender in (world.licensor, world.operator, world.relayer):
        with reverts(error, sender):
            target.send(sender, function, *nothing)


def _nothing(item: dict[str, Any]) -> Any:
    """The value of all zeros of a type."""
    kind = item["type"]
    if kind.endswith("[]"):
        return []
    if kind == "tuple":
        return tuple(_nothing(part) for part in item["components"])
    return {"address": NATIVE, "bytes32": bytes(32)}.get(kind, 0)
