"""The index's tests run on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from contrafact.store.database import Database
from tests.databases import database_url, missing, postgres
from tests.ledger.conftest import _scene, node, scene

__all__ = ["_scene", "database_url", "node", "postgres", "scene"]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sequence[Database]]:
    """One of each kind that is there, for tests in which the chain takes the time."""
    urls = [f"sqlite:///{tmp_path}/index.db"]
    urls += [] if missing() else [request.getfixturevalue("postgres").new_database()]
    opened = [Database(url) for url in urls]
    yield opened
    for each in opened:
        each.close()
