"""Deploying: every contract once, whatever interrupts it, and a record of how each came to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eth_utils.address import to_checksum_address
from web3.types import Nonce
from web3.utils.address import get_create_address

from contrafact.errors import ChainError
from contrafact.ledger.artifacts import CONTRACTS, load, runtime_code_matches
from contrafact.ledger.connection import Connection
from contrafact.ledger.construction import REQUIRED, Argument, arguments, encoded
from contrafact.ledger.creations import find_creation
from contrafact.ledger.deployment_file import Creation, Deployment, Record, empty, read, write
from contrafact.ledger.revision import source_revision
from contrafact.ledger.sender import transaction_of
from contrafact.ledger.signer import Signer

DEVELOPMENT_CHAINS = (31337, 1337)
"""Chain ids of chains that begin anew whenever they are started."""


def deploy(
    connection: Connection,
    account: Signer,
    path: Path | None = None,
    *,
    test_dollar: bool = True,
    roles: Mapping[str, str] | None = None,
    on_step: Callable[[str], None] = lambda step: None,
) -> Deployment:
    """Deploys the contracts, at addresses that are computed and recorded in `path` before the first is sent.

    An interrupted deployment goes on from the file and never deploys a contract twice; a complete one comes
    back as it is. Without `path` everything is deployed anew. `roles` are noted in the file, to be given afterwards;
    `on_step` is told which contract is next.
    Raises ChainError, also when the file is another chain's or another account's, or names contracts that are not
    these, and when the account has sent something else in between: what is deployed then names addresses that
    nothing can be put at any more.
    """
    with connection.exclusive(account.address):
        connection.recover(account)
        connection.wait_until_idle(account.address)  # what an interrupted run has sent must be seen
        record = prepare(connection, account.address, path, test_dollar=test_dollar)
        if roles and record["pending"]:
            record["roles"] = dict(roles)
        for name in wanted(test_dollar):
            _ensure(connection, account, name, record, path, on_step)
    return Deployment.of(record)


def wanted(test_dollar: bool = True) -> tuple[str, ...]:
    """The contracts that are deployed, in this order."""
    return CONTRACTS if test_dollar else REQUIRED


def prepare(connection: Connection, deployer: str, path: Path | None = None, *, test_dollar: bool = True) -> Record:
    """The record from which `deploy` goes on, with an address for each contract; nothing is sent or written.

    Raises ChainError when the file is of another chain, names contracts that are not there, or is of a deployment
    that another account has begun and not ended.
    """
    record = _resumable(connection, path, deployer)
    if record["pending"]:
        _require_same(record, deployer)
    if not (record["contracts"] or record["pending"]):
        names = wanted(test_dollar)
        record["pending"] = dict(zip(names, next_addresses(connection, deployer, len(names)), strict=True))
        record["deployer"] = deployer
    for name in wanted(test_dollar):
        if name not in record["contracts"] | record["pending"]:  # it is wanted since later; nothing depends on it
            nonce_follows = len([other for other in record["pending"] if not connection.code(record["pending"][other])])
            record["pending"][name] = next_addresses(connection, deployer, nonce_follows + 1)[-1]
    return record


def next_addresses(connection: Connection, sender: str, count: int) -> list[str]:
    """The addresses of the contracts that `sender` creates next, if it sends nothing else."""
    first = connection.nonce(sender)
    made = (get_create_address(to_checksum_address(sender), Nonce(first + i)) for i in range(count))
    return [to_checksum_address(address) for address in made]


def _ensure(
    connection: Connection,
    account: Signer,
    name: str,
    record: Record,
    path: Path | None,
    on_step: Callable[[str], None],
) -> None:
    """Has the contract created unless it is there, and the record say so."""
    address = str((record["contracts"] | record["pending"])[name])
    if not _is_there(connection, name, address):
        on_step(name)
        _require_next(connection, account.address, name, address, record)
        values = arguments(name, record["contracts"] | record["pending"], account.address)
        made = Creation.of(load(name), values, encoded(name, values), source_revision())
        record["creations"][name] = asdict(made)
        record |= {"deployer": str(account.address), "sent_after": connection.head()}
        write(path, record)
        record["creations"][name] |= _create(connection, account, name, values, address)
    elif name in record["contracts"]:
        return
    elif name in record["creations"]:  # it was sent, and the answer did not come
        since = record["sent_after"] or record["block"]
        record["creations"][name] |= find_creation(connection, record["deployer"], address, since) or {}
    record["contracts"][name] = address
    record["pending"].pop(name, None)
    record["sent_after"] = None
    write(path, record)


def _require_next(connection: Connection, deployer: str, name: str, planned: str, record: Record) -> None:
    """Raises ChainError unless the next contract that `deployer` creates will be where `name` is planned."""
    _require_same(record, deployer)
    (following,) = next_addresses(connection, deployer, 1)
    if following != planned:
        raise _moved(f"{name} was planned at {planned}, but {deployer} creates its next contract at {following}.")


def _require_same(record: Record, deployer: str) -> None:
    if record["deployer"] not in ("", deployer):
        text = f"This deployment was begun by {record['deployer']}, not by {deployer}."
        raise ChainError(text, "Go on with the key that began it, or deploy anew into another file (--deployment).")


def _create(
    connection: Connection, account: Signer, name: str, values: Sequence[Argument], planned: str
) -> dict[str, Any]:
    """Sends the creation and waits for it. Returns its `{transaction, block}`."""
    artifact = load(name)
    factory = connection.web3.eth.contract(abi=artifact.abi, bytecode=artifact.bytecode)
    receipt = connection.send(factory.constructor(*values), account)
    if receipt["contractAddress"] != planned:
        raise _moved(f"{name} was deployed at {receipt['contractAddress']}, not at {planned} as recorded.")
    return {"transaction": transaction_of(receipt), "block": receipt["blockNumber"]}


def _moved(text: str) -> ChainError:
    hint = "Another process has sent from this account: stop it, remove the deployment file, and deploy anew."
    return ChainError(text, hint)


def _is_there(connection: Connection, name: str, address: str) -> bool:
    code = connection.code(address)
    if code and not runtime_code_matches(load(name), code):
        text = f"The code at {address} is not that of {name} in this version."
        raise ChainError(text, "Use the version that it was deployed with, or remove the file to deploy anew.")
    return bool(code)


def _resumable(connection: Connection, path: Path | None, deployer: str) -> Record:
    fresh = empty(connection.chain_id, connection.head())
    if path is None or not path.exists():
        return fresh
    record = read(path)
    if record["chain_id"] != connection.chain_id:
        text = f"{path.name} belongs to chain {record['chain_id']}, not to {connection.chain_id}."
        raise ChainError(text, "Give each chain a file of its own: deployments/<chain id>.json.")
    if any(connection.code(address) for address in _first(record)):
        return record
    if record["contracts"] and connection.chain_id not in DEVELOPMENT_CHAINS:
        text = f"{path.name} names contracts that are not on the chain at {connection.place}."
        raise ChainError(
            text, "The node may be behind: wait, or use another one. Or the chain began anew: remove the file."
        )
    if record["contracts"]:
        return fresh  # a development chain that was started anew
    return fresh | {"roles": _asked(record, deployer)}  # nothing was sent yet


def _asked(record: Record, deployer: str) -> dict[str, str]:
    """The roles of a deployment that another account may begin anew: what was left to the first is left to this one."""
    begun_by = record["deployer"]
    return {role: deployer if who == begun_by else who for role, who in record["roles"].items()}


def _first(record: Record) -> Sequence[str]:
    """The address of the contract that is deployed first, if the record has it."""
    known = record["pending"] | record["contracts"]
    return [known[CONTRACTS[0]]] if CONTRACTS[0] in known else []
