"""A chain on which the contracts did for a while what they must not, on anvil.

A mutant's code (contracts/doubles/mutants.py) stands at a contract's own address, over its own storage, and the
published code is put back before anybody looks: what an auditor reads of the code is in order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from eth_abi import encode
from eth_utils.abi import event_abi_to_log_topic
from web3.contract.contract import ContractFunction

from contrafact.demo import world
from contrafact.domain.shares import PPM
from contrafact.ledger.artifacts import load
from contrafact.ledger.construction import arguments
from contrafact.wiring import Site
from tests.contracts.trees import leaf_node
from tests.e2e.tampering.mutants import DOUBLES, deploy_mutant


def rpc(site: Site, method: str, *parameters: object) -> Any:
    """A raw call to the node."""
    answer = site.connection.web3.provider.make_request(method, list(parameters))  # type: ignore[arg-type]
    assert "error" not in answer, answer
    return answer["result"]


@contextmanager
def crooked(site: Site, contract: str, mutant: str) -> Iterator[None]:
    """The mutant in the place of the contract until the end of the `with`."""
    with code_at(site, site.deployment.contracts[contract], _code(site, contract, mutant)):
        yield


@contextmanager
def code_at(site: Site, address: str, code: str) -> Iterator[None]:
    """This code at an address; what was there comes back at the end."""
    before = rpc(site, "eth_getCode", address, "latest")
    rpc(site, "anvil_setCode", address, code)
    yield
    rpc(site, "anvil_setCode", address, before)


def replace_code(site: Site, contract: str, mutant: str) -> str:
    """The same for good. Returns the contract's address."""
    address = site.deployment.contracts[contract]
    rpc(site, "anvil_setCode", address, _code(site, contract, mutant))
    return address


def _code(site: Site, contract: str, mutant: str) -> str:
    """The mutant's code, with immutables as if it had been deployed at the contract's own address."""
    given = site.deployment.contracts
    known = arguments(contract, given, world.account(world.DEPLOYER).address)
    elsewhere = deploy_mutant(site.connection, mutant, *known)  # type: ignore[arg-type]
    code: str = rpc(site, "eth_getCode", elsewhere, "latest")
    own, other = (leaf_node(0, address, PPM)[0].hex() for address in (given[contract], elsewhere))
    return code.replace(other, own)  # the place of the TrainingPool contract in models' splits is made of its address


def as_the_contract(site: Site, contract: str, function: ContractFunction) -> None:
    """Calls another contract as if this one did."""
    address = site.deployment.contracts[contract]
    puppet = site.connection.web3.eth.contract(address=address, abi=puppet_abi())  # type: ignore[call-overload]
    with code_at(site, address, puppet_code()):
        call = puppet.functions.perform(function.address, function._encode_transaction_data())
        site.connection.send(call, world.account(19))


def puppet_abi() -> Any:
    return _puppet()["abi"]


def puppet_code() -> str:
    """Code that anybody lets call anything."""
    return str(_puppet()["deployedBytecode"])


def _puppet() -> Any:
    return json.loads((DOUBLES / "artifacts" / "Puppet.json").read_text())


def say(site: Site, contract: str, event: str, *values: object) -> None:
    """An event of a contract that never happened; `values` in the order of the event's arguments."""
    address = site.deployment.contracts[contract]
    (abi,) = (entry for entry in load(contract).abi if entry["type"] == "event" and entry["name"] == event)
    topics, data = _encoded(site, abi, values)
    with code_at(site, address, _logging(len(topics))):
        call = {"from": world.account(19).address, "to": address, "data": "0x" + b"".join([*topics, data]).hex()}
        rpc(site, "eth_sendTransaction", call)


def _encoded(site: Site, abi: Any, values: Sequence[object]) -> tuple[list[bytes], bytes]:
    rows = list(zip(abi["inputs"], values, strict=True))
    topics = [encode([row["type"]], [value]) for row, value in rows if row["indexed"]]
    plain = [(row["type"], value) for row, value in rows if not row["indexed"]]
    data = encode([kind for kind, _ in plain], [value for _, value in plain])
    return [event_abi_to_log_topic(abi), *topics], data


def _logging(topics: int) -> str:
    """EVM code that logs its calldata: so many topics, then the data."""
    head = 32 * topics
    rest = bytes([0x60, head, 0x36, 0x03])  # calldatasize - head
    copy = rest + bytes([0x60, head, 0x60, 0, 0x37])
    pushed = b"".join(bytes([0x60, 32 * i, 0x35]) for i in reversed(range(topics)))
    return "0x" + (copy + pushed + rest + bytes([0x60, 0, 0xA0 + topics, 0x00])).hex()


def overwrite(site: Site, function: ContractFunction, before: int, after: int) -> None:
    """Replaces the one word `before` of storage that a view function reads."""
    call = {"to": function.address, "data": function._encode_transaction_data()}
    listed = rpc(site, "eth_createAccessList", call, "latest")["accessList"]
    keys = [(row["address"], key) for row in listed for key in row["storageKeys"]]
    words = {key: int(rpc(site, "eth_getStorageAt", address, key, "latest"), 16) for address, key in keys}
    found = [(address, key) for address, key in keys if words[key] == before]
    assert len(found) == 1, (before, words)
    rpc(site, "anvil_setStorageAt", *found[0], "0x" + after.to_bytes(32).hex())


def pass_until(site: Site, moment: int) -> None:
    """The next block has this very second."""
    rpc(site, "evm_setNextBlockTimestamp", hex(moment))


def mine(site: Site) -> None:
    rpc(site, "evm_mine")
