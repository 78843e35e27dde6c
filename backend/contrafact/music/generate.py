"""The generator behind the port: a request becomes a generation, and a generation can be replayed."""

from __future__ import annotations

from contrafact.domain.generation import EventLedger, Generation, GenerationRequest
from contrafact.music.checkpoint import Model
from contrafact.music.composition import OnBar
from contrafact.music.piece import compose, threads
from contrafact.music.replay import replay
from contrafact.music.sampling import Sampler
from contrafact.ports import ReplayResult


class Generator:
    """Generates with one model. The number of threads is a matter of speed, never of the result."""

    def __init__(self, model: Model, threads: int = 1) -> None:
        self._model, self._threads = model, threads

    @property
    def model_digest(self) -> bytes:
        """SHA-256 of the weights file."""
        return self._model.digest

    def generate(self, request: GenerationRequest, on_bar: OnBar | None = None) -> Generation:
        """One attempt for one seed; `on_bar(n, m)` is told of every bar.

        Whether the shares keep the order's bounds is for the caller to judge. Raises InvalidOrder for a
        request that cannot be generated, InvalidScore for a source form that cannot be read.
        """
        sampler = Sampler(request.seed)
        with threads(self._threads):
            notes, guard = compose(self._model, request, sampler, on_bar)
        components = ("base", *(source.work_id for source in request.sources))
        runs = iter(guard.longest)
        return Generation(
            EventLedger(components, notes, tuple(sampler.draws)),
            tuple(next(runs) if source.weight else 0 for source in request.sources),
            self._model.digest,
        )

    def replay(self, request: GenerationRequest, events: EventLedger) -> ReplayResult:
        """Whether the events follow from the request; raises as `generate` does."""
        with threads(self._threads):
            return replay(self._model, request, events)
