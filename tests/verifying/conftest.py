"""One town with one delivered piece, in all files that somebody might find it in."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrafact.domain.terms import Use
from tests.api.house import delivered
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
