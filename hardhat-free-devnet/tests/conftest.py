"""One node for the whole run, put back to its first block after every test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from web3 import HTTPProvider, Web3
from web3.contract import Contract

from hardhat_free_devnet import Devnet

ASSETS = Path(__file__).parent / "assets"

Rpc = Callable[..., dict[str, Any]]


def connect(node: Devnet) -> Web3:
    w3 = Web3(HTTPProvider(node.url))
    w3.eth.default_account = w3.to_checksum_address(node.accounts[0].address)
    return w3


@pytest.fixture(scope="session")
def artifact() -> dict[str, Any]:
    return json.loads((ASSETS / "Probe.json").read_text())


@pytest.fixture(scope="session")
def running() -> Iterator[Devnet]:
    with Devnet(accounts=10) as node:
        yield node


@pytest.fixture
def node(running: Devnet) -> Iterator[Devnet]:
    provider = HTTPProvider(running.url)
    snapshot = provider.make_request("evm_snapshot", [])["result"]
    yield running
    assert provider.make_request("evm_revert", [snapshot])["result"] is True


@pytest.fixture
def w3(node: Devnet) -> Web3:
    return connect(node)


@pytest.fixture
def rpc(w3: Web3) -> Rpc:
    """The whole answer to one request, errors included."""
    return lambda method, *params: w3.provider.make_request(method, list(params))


@pytest.fixture
def probe(w3: Web3, artifact: dict[str, Any]) -> Contract:
    """A freshly deployed Probe whose value 0 is 7."""
    factory = w3.eth.contract(abi=artifact["abi"], bytecode=artifact["bytecode"])
    receipt = w3.eth.wait_for_transaction_receipt(factory.constructor(7).transact())
    return w3.eth.contract(address=receipt["contractAddress"], abi=artifact["abi"])
