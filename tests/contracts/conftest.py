"""One chain for all tests of the contracts; what a test does on it is undone after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .chain import Chain
from .world import World


@pytest.fixture(scope="session")
def _world() -> World:
    return World(Chain())


@pytest.fixture
def world(_world: World) -> Iterator[World]:
    with _world.chain.undone():
        yield _world
