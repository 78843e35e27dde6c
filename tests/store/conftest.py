"""The index's tests run on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contrafact.store.database import Database
from tests.databases import database_url, postgres
from tests.ledger.conftest import _scene, node, scene

__all__ = ["_scene", "database_url", "node", "postgres", "scene"]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()
