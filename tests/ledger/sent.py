"""Transactions to watch on another project's node: a test dollar there, and senders that run beside the test."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from web3.contract.contract import ContractFunction
from web3.types import TxReceipt

from contrafact.ledger.artifacts import load
from contrafact.ledger.connection import Connection
from contrafact.ledger.policy import Policy
from tests.clients.anvil import Anvil

SECONDS = 60  # that a test waits for what must come


def wait_for(what: Callable[[], Any]) -> Any:
    """The first true value of `what`. Fails after a while."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.02)
    raise AssertionError("It did not come.")


@dataclass
class Town:
    """A node with a test dollar. `patient` holds the mining of blocks until the test says so."""

    node: Anvil
    dollar: str

    @classmethod
    def on(cls, node: Anvil) -> Town:
        connection, artifact = Connection.open(node.url), load("TestDollar")
        factory = connection.web3.eth.contract(abi=artifact.abi, bytecode=artifact.bytecode)
        return cls(node, str(connection.send(factory.constructor(), node.account(9))["contractAddress"]))

    def stop_mining(self) -> None:
        self.node.rpc("evm_setAutomine", [False])

    def mine(self, blocks: int = 1) -> None:
        self.node.rpc("anvil_mine", [hex(blocks)])

    def open(self, url: str | None = None, **policy: Any) -> Connection:
        """A connection that looks often and replaces nothing, unless told otherwise."""
        return Connection.open(url or self.node.url, policy=Policy(**{"poll_seconds": 0.05, **policy}))

    def mint(self, connection: Connection, amount: int = 1) -> ContractFunction:
        dollar = connection.contract("TestDollar", self.dollar)
        return dollar.functions.mint(self.node.account(5).address, amount)

    def minted(self) -> int:
        """What the account of `mint` has."""
        connection = self.open()
        dollar = connection.contract("TestDollar", self.dollar)
        return int(connection.call(dollar.functions.balanceOf(self.node.account(5).address)))

    def send(self, connection: Connection, amount: int = 1, key: int = 0) -> TxReceipt:
        return connection.send(self.mint(connection, amount), self.node.account(key))

    def waiting(self, key: int = 0) -> list[dict[str, Any]]:
        """The account's transactions that wait for a block, by nonce."""
        content = self.node.rpc("txpool_content")
        kept = {**content["pending"], **content["queued"]}
        mine = {sender.lower(): row for sender, row in kept.items()}.get(self.node.account(key).address.lower(), {})
        return [mine[nonce] for nonce in sorted(mine, key=int)]

    def sent(self, key: int = 0) -> int:
        """How many transactions of the account are in blocks."""
        return int(self.node.rpc("eth_getTransactionCount", [self.node.account(key).address, "latest"]), 16)


@contextmanager
def beside(*calls: Callable[[], Any]) -> Iterator[list[Future[Any]]]:
    """Runs the calls beside the test, which must let them come to their end."""
    with ThreadPoolExecutor(len(calls)) as pool:
        yield [pool.submit(call) for call in calls]
