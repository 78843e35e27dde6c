"""The port to a pool of workers, and the ports Generator and Renderer on top of one."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import Any, Protocol, cast

from contrafact.compute import tasks
from contrafact.compute.tasks import Identity, OnBar, Recipe, Task
from contrafact.domain.generation import EventLedger, Generation, GenerationRequest, MusicRequest
from contrafact.errors import ContrafactError
from contrafact.ports import Rendered, ReplayResult, Stream


class Pool(Protocol):
    """Workers that perform tasks, as many at once as there are workers; more wait. Thread-safe."""

    def call(self, task: Task, on_bar: OnBar) -> Any:
        """What `tasks.perform` gives in a worker; `on_bar` is called in this thread.

        Raises ComputeError where workers were lost as often as the pool tries, or one took too long.
        """

    def close(self) -> None:
        """Ends the workers, whatever they are doing."""


class Workers:
    """A pool whose workers are all the same. `recipe` opens the same instruments here, for what must be live."""

    def __init__(self, pool: Pool, recipe: Recipe) -> None:
        self.recipe, self._pool, self._lock = recipe, pool, Lock()
        self._identity: Identity | None = None

    @property
    def identity(self) -> Identity:
        """The first worker's, which all others must have. Raises ComputeError."""
        with self._lock:
            if self._identity is None:
                self._identity = cast(Identity, self._call(Task(tasks.identify), _unheard))
            return self._identity

    def run(self, task: Task, on_bar: OnBar | None = None) -> Any:
        """The task's result. Raises what the task raised, and ComputeError."""
        return self._call(replace(task, expected=self.identity), on_bar or _unheard)

    def close(self) -> None:
        self._pool.close()

    def _call(self, task: Task, on_bar: OnBar) -> Any:
        result = self._pool.call(task, on_bar)
        if isinstance(result, ContrafactError):
            raise result
        return result


class PooledGenerator:
    """Implements the port Generator; the result is the same, bit for bit, as without a pool."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    @property
    def model_digest(self) -> bytes:
        return self._workers.identity.model_digest

    @property
    def identity(self) -> dict[str, object]:
        return self._workers.identity.generator

    def generate(self, request: GenerationRequest, on_bar: OnBar | None = None) -> Generation:
        """Raises as a generator does, and ComputeError."""
        return cast(Generation, self._workers.run(Task(tasks.generate, (request,)), on_bar))

    def replay(self, request: GenerationRequest, events: EventLedger) -> ReplayResult:
        """Raises as a generator does, and ComputeError."""
        return cast(ReplayResult, self._workers.run(Task(tasks.replay, (request, events))))

    def stream(self, request: GenerationRequest) -> Stream:
        """A live piece plays in this process: whoever steers it is here."""
        return tasks.opened(self._workers.recipe).generator.stream(request)


class PooledRenderer:
    """Implements the port Renderer; the result is the same, bit for bit, as without a pool."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    @property
    def identity(self) -> dict[str, object]:
        return self._workers.identity.renderer

    def render(self, events: EventLedger, music: MusicRequest) -> Rendered:
        """Raises as a renderer does, and ComputeError."""
        return cast(Rendered, self._workers.run(Task(tasks.render, (events, music))))


def _unheard(bar: int, bars: int) -> None:
    """Nobody listens."""
