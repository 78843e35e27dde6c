"""One chain and one scene for all tests of the chain client; what a test does on it is undone after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from eth_account import Account

from contrafact.ledger.connection import Connection
from hardhat_free_devnet import Devnet

from .scene import ROLES, Scene


@pytest.fixture(scope="session")
def node() -> Iterator[Devnet]:
    with Devnet(accounts=len(ROLES)) as node:
        yield node


@pytest.fixture(scope="session")
def _scene(node: Devnet) -> Scene:
    keys = [Account.from_key(account.key) for account in node.accounts]
    return Scene(Connection.open(node.url, node.chain_id), keys)


@pytest.fixture
def scene(_scene: Scene) -> Iterator[Scene]:
    with _scene.undone():
        yield _scene
