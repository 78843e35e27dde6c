"""Where the contracts are on a chain: the file `deployments/<chain id>.json`, and how it comes to be."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from eth_utils.address import to_checksum_address
from web3.types import Nonce
from web3.utils.address import get_create_address

from contrafact.domain.orders import Eip712Domain
from contrafact.errors import ChainError, InvalidInput, NotFound
from contrafact.ledger.artifacts import CONTRACTS, load, runtime_code_matches
from contrafact.ledger.connection import Connection
from contrafact.ledger.signer import Signer

REQUIRED = tuple(name for name in CONTRACTS if name != "TestDollar")
MIN_CONTEST_BOND = 10**16
"""What contesting a work costs at least, in wei: enough to make blocking works for nothing dear."""
DEPENDS_ON = {
    "Catalogue": ("DisputeDesk",),
    "GenerationEscrow": ("Catalogue", "DisputeDesk", "HolderRecovery", "Authority"),
    "HolderRecovery": ("Catalogue", "GenerationEscrow"),
    "DisputeDesk": ("Catalogue", "GenerationEscrow", "Authority"),
    "TrainingPool": ("Catalogue", "GenerationEscrow"),
}
"""What each contract is built with, in the order of its constructor; the Authority is built with its first admin."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One set of contracts: name → address. `block` is a block before which none of them has an event."""

    chain_id: int
    block: int
    contracts: Mapping[str, str]

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
        record = _read(path)
        missing = [name for name in REQUIRED if name not in record["contracts"]]
        if missing:
            text = f"The deployment in {path.name} is incomplete: {', '.join(missing)} missing."
            raise InvalidInput(text, "Run the deployment again; it goes on where it stopped.")
        return cls._of(record)

    def save(self, path: Path) -> None:
        """Writes the file, whole or not at all."""
        _write(path, {"chain_id": self.chain_id, "block": self.block, "contracts": dict(self.contracts)})

    @classmethod
    def _of(cls, record: dict[str, Any]) -> Self:
        found = {name: record["contracts"][name] for name in CONTRACTS if name in record["contracts"]}
        return cls(record["chain_id"], record["block"], found)


def deploy(
    connection: Connection, account: Signer, path: Path | None = None, *, test_dollar: bool = True
) -> Deployment:
    """Deploys the contracts, at addresses that are computed and recorded in `path` before the first is sent.

    An interrupted deployment goes on from the file and never deploys a contract twice; a complete one comes
    back as it is. Without `path` everything is deployed anew. Raises ChainError, also when the file
    is another chain's or names contracts that are not these, and when the account has sent something else in between:
    what is deployed then names addresses that nothing can be put at any more.
    """
    with connection.exclusive(account.address):
        connection.recover(account)  # what an interrupted run has sent must be seen
        connection.wait_until_idle(account.address)
        record = _resumable(connection, path)
        wanted = CONTRACTS if test_dollar else REQUIRED
        if not (record["contracts"] or record["pending"]):
            record["pending"] = dict(
                zip(wanted, _next_addresses(connection, account.address, len(wanted)), strict=True)
            )
        for name in wanted:
            address = _place(connection, account.address, name, record)
            if not _is_there(connection, name, address):
                _write(path, record)
                _create(connection, account, name, record)
            record["contracts"][name] = address
            record["pending"].pop(name, None)
            _write(path, record)
    return Deployment._of(record)


def _place(connection: Connection, deployer: str, name: str, record: dict[str, Any]) -> str:
    """Where the contract is, or will be."""
    if name not in record["contracts"] | record["pending"]:  # it is wanted since later, and nothing depends on it
        (record["pending"][name],) = _next_addresses(connection, deployer, 1)
    return str((record["contracts"] | record["pending"])[name])


def _create(connection: Connection, account: Signer, name: str, record: dict[str, Any]) -> None:
    planned, (following,) = record["pending"][name], _next_addresses(connection, account.address, 1)
    if following != planned:
        raise _moved(
            f"{name} was planned at {planned}, but {account.address} creates its next contract at {following}."
        )
    artifact = load(name)
    factory = connection.web3.eth.contract(abi=artifact.abi, bytecode=artifact.bytecode)
    receipt = connection.send(factory.constructor(*_arguments(account, name, record)), account)
    if receipt["contractAddress"] != planned:
        raise _moved(f"{name} was deployed at {receipt['contractAddress']}, not at {planned} as recorded.")


def _moved(text: str) -> ChainError:
    hint = "Another process has sent from this account: stop it, remove the deployment file, and deploy anew."
    return ChainError(text, hint)


def _arguments(account: Signer, name: str, record: dict[str, Any]) -> list[str | int]:
    known = record["contracts"] | record["pending"]
    own: dict[str, list[str | int]] = {"Authority": [account.address], "DisputeDesk": [MIN_CONTEST_BOND]}
    return [*(known[other] for other in DEPENDS_ON.get(name, ())), *own.get(name, [])]


def _next_addresses(connection: Connection, sender: str, count: int) -> list[str]:
    """The addresses of the contracts that `sender` creates next, if it sends nothing else."""
    first = connection.nonce(sender)
    made = (get_create_address(to_checksum_address(sender), Nonce(first + i)) for i in range(count))
    return [to_checksum_address(address) for address in made]


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
