"""One chain and one scene for all tests of the chain client; what a test does on it is undone after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hardhat_free_devnet import Devnet

from .scene import ROLES, Scene


@pytest.fixture(scope="session")
def node() -> Iterator[Devnet]:
    with Devnet(accounts=len(ROLES)) as node:
        yield node


@pytest.fixture(scope="session")
def _scene(node: Devnet) -> Scene:
    return Scene(node)


@pytest.fixture
def scene(_scene: Scene) -> Iterator[Scene]:
    with _scene.undone():
        yield _scene
