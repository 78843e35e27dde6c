"""`contrafact index`: a town's works are found with their music; the index is followed, checked and made anew."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import delete

from contrafact.domain import pitch
from contrafact.read_model import Page, WorkQuery
from contrafact.store import tables
from contrafact.store.database import Database
from contrafact.store.read_model import IndexedReadModel
from tests.ledger.sent import SECONDS, wait_for

from .command import EXECUTABLE, Command
from .town import Town, operator


@pytest.fixture
def command(a_town: Town, tmp_path: Path) -> Command:
    settings = a_town.settings
    names = {"rpc_url": settings.rpc_url, "deployment": str(settings.deployment), "store": settings.store}
    return Command({**names, "home": str(tmp_path / "home")})


def test_town_is_indexed_found_checked_and_made_anew(a_town: Town, command: Command, tmp_path: Path) -> None:
    assert command("index", "status", "--json").error["code"] == "not_found"
    first = command("index", "run", "--once", "--json").json
    assert (first["lag"], first["undescribed"]) == (0, 0)
    database = Database(f"sqlite:///{tmp_path}/home/contrafact.db")
    read = IndexedReadModel(database)
    tune = a_town.tunes[1]
    (found,) = read.works(WorkQuery(text=tune.title, available=True), Page()).rows
    assert (found.work_id, found.metre) == (a_town.works[1], "6/8")
    assert found.key == f"{pitch.NAMES[tune.score.key.tonic]} {tune.score.key.mode}"
    assert a_town.opted_out not in {row.work_id for row in read.works(WorkQuery(available=True), Page()).rows}
    (model,) = read.models()
    assert (model.model.model_id, bool(model.name)) == (a_town.model_id, True)
    assert command("index", "check", "--json").json == {"differences": []}
    with database.writing() as session:
        session.execute(delete(tables.works).where(tables.works.c.work_id == found.work_id))
    refused = command("index", "check")
    assert refused.code == 1
    assert f"works ({found.work_id.hex()}) is missing" in refused.out
    assert command("index", "rebuild", "--json").json["events"] == first["events"]
    assert command("index", "check", "--json").json == {"differences": []}
    database.close()


@pytest.mark.slow
def test_following_takes_in_what_comes_and_ends_when_it_is_told_to(a_town: Town, command: Command) -> None:
    environment = os.environ | {f"CONTRAFACT_{name.upper()}": value for name, value in command.settings.items()}
    home = Path(command.settings["home"])
    with subprocess.Popen(
        [EXECUTABLE, "index", "run"], env=environment, stdout=subprocess.PIPE, text=True
    ) as following:
        wait_for(lambda: command("index", "status", "--json").code == 0)
        order, database = a_town.funded(a_town.site()), Database(f"sqlite:///{home}/contrafact.db")
        read = IndexedReadModel(database)
        wait_for(lambda: read.open_orders(operator().address))
        assert [row.order_id for row in read.open_orders(operator().address)] == [order]
        database.close()
        following.send_signal(signal.SIGTERM)
        out, _ = following.communicate(timeout=SECONDS)
    assert (following.returncode, "undescribed" in out) == (0, True)
