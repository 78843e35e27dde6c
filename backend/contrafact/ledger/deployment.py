"""Where the contracts are on a chain: the file `deployments/<chain id>.json`, and how it comes to be."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from web3.types import Nonce
from web3.utils.address import get_create_address

from contrafact.domain.orders import Eip712Domain
from contrafact.errors import ChainError, InvalidInput, NotFound
from contrafact.ledger.artifacts import CONTRACTS, load, runtime_code_matches
from contrafact.ledger.connection import Connection

REQUIRED = CONTRACTS[:4]
DEPENDS_ON = {"Licensing": ("WorkRegistry",), "GenerationEscrow": ("Licensing", "ModelRegistry")}


@dataclass(frozen=True, slots=True)
class Deployment:
    """One set of contracts. `block` is a block before which none of them has an event."""

    chain_id: int
    block: int
    work_registry: str
    licensing: str
    model_registry: str
    escrow: str
    test_dollar: str | None = None

    @property
    def domain(self) -> Eip712Domain:
        """Where signatures of quotes and commits count."""
        return Eip712Domain(self.chain_id, self.escrow)

    @property
    def contracts(self) -> dict[str, str]:
        """Name of each contract that is there → its address."""
        addresses = (self.work_registry, self.licensing, self.model_registry, self.escrow, self.test_dollar)
        return {name: address for name, address in zip(CONTRACTS, addresses, strict=True) if address}

    @classmethod
    def load(cls, path: Path) -> Self:
        """The deployment in the file. Raises NotFound when there is none, InvalidInput when it is unusable."""
        record = _read(path)
        missing = [name for name in REQUIRED if name not in record["contracts"]]
        if missing:
            text = f"The deployment in {path.name} is incomplete: {', '.join(missing)} missing."
            raise InvalidInput(text, "Run the deployment again; it goes on where it stopped.")
        return cls._of(record)

    def save(self, path: Path) -> None:
        """Writes the file, whole or not at all."""
        _write(path, {"chain_id": self.chain_id, "block": self.block, "contracts": self.contracts})

    @classmethod
    def _of(cls, record: dict[str, Any]) -> Self:
        addresses = [record["contracts"].get(name) for name in CONTRACTS]
        return cls(record["chain_id"], record["block"], *addresses)


def deploy(
    connection: Connection, account: LocalAccount, path: Path | None = None, *, test_dollar: bool = True
) -> Deployment:
    """Deploys the contracts, and records in `path` where each will be before it is sent, and that it is there after.

    An interrupted deployment goes on from the file and never deploys a contract twice; a complete one comes
    back as it is. Without `path` everything is deployed anew. Raises ChainError, also when the file
    is another chain's or names contracts that are not these.
    """
    with connection.exclusive(account.address):
        connection.wait_until_idle(account.address)  # what an interrupted run has sent must be seen
        record = _resumable(connection, path)
        for name in CONTRACTS if test_dollar else REQUIRED:
            address = record["contracts"].get(name) or record["pending"].get(name)
            if address is None or not _is_there(connection, name, address):
                address = _next_address(connection, account.address)
                record["pending"][name] = address
                _write(path, record)
                _create(connection, account, name, record)
            record["contracts"][name] = address
            record["pending"].pop(name, None)
            _write(path, record)
    return Deployment._of(record)


def _create(connection: Connection, account: LocalAccount, name: str, record: dict[str, Any]) -> None:
    artifact = load(name)
    factory = connection.web3.eth.contract(abi=artifact.abi, bytecode=artifact.bytecode)
    arguments = [record["contracts"][other] for other in DEPENDS_ON.get(name, ())]
    receipt = connection.send(factory.constructor(*arguments), account)
    if receipt["contractAddress"] != record["pending"][name]:
        text = f"{name} was deployed at {receipt['contractAddress']}, not at {record['pending'][name]} as recorded."
        raise ChainError(text, "Another process sends from this account: stop it and deploy again.")


def _next_address(connection: Connection, sender: str) -> str:
    """The address of the contract that `sender` creates next."""
    return to_checksum_address(get_create_address(to_checksum_address(sender), Nonce(connection.nonce(sender))))


def _is_there(connection: Connection, name: str, address: str) -> bool:
    code = connection.code(address)
    if code and not runtime_code_matches(load(name), code):
        text = f"The code at {address} is not that of {name} in this version."
        raise ChainError(text, "Use the version that it was deployed with, or remove the file to deploy anew.")
    return bool(code)


def _resumable(connection: Connection, path: Path | None) -> dict[str, Any]:
    fresh = {"chain_id": connection.chain_id, "block": connection.head(), "contracts": {}, "pending": {}}
    if path is None or not path.exists():
        return fresh
    record = _read(path)
    if record["chain_id"] != connection.chain_id:
        text = f"{path.name} belongs to chain {record['chain_id']}, not to {connection.chain_id}."
        raise ChainError(text, "Give each chain a file of its own: deployments/<chain id>.json.")
    first = {**record["pending"], **record["contracts"]}.get(CONTRACTS[0])
    # Nothing is there any more: a development chain that was started anew.
    return record if first and connection.code(first) else fresh


def _read(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text())
        if any(type(record[key]) is not int for key in ("chain_id", "block")):
            raise TypeError("chain_id and block must be numbers")
        contracts, pending = (_addresses(record.get(key, {})) for key in ("contracts", "pending"))
    except FileNotFoundError:
        text = f"There is no deployment file {path}."
        raise NotFound(text, "Deploy the contracts first, or give the path of a deployment.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        text = f"The deployment file {path.name} cannot be read: {error}."
        raise InvalidInput(text, "Expected {chain_id, block, contracts: {name: address}}.") from error
    return {"chain_id": record["chain_id"], "block": record["block"], "contracts": contracts, "pending": pending}


def _addresses(entries: dict[str, str]) -> dict[str, str]:
    """The entries with checksummed addresses. Raises ValueError for what is none."""
    return {name: to_checksum_address(address) for name, address in entries.items()}


def _write(path: Path | None, record: dict[str, Any]) -> None:
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps(record, indent=2) + "\n")
    os.replace(draft, path)
