"""Where the pieces of an evaluation are made, each once: what was made before is taken from the cache.

A value's key is the model's digest, the generator's identity, the request and what was done, so that nothing stale
is ever taken for new.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from contrafact.domain.digests import sha256
from contrafact.domain.generation import Draw, EventNote, GenerationRequest
from contrafact.evaluation.cache import Cache
from contrafact.evaluation.pieces import Piece, Played, written
from contrafact.evaluation.requests import Asked
from contrafact.evaluation.statistics import Floats
from contrafact.music.checkpoint import Model
from contrafact.music.control import CONTROL
from contrafact.music.identity import generator_identity
from contrafact.music.performance import Performance
from contrafact.music.sampling import Sampler, cumulative, drawn_integer, token_at
from contrafact.music.threads import threads

Tone = tuple[int, int, int, int]
"""A note without its attribution: bar, onset, duration in ticks, MIDI pitch."""


class Studio:
    """Plays requests with one model and keeps the results."""

    def __init__(self, model: Model, cache: Cache, threads: int = 1) -> None:
        self.model, self._cache, self._threads = model, cache, threads

    def piece(self, asked: Asked, control: float = CONTROL) -> Piece:
        """The piece that a request gives; `control` is the strength of the share controller, 0 for none."""
        value = self._kept("piece", asked.request, control, lambda: self._play(asked.request, control).to_json())
        return Piece(asked, Played.from_json(value))

    def tones(self, request: GenerationRequest, control: float = CONTROL) -> list[Tone]:
        """The written notes of a request, when nothing else of it is wanted."""
        return _read(self._kept("tones", request, control, lambda: _tones(self._play(request, control).ledger.notes)))

    def bars_without(self, piece: Piece) -> list[list[list[Tone]]]:
        """For each source and bar, the notes that the generator writes after the recorded past without that source.

        It draws by the same integers as for the recorded bar; the gate starts anew with the weights of the other
        components. The bars do not follow one another: each continues the piece as it was.
        """
        made = self._kept("bars without each, by a new gate", piece.asked.request, CONTROL, lambda: self._retell(piece))
        return [[_read(bar) for bar in bars] for bars in made]

    def kept(self, what: str, request: GenerationRequest, make: Callable[[], Any]) -> Any:
        """A JSON value that follows from the piece of a request, made once."""
        return self._kept(what, request, CONTROL, make)

    def _kept(self, what: str, request: GenerationRequest, control: float, make: Any) -> Any:
        key = {
            "what": what,
            "model": self.model.digest.hex(),
            "generator": generator_identity(),
            "request": _document(request),
            "control": str(float(control)),
        }
        return self._cache.get(key, make)

    def _play(self, request: GenerationRequest, control: float) -> Played:
        sampler = Sampler(request.seed)
        with threads(self._threads):
            performance = Performance(self.model, request, sampler, control)
            performance.play()
        generation = performance.generation(sampler.draws)
        return Played(generation.events, generation.longest_runs, tuple(performance.traces))

    def _retell(self, piece: Piece) -> list[list[list[Tone]]]:
        request, count = piece.asked.request, len(piece.asked.chosen)
        weights = [[s.weight for s in piece.asked.without(i).sources] for i in range(count)]
        narrator = _Narrator(request.seed, piece.played.ledger.draws)
        told: list[list[list[Tone]]] = [[] for _ in range(count)]
        with threads(self._threads):
            performance = Performance(self.model, request, narrator)
            while not performance.over:
                for bars, others in zip(told, weights, strict=True):
                    branch = _branch(performance, self.model, narrator)
                    branch.steer(others)
                    bars.append(_tones(branch.next_bar()))
                performance.next_bar()
        return told


class _Narrator:
    """A drawer that tells a recorded piece again; `free`, it draws by the seed instead."""

    def __init__(self, seed: bytes, draws: tuple[Draw, ...], taken: int = 0, free: bool = False) -> None:
        self._seed, self._draws, self._taken, self._free = seed, draws, taken, free

    def freed(self) -> _Narrator:
        return _Narrator(self._seed, self._draws, self._taken, free=True)

    def draw(self, weights: Floats) -> int:
        index = self._taken
        self._taken += 1
        if self._free:
            return token_at(cumulative(weights), drawn_integer(self._seed, index))
        return self._draws[index].token


def _branch(performance: Performance, model: Model, narrator: _Narrator) -> Performance:
    """A copy of a performance at its present bar that goes on freely; the model is shared."""
    return deepcopy(performance, {id(model.network): model.network, id(narrator): narrator.freed()})


def _tones(notes: tuple[EventNote, ...]) -> list[Tone]:
    return [(n.bar, n.onset, n.duration, n.pitch) for n in written(notes)]


def _read(rows: list[list[int]]) -> list[Tone]:
    return [(bar, onset, duration, pitch) for bar, onset, duration, pitch in rows]


def _document(request: GenerationRequest) -> dict[str, Any]:
    sources = [[s.work_id, sha256(s.form).hex(), s.weight] for s in request.sources]
    return {"sources": sources, "music": request.music.to_dict(), "seed": request.seed.hex()}
