"""One chain for all tests of the contracts, on revm; what a test does on it is undone after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from . import evm
from .chain import Chain
from .disputes import DisputeWorld
from .world import RuledWorld, World


@pytest.fixture(scope="session")
def _world() -> World:
    return World(evm.Evm())


@pytest.fixture
def world(_world: World) -> Iterator[World]:
    with _world.chain.undone():
        yield _world


@pytest.fixture(scope="session")
def _ruled() -> RuledWorld:
    return RuledWorld(evm.Evm())


@pytest.fixture
def ruled(_ruled: RuledWorld) -> Iterator[RuledWorld]:
    """A world whose dispute desk is an account, `desk_address`, so that a test can rule."""
    with _ruled.chain.undone():
        yield _ruled


@pytest.fixture(scope="session")
def _metered() -> DisputeWorld:
    return DisputeWorld(Chain())


@pytest.fixture
def metered(_metered: DisputeWorld) -> Iterator[DisputeWorld]:
    """A world for tests of gas: each transaction begins with all accounts cold and has to pay for itself."""
    with _metered.chain.undone():
        yield _metered
