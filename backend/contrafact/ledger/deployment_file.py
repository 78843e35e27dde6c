"""Where the contracts are on a chain, and how they came there: the file `deployments/<chain id>.json`.

`{chain_id, block, contracts: {name: address}}`, and optionally `pending` (where the contracts that are still missing
will be), `deployer`, `roles` (who was asked to have which) and `creations` (per contract: transaction, block,
constructor arguments and what it was compiled from).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from eth_utils.address import to_checksum_address

from contrafact.domain.orders import Eip712Domain
from contrafact.errors import InvalidInput, NotFound
from contrafact.ledger.artifacts import CONTRACTS, Artifact
from contrafact.ledger.construction import REQUIRED
from contrafact.whole import write_whole

Record = dict[str, Any]
"""The content of the file, while contracts are being deployed."""


@dataclass(frozen=True, slots=True)
class Creation:
    """How a contract was created. Digests are SHA-256 in hex; `transaction` and `block` are None where not known."""

    transaction: str | None
    block: int | None
    arguments: tuple[str, ...]
    encoded_arguments: str
    bytecode_sha256: str
    sources_sha256: str
    compiler: str
    settings_sha256: str
    revision: str

    @classmethod
    def of(cls, artifact: Artifact, arguments: list[str | int], encoded: bytes, revision: str) -> Self:
        """The creation of a contract that is not sent yet. Large numbers are texts in the file."""
        compiler = f"{artifact.compiler['name']} {artifact.compiler['version']}"
        digests = (artifact.digest, artifact.source_digest, compiler, artifact.settings_digest)
        return cls(None, None, tuple(map(str, arguments)), f"0x{encoded.hex()}", *digests, revision)


@dataclass(frozen=True, slots=True)
class Deployment:
    """One set of contracts: name → address. `block` is a block before which none of them has an event.

    `roles` says who was asked to be `admin`, `arbiter` and `guardian`; empty, as `creations`, where that is not known.
    """

    chain_id: int
    block: int
    contracts: Mapping[str, str]
    deployer: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    creations: Mapping[str, Creation] = field(default_factory=dict)

    @property
    def catalogue(self) -> str:
        return self.contracts["Catalogue"]

    @property
    def escrow(self) -> str:
        return self.contracts["GenerationEscrow"]

    @property
    def test_dollar(self) -> str | None:
        return self.contracts.get("TestDollar")

    @property
    def domain(self) -> Eip712Domain:
        """Where signatures of quotes and commits count."""
        return Eip712Domain(self.chain_id, self.escrow)

    @classmethod
    def load(cls, path: Path) -> Self:
        """The deployment in the file. Raises NotFound when there is none, InvalidInput when it is unusable."""
        record = read(path)
        missing = [name for name in REQUIRED if name not in record["contracts"]]
        if missing:
            text = f"The deployment in {path.name} is incomplete: {', '.join(missing)} missing."
            raise InvalidInput(text, "Run the deployment again; it goes on where it stopped.")
        return cls.of(record)

    def save(self, path: Path) -> None:
        """Writes the file, whole or not at all."""
        contracts, creations = dict(self.contracts), {name: asdict(made) for name, made in self.creations.items()}
        record = {"chain_id": self.chain_id, "block": self.block, "contracts": contracts}
        write(path, record | {"deployer": self.deployer, "roles": dict(self.roles), "creations": creations})

    @classmethod
    def of(cls, record: Record) -> Self:
        """The deployment that a record's contracts are."""
        found = {name: record["contracts"][name] for name in CONTRACTS if name in record["contracts"]}
        creations = {name: _creation(made) for name, made in record["creations"].items()}
        return cls(record["chain_id"], record["block"], found, record["deployer"], record["roles"], creations)


def empty(chain_id: int, block: int) -> Record:
    """The record of a deployment of which there is nothing yet.

    `sent_after` is the newest block when the transaction under way was sent; None where there is none.
    """
    known: Record = {"contracts": {}, "pending": {}, "deployer": "", "roles": {}, "creations": {}}
    return {"chain_id": chain_id, "block": block, "sent_after": None, **known}


def read(path: Path) -> Record:
    """The record in the file. Raises NotFound and InvalidInput."""
    try:
        record = json.loads(path.read_text())
        if any(type(record[key]) is not int for key in ("chain_id", "block")):
            raise TypeError("chain_id and block must be numbers")
        named = {key: _addresses(record.get(key, {})) for key in ("contracts", "pending", "roles")}
        creations = {name: asdict(_creation(made)) for name, made in record.get("creations", {}).items()}
    except FileNotFoundError:
        text = f"There is no deployment file {path}."
        raise NotFound(text, "Deploy the contracts first, or give the path of a deployment.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        text = f"The deployment file {path.name} cannot be read: {error}."
        raise InvalidInput(text, "Expected {chain_id, block, contracts: {name: address}}.") from error
    known = {"deployer": record.get("deployer", ""), "creations": creations, **named}
    return empty(record["chain_id"], record["block"]) | known | {"sent_after": record.get("sent_after")}


def write(path: Path | None, record: Record) -> None:
    """Writes the record, whole or not at all; what is empty is left out. Nothing happens where there is no path."""
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {key: record[key] for key in record if _is_said(key, record[key])}
    write_whole(path, f"{json.dumps(content, indent=2)}\n".encode())


def _is_said(key: str, value: Any) -> bool:
    return key == "contracts" or value not in ({}, "", None)


def _creation(entry: Mapping[str, Any]) -> Creation:
    return Creation(**{**entry, "arguments": tuple(entry["arguments"])})


def _addresses(entries: dict[str, str]) -> dict[str, str]:
    """The entries with checksummed addresses. Raises ValueError for what is none."""
    return {name: to_checksum_address(address) for name, address in entries.items()}
