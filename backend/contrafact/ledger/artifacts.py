"""Compiled contracts: where they lie, and whether code on the chain is that of one of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import sha256
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
_STANDARD_INPUT = "standard-input.json.gz"


@dataclass(frozen=True, slots=True)
class Immutable:
    """A place in the runtime code that holds the value of an immutable variable: start and length in bytes."""

    name: str
    start: int
    length: int


@dataclass(frozen=True)
class Artifact:
    """A compiled contract. `source_name` is the file that the compiler knows it by."""

    name: str
    source_name: str
    abi: Sequence[Mapping[str, Any]] = field(repr=False)
    bytecode: bytes = field(repr=False)
    runtime_code: bytes = field(repr=False)
    immutables: tuple[Immutable, ...] = field(repr=False)
    compiler: Mapping[str, Any] = field(repr=False)
    source_digest: str

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hex, of the bytecode that creates the contract, without the constructor's arguments."""
        return sha256(self.bytecode).hexdigest()

    @cached_property
    def settings_digest(self) -> str:
        """SHA-256, in hex, of the compiler's settings as JSON with sorted keys."""
        return sha256(json.dumps(self.compiler["settings"], sort_keys=True).encode()).hexdigest()

    @property
    def argument_types(self) -> list[str]:
        """The ABI types of the constructor's arguments."""
        constructors = (entry for entry in self.abi if entry["type"] == "constructor")
        return [item["type"] for entry in constructors for item in entry["inputs"]]


@cache
def load(name: str) -> Artifact:
    """The artifact of contract `name`, from the installed package or the checkout. Raises NotFound."""
    file = _find(f"{name}.json")
    if file is None:
        text = f"The compiled contract {name} is missing."
        raise NotFound(text, "Run scripts/compile in the checkout, or reinstall the package.")
    return _parse(json.loads(file.read_text()))


def standard_input() -> dict[str, Any]:
    """`{compiler, input}`: the compiler's version, and its standard JSON input with all sources. Raises NotFound."""
    file = _find(_STANDARD_INPUT)
    if file is None:
        text = "The contracts' sources are missing."
        raise NotFound(text, "Run scripts/compile in the checkout, or reinstall the package.")
    found: dict[str, Any] = json.loads(gzip.decompress(file.read_bytes()))
    return found


def runtime_code_matches(artifact: Artifact, on_chain_code: bytes) -> bool:
    """Whether `on_chain_code` is the artifact's runtime code, whatever its immutables hold."""
    same_length = len(on_chain_code) == len(artifact.runtime_code)
    return same_length and _masked(artifact, on_chain_code) == _masked(artifact, artifact.runtime_code)


def immutable_values(artifact: Artifact, code: bytes) -> dict[str, frozenset[bytes]]:
    """What `code`, which must match the artifact, holds of each immutable: 32 bytes each, addresses padded.

    A variable that is used in several places has one value, unless the code was not made by this constructor.
    """
    found: dict[str, set[bytes]] = {}
    for place in artifact.immutables:
        found.setdefault(place.name, set()).add(code[place.start : place.start + place.length])
    return {name: frozenset(values) for name, values in found.items()}


def _masked(artifact: Artifact, code: bytes) -> bytes:
    masked = bytearray(code)
    for place in artifact.immutables:
        masked[place.start : place.start + place.length] = bytes(place.length)
    return bytes(masked)


def _find(file_name: str) -> Traversable | None:
    checkout = Path(__file__).resolve().parents[3] / "contracts" / "artifacts"
    folders: list[Traversable] = [files("contrafact.ledger") / "artifacts", checkout]
    return next((folder / file_name for folder in folders if (folder / file_name).is_file()), None)


def _parse(d: dict[str, Any]) -> Artifact:
    code, runtime = (bytes.fromhex(d[key].removeprefix("0x")) for key in ("bytecode", "deployedBytecode"))
    places = tuple(Immutable(place["name"], place["start"], place["length"]) for place in d["immutableReferences"])
    return Artifact(
        d["contractName"], d["sourceName"], d["abi"], code, runtime, places, d["compiler"], d["sourceDigest"]
    )
