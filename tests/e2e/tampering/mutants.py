"""Mutant contracts on the town's chain: compiled beside the test doubles, deployed by a cheat."""

from __future__ import annotations

import json
from pathlib import Path
from runpy import run_path

from contrafact.demo import world
from contrafact.ledger.artifacts import load
from contrafact.ledger.connection import Connection

DOUBLES = Path(__file__).resolve().parents[3] / "contracts" / "doubles"


def stale_mutants() -> list[str]:
    """Mutants that were not compiled from the contracts as they are now."""
    stale: list[str] = run_path(str(DOUBLES / "mutants.py"))["stale"]()
    return stale


def deploy_mutant(connection: Connection, name: str, *arguments: str) -> str:
    """Deploys the mutant and returns its address."""
    artifact = json.loads((DOUBLES / "artifacts" / "mutants.json").read_text())[name]
    return _create(connection, artifact["mutantOf"], artifact["bytecode"], *arguments)


def deploy_published(connection: Connection, name: str, *arguments: str) -> str:
    """Deploys the published contract once more and returns its address."""
    return _create(connection, name, load(name).bytecode, *arguments)


def _create(connection: Connection, name: str, bytecode: bytes | str, *arguments: str) -> str:
    factory = connection.web3.eth.contract(abi=load(name).abi, bytecode=bytecode)
    receipt = connection.send(factory.constructor(*arguments), world.account(world.DEPLOYER))
    return str(receipt["contractAddress"])
