"""The runner in a process of its own, which kills itself (SIGKILL) where it is told to."""

from __future__ import annotations

import sys
from threading import Event

from contrafact.jobs.events import Happened, JobEvent
from contrafact.jobs.runner import Pace, Runner
from contrafact.store.database import Database
from contrafact.store.jobs import Jobs
from contrafact.wiring.operating import ChainOrders
from tests.e2e.job_process import Killer

from .studio import OPERATOR, Studio


def run(studio: Studio, url: str, kill_at: str) -> None:
    """Runs until it is killed; `kill_at` as in `tests.e2e.job_process.run`."""
    killer = Killer(kill_at, studio.settings)
    sys.addaudithook(killer.audit)

    def listen(event: JobEvent) -> None:
        if event.what is Happened.STEP:
            killer.step(event.step or "")

    site = studio.site()
    orders, pace = ChainOrders(site, OPERATOR.address), Pace(look=0.5, lease=0.5)
    Runner(orders, Jobs(Database(url)), site.workshop(OPERATOR), pace, listen).run(Event())
