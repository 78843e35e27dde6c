"""One studio for the tests of the runner, on Anvil, else on a chain in this process; what a test does is undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from contrafact.store.database import Database
from contrafact.store.jobs import Jobs
from tests.clients import anvil, in_process

from .studio import Studio, found


@pytest.fixture(scope="session")
def founded_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    if anvil.missing():
        yield found(folder, connection=in_process.open_in_process())
        return
    with anvil.Anvil("--accounts", "20") as node:
        yield found(folder, node.url)


@pytest.fixture
def studio(founded_studio: Studio, tmp_path: Path) -> Iterator[Studio]:
    """With a home of its own."""
    snapshot = founded_studio.rpc("evm_snapshot")
    settings = founded_studio.settings.model_copy(update={"home": tmp_path / "home"})
    yield replace(founded_studio, settings=settings)
    founded_studio.rpc("evm_revert", snapshot)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'service.db'}")
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def jobs(database: Database) -> Jobs:
    return Jobs(database)
