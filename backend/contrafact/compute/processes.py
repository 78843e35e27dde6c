"""A pool of processes on this machine."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from multiprocessing.queues import Queue
from threading import Lock, Thread
from typing import Any

from contrafact import telemetry
from contrafact.compute.desk import BEGUN, Bar, Desk, TooLong
from contrafact.compute.tasks import OnBar, Recipe, Task, perform
from contrafact.errors import ComputeError
from contrafact.leash import live_by

TRIES = 3
PIECE_SECONDS = 600.0
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")


class ProcessPool:
    """So many processes, each with the model loaded once. One that dies takes the others along; all begin anew.

    So it is with one that has not done its task after so many `seconds`, not counting the wait for its turn.
    """

    def __init__(
        self, recipe: Recipe, workers: int, threads: int = 1, tries: int = TRIES, seconds: float = PIECE_SECONDS
    ) -> None:
        self._make: Callable[[], _Crew] = lambda: _Crew(recipe, workers, threads)
        self._tries, self._seconds, self._lock = tries, seconds, Lock()
        self._crew: _Crew | None = None
        self._closed = False

    def call(self, task: Task, on_bar: OnBar) -> Any:
        for _ in range(self._tries):
            crew = self._current()
            try:
                return crew.call(task, on_bar, self._seconds)
            except TooLong:
                telemetry.count("worker_lost")
                self._dismiss(crew)
                text = f"A worker had not finished after {self._seconds:g} s, and was ended."
                raise ComputeError(text, "Raise CONTRAFACT_PIECE_SECONDS if pieces take that long here.") from None
            except (BrokenProcessPool, CancelledError):
                telemetry.count("worker_lost")
                self._dismiss(crew)
        text = f"A worker process was lost {self._tries} times: killed, or out of memory."
        raise ComputeError(text, "Look at the machine's memory; lower CONTRAFACT_WORKERS.")

    def close(self) -> None:
        with self._lock:
            crew, self._crew, self._closed = self._crew, None, True
        if crew is not None:
            crew.close()

    def _current(self) -> _Crew:
        with self._lock:
            if self._closed:
                raise ComputeError("The worker processes are being shut down.", "Start it again: it goes on from here.")
            if self._crew is None:
                self._crew = self._make()
            return self._crew

    def _dismiss(self, crew: _Crew) -> None:
        """Has the next call find a new crew; the first of those whom the crew failed does it for all."""
        with self._lock:
            if self._crew is crew:
                self._crew = None
        crew.close()


class _Crew:
    """An executor, with the queue by which its processes report bars, and the leash that they live by."""

    def __init__(self, recipe: Recipe, workers: int, threads: int) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold
        self._recipe, self._desk = recipe, Desk()
        self._bars: Queue[Bar | None] = context.Queue()
        self._bars.cancel_join_thread()  # its lock may be a killed worker's
        leash, self._leash = context.Pipe(duplex=False)
        self._executor = ProcessPoolExecutor(workers, context, _begin, (threads, self._bars, leash))
        self._end = leash  # held open, because workers are started when they are first needed
        Thread(target=self._deliver, name="bars", daemon=True).start()

    def call(self, task: Task, on_bar: OnBar, seconds: float) -> Any:
        def begin(name: str) -> Future[Any]:
            return self._executor.submit(_perform, self._recipe, task, name)

        return self._desk.follow(begin, on_bar, seconds)

    def close(self) -> None:
        self._leash.close()
        workers = list((self._executor._processes or {}).values())  # its `kill_workers` comes with Python 3.14
        self._executor.shutdown(wait=False, cancel_futures=True)
        for worker in workers:  # one that hangs may not see that the leash is let go
            worker.kill()
        self._bars.put(None)

    def _deliver(self) -> None:
        while (bar := self._bars.get()) is not None:
            self._desk.deliver(bar)


_reports: Queue[Bar | None]


def _begin(threads: int, bars: Queue[Bar | None], leash: Connection) -> None:
    """A worker's first act, before anything heavy is imported."""
    global _reports
    _reports = bars
    os.environ.update(dict.fromkeys(_THREADS, str(threads)))
    live_by(leash)


def _perform(recipe: Recipe, task: Task, name: str) -> Any:
    _reports.put((name, *BEGUN))
    return perform(recipe, task, lambda bar, bars: _reports.put((name, bar, bars)))
