"""One town on anvil for all frauds; what each does to the chain and to the store is its own. And the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clients import anvil
from tests.e2e.tampering.stage import Scene, Stage, set_up, with_copied_store
from tests.e2e.town import Town, settings_in

from .founding import found
from .tally import Tally


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Tally:
    return Tally(record_property)


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    if reason := anvil.missing():
        pytest.skip(reason)
    with anvil.Anvil("--accounts", "20") as node:
        settings = settings_in(tmp_path_factory.mktemp("frauds"), node.url)
        yield found(settings.model_copy(update={"poll_seconds": 0.005}))


@pytest.fixture(scope="package")
def stage(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """An order that is paid, generated honestly, and not committed."""
    snapshot = town.rpc("evm_snapshot")
    yield set_up(town, with_copied_store(town, tmp_path_factory.mktemp("stage")))
    town.rpc("evm_revert", snapshot)


@pytest.fixture
def scene(stage: Stage, tmp_path: Path) -> Iterator[Scene]:
    snapshot = stage.town.rpc("evm_snapshot")
    yield Scene(stage, stage.site_in(tmp_path))
    stage.town.rpc("evm_revert", snapshot)
