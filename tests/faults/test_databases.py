"""The database is locked for longer than anybody waits, or its server is restarted."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable

import pytest

from tests.databases import PostgreSQL
from tests.ledger.sent import wait_for

from . import service
from .town import Town

pytestmark = pytest.mark.slow


def test_database_that_is_locked_for_longer_than_a_writer_waits(town: Town) -> None:
    town.start_both(bar=0.2)
    town.fund()
    wait_for(lambda: town.told(step="generate"))
    locker = sqlite3.connect(town.database.removeprefix("sqlite:///"), isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    town.fund()
    wait_for(lambda: town.told(what="hindered", error="database") and town.told(follower="database"))
    time.sleep(service.BUSY)
    locker.execute("ROLLBACK")
    locker.close()
    town.settle("after the database was locked for a while")
    town.require_sound()


def test_postgresql_server_that_is_restarted_twice_while_orders_are_made(
    found_town: Callable[..., Town], postgres: PostgreSQL
) -> None:
    town = found_town(postgres.new_database())
    town.start_both(bar=0.2)
    for step in ("generate", "commit"):
        (order,) = town.fund()
        wait_for(lambda order=order, step=step: town.told(order=order.hex(), step=step))
        postgres.restart()
    town.settle("after PostgreSQL was restarted")
    town.require_sound()


def test_database_that_is_lost_is_made_anew_from_chain_and_home(town: Town) -> None:
    """Also what is settled, and was not delivered when it was lost."""
    follower, runner = town.start(service.follow), town.start(service.operate, "step deliver")
    town.fund()
    wait_for(lambda: not runner.is_alive())
    for process in (follower, runner):
        town.kill(process)
    for path in town.folder.glob("service.db*"):
        path.unlink()
    town.over()
    town.start_both()
    wait_for(lambda: town.told(what="finished"))
    town.settle("after the database was lost")
    town.require_sound()


def test_indexer_and_runner_on_postgresql_killed_at_transactions(
    found_town: Callable[..., Town], postgres: PostgreSQL
) -> None:
    town = found_town(postgres.new_database())
    town.fund()
    for point in ("before 2", "after 3", "before 4", "after 5"):
        both = [town.start(main, point) for main in (service.follow, service.operate)]
        for process in both:
            process.join(2)
            town.kill(process)
    town.start_both()
    town.settle("on PostgreSQL, after both were killed in their transactions")
    town.require_sound()
