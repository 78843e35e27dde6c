"""Two runners with one key: over one home and database, and with a home and a database each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.ledger.sent import wait_for

from . import service
from .conftest import Origin
from .town import Town

pytestmark = pytest.mark.slow


def test_two_runners_over_one_home_and_database(town: Town) -> None:
    town.start_both(bar=0.1)
    town.start(service.operate, bar=0.1)
    town.fund(4)
    town.settle("of four orders by two runners with one key, one home and one database")
    assert len({line["pid"] for line in town.told(what="finished")}) == 2
    town.require_sound()


def test_two_runners_with_a_home_and_a_database_each(town: Town, origin: Origin, tmp_path: Path) -> None:
    """They send from one key without knowing of one another, and take nonces from each other."""
    places = {"home": tmp_path / "other home"}
    settings = town.studio.settings.model_copy(update=places)
    other = Town(
        replace(town.studio, settings=settings), f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "other", town.public
    )
    other.folder.mkdir()
    try:
        for one in (town, other):
            one.fund(2)
        for one in (town, other):
            one.start_both()
        wait_for(lambda: town.told(what="finished") or other.told(what="finished"))
        for one in (town, other):
            one.settle("of two orders each by two runners with one key and a home and a database each")
        town.require_sound(other)
        other.require_sound(town)
    finally:
        other.close()
