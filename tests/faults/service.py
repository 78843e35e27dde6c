"""The service's two processes: an indexer and an order runner with a fake band, that end where they are told to."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, NoReturn

from sqlalchemy import event

from contrafact.errors import ContrafactError
from contrafact.jobs import judgement
from contrafact.jobs.events import Happened, JobEvent
from contrafact.jobs.runner import Pace, Runner
from contrafact.store import database as databases
from contrafact.store.batches import BatchSize
from contrafact.store.database import Database
from contrafact.store.follower import Follower, Progress
from contrafact.store.indexer import Indexer
from contrafact.store.jobs import Jobs
from contrafact.store.read_model import IndexedReadModel
from contrafact.wiring import Site, indexing
from contrafact.wiring.operating import IndexedOrders
from tests.e2e.job_process import Killer
from tests.jobs.band import FakeBand
from tests.jobs.studio import OPERATOR, Studio

LEASE = 1.0
LOOK = 0.1
FIRST_WAIT, LONGEST_WAIT = 0.05, 0.5
IDLE = 20  # steps of the indexer without anything to do
BUSY = 1.0
"""Seconds that a writer waits for a locked database, here."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`kill_at`: `before N` or `after N` (the process's Nth transaction of the database), or as in `Killer`.

    `fill`: the runner fills this file's disk as it begins the step `fill_at`, once. `bar`: seconds that a bar takes.
    `diary`: the file that is told what happens.
    """

    studio: Studio
    database: str
    diary: Path
    kill_at: str = ""
    fill_at: str = ""
    fill: Path | None = None
    bar: float = 0.0

    def site(self) -> Site:
        return self.studio.site(FakeBand(self.bar))

    def open(self) -> Database:
        databases._BUSY_SECONDS = BUSY
        database = Database(self.database)
        _die_at_transaction(database, self.kill_at)
        return database

    def told_full(self) -> bool:
        return self.diary.exists() and '"full"' in self.diary.read_text()

    def note(self, **said: Any) -> None:
        line = json.dumps({"pid": os.getpid(), "at": time.monotonic(), **said})
        with self.diary.open("a") as file:
            file.write(f"{line}\n")


def follow(plan: Plan) -> None:
    """The indexer's process, until it is killed."""
    site, database = plan.site(), plan.open()
    indexer = Indexer(database, indexing.feed(site), size=BatchSize(5))

    def on_error(error: ContrafactError) -> None:
        plan.note(follower=error.code, message=error.message)

    poll = site.connection.poll_seconds
    Follower(indexer, indexing.describer(site, database), poll, _when_idle(plan), on_error).run(Event())


def operate(plan: Plan) -> None:
    """The runner's process, until it is killed."""
    judgement.FIRST_WAIT, judgement.LONGEST_WAIT = FIRST_WAIT, LONGEST_WAIT
    killer = Killer(plan.kill_at, plan.studio.settings)
    sys.addaudithook(killer.audit)
    site, database = plan.site(), plan.open()
    database.migrate()

    def listen(told: JobEvent) -> None:
        if told.what is Happened.STEP:
            killer.step(told.step or "")
            if plan.fill and told.step == plan.fill_at and not plan.told_full():
                fill(plan.fill)
                plan.note(full=True)
        order = told.order_id.hex() if told.order_id else None
        code = getattr(told.error, "code", type(told.error).__name__ if told.error else None)
        plan.note(what=told.what.value, order=order, step=told.step, error=code, message=str(told.error or ""))

    orders = IndexedOrders(IndexedReadModel(database), site.settings.home, OPERATOR.address)
    pace = Pace(at_once=2, look=LOOK, lease=LEASE)
    Runner(orders, Jobs(database), site.workshop(OPERATOR), pace, listen).run(Event())


def fill(path: Path) -> None:
    """A file that takes all of the space that there is, to the last byte."""
    with path.open("ab", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)


def _when_idle(plan: Plan) -> Callable[[Progress], None]:
    """Writes down, once, that there was nothing to do for a while."""
    idle = 0

    def on_progress(progress: Progress) -> None:
        nonlocal idle
        idle = idle + 1 if progress.block and not progress.lag_blocks else 0
        if idle == IDLE:
            plan.note(idle=True)

    return on_progress


def _die_at_transaction(database: Database, kill_at: str) -> None:
    """The process ends as the Nth transaction is about to be committed, or when it has just been."""
    kind, _, number = kill_at.partition(" ")
    if kind not in ("before", "after"):
        return
    left = int(number)

    def about_to_commit(connection: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0 and kind == "after":
            connection.connection.dbapi_connection.commit()
        if left == 0:
            _die()

    event.listen(database.engine, "commit", about_to_commit)


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("a killed process goes no further")
