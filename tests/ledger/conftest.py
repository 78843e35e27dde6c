"""One chain and one scene for all tests of the chain client; what a test does on it is undone after it.

Beside it a town on another project's node, for each test anew, and a keystore.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from eth_account import Account

from contrafact.ledger.connection import Connection
from hardhat_free_devnet import Devnet
from tests.clients.anvil import Anvil

from .key_files import KEY, PASSPHRASE, private
from .scene import ROLES, Scene
from .sent import Town


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


@pytest.fixture
def town(anvil: Anvil) -> Town:
    return Town.on(anvil)


@pytest.fixture(scope="session")
def keystore_text() -> str:
    return json.dumps(Account.encrypt(KEY.key, PASSPHRASE, kdf="scrypt", iterations=2**12))


@pytest.fixture
def keystore(tmp_path: Path, keystore_text: str) -> Path:
    return private(tmp_path / "keystore.json", keystore_text)
