"""A pool of workers on a Ray cluster: at an address, or one that is started on this machine."""

from __future__ import annotations

import os
from contextlib import suppress
from threading import Thread
from typing import Any

from contrafact.compute.desk import Desk
from contrafact.compute.tasks import OnBar, Recipe, Task, perform
from contrafact.errors import ComputeError, NotFound

TRIES = 3
_INSTALL = "Run: pip install 'contrafact[cluster]'"


class RayPool:
    """Tasks of a cluster whose machines have the same version of this package installed. Ray's queue is the queue.

    `address` as `ray.init` takes it; None for the cluster that RAY_ADDRESS names, else a local one with `workers`
    processors. Raises NotFound where Ray is not installed, ComputeError where the cluster cannot be reached.
    """

    def __init__(self, recipe: Recipe, workers: int, address: str | None = None, tries: int = TRIES) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
        try:
            import ray
            from ray.util.queue import Queue
        except ImportError as error:
            raise NotFound("Generating on a cluster needs Ray, which is not installed.", _INSTALL) from error
        self._ray, self._recipe, self._desk = ray, recipe, Desk()
        self._mine = not ray.is_initialized()
        if self._mine:
            _connect(ray, address, workers)
        self._perform = ray.remote(num_cpus=1, max_retries=tries - 1)(_perform)
        self._bars = Queue(actor_options={"num_cpus": 0})
        Thread(target=self._deliver, name="bars", daemon=True).start()

    def call(self, task: Task, on_bar: OnBar) -> Any:
        from ray.exceptions import RayError, RayTaskError

        try:
            return self._desk.follow(self._begin(task), on_bar)
        except RayTaskError:
            raise  # a mistake in the code of the task
        except (RayError, ConnectionError) as error:
            text = f"The cluster lost a worker, or cannot be reached ({type(error).__name__})."
            raise ComputeError(text, "See `ray status`, and whether its machines have memory.") from error

    def close(self) -> None:
        with suppress(Exception):  # a cluster that is gone has nothing to be closed
            self._bars.shutdown(force=True)
        if self._mine:
            self._ray.shutdown()

    def _begin(self, task: Task) -> Any:
        return lambda name: self._perform.remote(self._recipe, task, name, self._bars).future()

    def _deliver(self) -> None:
        with suppress(Exception):  # the queue ends with its cluster
            while True:
                self._desk.deliver(self._bars.get())


def _connect(ray: Any, address: str | None, workers: int) -> None:
    """Raises ComputeError."""
    here = address is None and not os.environ.get("RAY_ADDRESS")
    # "local", since without an address Ray joins whatever cluster it finds on this machine
    given = {"address": "local", "num_cpus": workers} if here else {"address": address}
    try:
        ray.init(**given, include_dashboard=False if here else None, log_to_driver=False, configure_logging=False)
    except (ConnectionError, RuntimeError, TimeoutError, ValueError) as error:
        text = f"The Ray cluster {address or ''} cannot be reached: {str(error).splitlines()[0]}."
        raise ComputeError(text, "Check CONTRAFACT_COMPUTE, and that the cluster runs.") from error


def _perform(recipe: Recipe, task: Task, name: str, bars: Any) -> Any:
    return perform(recipe, task, lambda bar, count: _report(bars, (name, bar, count)))


def _report(bars: Any, bar: Any) -> None:
    with suppress(Exception):  # how far a piece is must never hinder it
        bars.put(bar)
