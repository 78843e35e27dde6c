"""The API in this process, on a real chain with the contracts, a database and a content store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from contrafact.records.folder import FolderStore
from contrafact.store.database import Database
from contrafact.web.app import create_app
from contrafact.web.services import Services
from tests.clients.in_process import keys_in_process, open_in_process
from tests.ledger.scene import ROLES, Scene

from .hall import Hall, founded_hall, hall_of
from .house import Founded, House, founded_in
from .visiting import Clock, fake_services


@pytest.fixture(scope="session")
def _scene() -> Scene:
    return Scene(open_in_process(len(ROLES)), keys_in_process(len(ROLES)))


@pytest.fixture
def scene(_scene: Scene) -> Iterator[Scene]:
    with _scene.undone():
        yield _scene


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(scene: Scene, tmp_path: Path, clock: Clock) -> Iterator[Services]:
    database = Database(f"sqlite:///{tmp_path / 'service.db'}")
    database.migrate()
    yield fake_services(scene, database, FolderStore(tmp_path / "store"), clock)
    database.close()


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    """A client of the app; unexpected errors are answers, as they are for everybody."""
    with TestClient(create_app(services), "https://api.example", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def founded_hall_folder(_scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return founded_hall(_scene, tmp_path_factory.mktemp("hall"))


@pytest.fixture
def hall(scene: Scene, founded_hall_folder: Path, tmp_path: Path) -> Iterator[Hall]:
    """A service that shows the scene."""
    with hall_of(scene, founded_hall_folder, tmp_path) as hall:
        yield hall


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return founded_in(tmp_path_factory.mktemp("house"))


@pytest.fixture
def house(founded: Founded, tmp_path: Path) -> Iterator[House]:
    with founded.house(tmp_path) as house:
        yield house


@pytest.fixture
def visitor(house: House) -> Iterator[TestClient]:
    """A client of the house's service."""
    with house.client() as client:
        yield client
