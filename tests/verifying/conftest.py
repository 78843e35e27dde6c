"""One town with one delivered piece, in all files that somebody might find it in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI

from contrafact.domain.terms import Use
from contrafact.operations.verifying import verifier_of
from contrafact.store.database import Database
from contrafact.web.app import create_app
from tests.api.house import Founded, House, delivered, index
from tests.api.visiting import Clock, FakeJobs
from tests.clients.in_process import open_in_process
from tests.e2e.town import found, settings_in

from .finds import Finds


@pytest.fixture(scope="session")
def finds(tmp_path_factory: pytest.TempPathFactory) -> Finds:
    folder = tmp_path_factory.mktemp("finds")
    town = found(settings_in(folder, "in this process"), open_in_process())
    return Finds(town, delivered(town, town.site(), Use.COMMERCIAL), folder)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A home in which no piece is known yet."""
    return tmp_path / "home"


@pytest.fixture(scope="session")
def app(finds: Finds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """A service on the town that verifies files, with a small limit on what is sent."""
    folder = tmp_path_factory.mktemp("service")
    database = Database(f"sqlite:///{folder / 'service.db'}")
    index(finds.town.site(), database)
    founded = Founded(finds.town, folder, *[finds.order] * 3)
    site = finds.town.site()
    services = House(founded, site, database, Clock(), FakeJobs(), folder / "home").services()
    settings = replace(services.settings, max_upload=4 << 20)
    yield create_app(replace(services, settings=settings, verify=verifier_of(site)))
    database.close()
