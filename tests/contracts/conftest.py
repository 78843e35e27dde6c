"""One chain for all tests of the contracts; what a test does on it is undone after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .chain import Chain
from .world import RuledWorld, World


@pytest.fixture(scope="session")
def _world() -> World:
    return World(Chain())


@pytest.fixture
def world(_world: World) -> Iterator[World]:
    with _world.chain.undone():
        yield _world


@pytest.fixture(scope="session")
def _ruled() -> RuledWorld:
    return RuledWorld(Chain())


@pytest.fixture
def ruled(_ruled: RuledWorld) -> Iterator[RuledWorld]:
    """A world whose dispute desk is an account, `desk_address`, so that a test can rule."""
    with _ruled.chain.undone():
        yield _ruled
