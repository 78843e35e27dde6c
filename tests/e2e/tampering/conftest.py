"""One paid order for all cheats; what each does to the chain and to the store is its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ..town import Town
from .stage import Scene, Stage, set_up, with_copied_store


@pytest.fixture(scope="package")
def stage(founded: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    snapshot = founded.rpc("evm_snapshot")
    yield set_up(founded, with_copied_store(founded, tmp_path_factory.mktemp("tampering")))
    founded.rpc("evm_revert", snapshot)


@pytest.fixture
def scene(stage: Stage, tmp_path: Path) -> Iterator[Scene]:
    """The chain with the order paid and not committed."""
    snapshot = stage.town.rpc("evm_snapshot")
    yield Scene(stage, stage.site_in(tmp_path))
    stage.town.rpc("evm_revert", snapshot)


@pytest.fixture(scope="module")
def settled(stage: Stage) -> Iterator[Stage]:
    """The chain with the order honestly delivered and paid out, until the module's end."""
    snapshot = stage.town.rpc("evm_snapshot")
    stage.run_honestly()
    yield stage
    stage.town.rpc("evm_revert", snapshot)
