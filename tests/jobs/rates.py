"""How many orders a second a runner settles: with a fake band, on a node of one's own, all paid at once."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import mean

from contrafact.domain.job_state import JobStatus
from contrafact.jobs.events import Happened, JobEvent
from contrafact.store.database import Database
from contrafact.store.jobs import Jobs
from tests.clients.anvil import Anvil

from .studio import Studio, found, settled_exactly, shift

NODE = (
    "from hardhat_free_devnet import Devnet; import sys\nwith Devnet() as n: print(n.url, flush=True); sys.stdin.read()"
)
LONGEST = 600


def measure(folder: Path, orders: int = 50, at_once: int = 8, node: str = "devnet") -> dict[str, object]:
    """Orders a second from the start of the runner to the last delivery, and the mean seconds of each step.

    `node`: `devnet` or `anvil`, in a process of its own. Raises AssertionError where one is not settled exactly.
    """
    with _node(node) as url:
        studio = found(folder, url)
        return _run(studio, f"sqlite:///{folder / 'service.db'}", orders, at_once) | {"node": node}


def _run(studio: Studio, url: str, count: int, at_once: int) -> dict[str, object]:
    site, database = studio.site(), Database(url)
    database.migrate()
    jobs, orders = Jobs(database), studio.fund(site, count)
    began = time.perf_counter()
    with shift(site, jobs, at_once=at_once, look=5.0) as work:
        while len(jobs.listed(JobStatus.FINISHED)) < count:
            assert time.perf_counter() - began < LONGEST, [state.error for state in jobs.listed(JobStatus.STOPPED)]
            time.sleep(0.1)
        seconds = time.perf_counter() - began
    assert settled_exactly(site, orders)
    database.close()
    retried = len(work.told(Happened.RETRIED))
    rates = {"orders_per_second": round(count / seconds, 2), "seconds": round(seconds, 2)}
    return {"orders": count, "at_once": at_once, **rates, "retried": retried, "steps": _steps(work.events)}


def _steps(events: Sequence[JobEvent]) -> dict[str, float]:
    """The mean seconds of each step: an event of a step says how long the one before took."""
    before: dict[bytes, str] = {}
    took: dict[str, list[float]] = defaultdict(list)
    for event in events:
        if event.what is Happened.STEP and event.order_id and event.step:
            if name := before.get(event.order_id):
                took[name].append(event.seconds)
            before[event.order_id] = event.step
    return {name: round(mean(values), 3) for name, values in took.items()}


@contextmanager
def _node(kind: str) -> Iterator[str]:
    """The URL of a node in a process of its own, so that it does not share the runner's interpreter."""
    if kind == "anvil":
        with Anvil("--accounts", "20") as node:
            yield node.url
        return
    command = [sys.executable, "-c", NODE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()
