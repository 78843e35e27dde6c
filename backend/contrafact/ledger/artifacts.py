"""Compiled contracts: where they lie, and whether code on the chain is that of one of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from contrafact.errors import NotFound

CONTRACTS = (
    "Authority",
    "Catalogue",
    "GenerationEscrow",
    "HolderRecovery",
    "DisputeDesk",
    "TrainingPool",
    "TestDollar",
)
"""All that is deployed, in this order."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A compiled contract. `immutables` are the (start, length) in bytes of every immutable value in the code."""

    name: str
    abi: Sequence[Mapping[str, Any]] = field(repr=False)
    bytecode: bytes = field(repr=False)
    runtime_code: bytes = field(repr=False)
    immutables: tuple[tuple[int, int], ...] = field(repr=False)
    source_digest: str


@cache
def load(name: str) -> Artifact:
    """The artifact of contract `name`, from the installed package or the checkout. Raises NotFound."""
    for folder in _folders():
        file = folder / f"{name}.json"
        if file.is_file():
            return _parse(json.loads(file.read_text()))
    raise NotFound(
        f"The compiled contract {name} is missing.", "Run scripts/compile in the checkout, or reinstall the package."
    )


def runtime_code_matches(artifact: Artifact, on_chain_code: bytes) -> bool:
    """Whether `on_chain_code` is the artifact's runtime code, whatever its immutables hold."""
    same_length = len(on_chain_code) == len(artifact.runtime_code)
    return same_length and _masked(artifact, on_chain_code) == _masked(artifact, artifact.runtime_code)


def immutable_values(artifact: Artifact, code: bytes) -> frozenset[bytes]:
    """The distinct immutable values in `code`, which must match the artifact; 32 bytes each, addresses padded."""
    return frozenset(code[start : start + length] for start, length in artifact.immutables)


def _masked(artifact: Artifact, code: bytes) -> bytes:
    masked = bytearray(code)
    for start, length in artifact.immutables:
        masked[start : start + length] = bytes(length)
    return bytes(masked)


def _folders() -> list[Traversable]:
    checkout = Path(__file__).resolve().parents[3] / "contracts" / "artifacts"
    return [files("contrafact.ledger") / "artifacts", checkout]


def _parse(d: dict[str, Any]) -> Artifact:
    code, runtime = (bytes.fromhex(d[key].removeprefix("0x")) for key in ("bytecode", "deployedBytecode"))
    places = tuple((place["start"], place["length"]) for place in d["immutableReferences"])
    return Artifact(d["contractName"], d["abi"], code, runtime, places, d["sourceDigest"])
