"""The generator behind the port: a request becomes a generation, and a generation can be replayed."""

from __future__ import annotations

from threading import Lock

from contrafact.domain.generation import EventLedger, EventNote, Generation, GenerationRequest
from contrafact.music.checkpoint import Model
from contrafact.music.identity import generator_identity
from contrafact.music.performance import OnBar, Performance
from contrafact.music.replay import replay
from contrafact.music.sampling import Sampler
from contrafact.music.threads import threads
from contrafact.ports import ReplayResult


class Stream:
    """A piece that is played: iterate over its bars, steer it, and take the generation when it is over.

    Safe to share between threads: who steers while a bar is made waits for it, and the weights hold from the next one.
    """

    def __init__(self, model: Model, request: GenerationRequest, count: int) -> None:
        self._sampler, self._threads, self._lock = Sampler(request.seed), count, Lock()
        with threads(count):
            self._performance = Performance(model, request, self._sampler)
        self.bars = self._performance.bars

    def __iter__(self) -> Stream:
        return self

    def __next__(self) -> tuple[EventNote, ...]:
        with self._lock, threads(self._threads):
            if self._performance.over:
                raise StopIteration
            return self._performance.next_bar()

    def steer(self, weights: tuple[int, ...]) -> None:
        """Other weights from the next bar on; raises as `Performance.steer` does."""
        with self._lock:
            self._performance.steer(weights)

    def shares(self) -> tuple[int, tuple[int, ...]]:
        """Base share and shares of what has played so far, in ppm."""
        with self._lock:
            return self._performance.shares()

    def generation(self) -> Generation:
        """What has played so far; of a piece that is over, the same as `Generator.generate` gives."""
        with self._lock:
            return self._performance.generation(self._sampler.draws)


class Generator:
    """Generates with one model. The number of threads is a matter of speed, never of the result."""

    def __init__(self, model: Model, threads: int = 1) -> None:
        self._model, self._threads = model, threads

    @property
    def model_digest(self) -> bytes:
        """SHA-256 of the weights file."""
        return self._model.digest

    @property
    def identity(self) -> dict[str, object]:
        """What must be the same, besides the weights, for another run to give the same notes."""
        return generator_identity()

    def stream(self, request: GenerationRequest) -> Stream:
        """A piece to be played bar by bar. Raises as `generate` does."""
        return Stream(self._model, request, self._threads)

    def generate(self, request: GenerationRequest, on_bar: OnBar | None = None) -> Generation:
        """One attempt for one seed; `on_bar(n, m)` is told of every bar.

        Whether the shares keep the order's bounds is for the caller to judge. Raises InvalidOrder for a
        request that cannot be generated, InvalidScore for a source form that cannot be read.
        """
        sampler = Sampler(request.seed)
        with threads(self._threads):
            performance = Performance(self._model, request, sampler)
            performance.play(on_bar)
        return performance.generation(sampler.draws)

    def replay(self, request: GenerationRequest, events: EventLedger) -> ReplayResult:
        """Whether the events follow from the request; raises as `generate` does."""
        with threads(self._threads):
            return replay(self._model, request, events)
