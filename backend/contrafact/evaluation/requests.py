"""What the pieces of an evaluation are asked for: works of the catalogue, weights that reach far, and a control."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.generation import GenerationRequest, MusicRequest, SourceInput
from contrafact.domain.shares import PPM, largest_remainder
from contrafact.music.pack import PackedTune
from contrafact.music.request import compatible_metres
from contrafact.music.source_form import SourceForm

TEMPO = 120
LEAST_WEIGHT = 0.05
MAX_BASE_SHARE = 200_000  # is not enforced here: the base share is measured


@dataclass(frozen=True)
class Asked:
    """A request for a piece of the works `chosen`; the last source of the request is `control`, of weight zero.

    The control's licensor did not agree, so to say: it is named, and must have no effect whatever.
    """

    chosen: tuple[str, ...]
    control: str
    request: GenerationRequest

    def without(self, source: int) -> GenerationRequest:
        """The same request and seed without one of the chosen works, the other weights in proportion."""
        weights = [s.weight for s in self.request.sources]
        weights[source] = 0
        scaled = largest_remainder(weights)
        sources = tuple(replace(s, weight=w) for s, w in zip(self.request.sources, scaled, strict=True))
        return replace(self.request, sources=sources)


def ask(tunes: Sequence[PackedTune], count: int, seconds: int, seed: int, sources: int = 3) -> list[Asked]:
    """`count` requests, each of so many works of different families whose metres meet."""
    rng = np.random.default_rng((seed, sources))
    return [_ask(rng, tunes, seconds, sources) for _ in range(count)]


def _ask(rng: np.random.Generator, tunes: Sequence[PackedTune], seconds: int, sources: int) -> Asked:
    while True:
        first = tunes[int(rng.integers(len(tunes)))]
        metre = metre_of(first)
        families = {t.family: t for t in _shuffled(rng, tunes) if metre_of(t) in compatible_metres(metre)}
        if len(families) > sources:
            break
    *chosen, control = list(families.values())[: sources + 1]
    weights = weights_of(rng, sources)
    music = MusicRequest(seconds, TEMPO, int(rng.integers(12)), chosen[0].score.key.mode, metre)
    inputs = (*(source_of(t, w) for t, w in zip(chosen, weights, strict=True)), source_of(control, 0))
    return Asked(tuple(t.id for t in chosen), control.id, _request(inputs, music, rng.bytes(32)))


def weights_of(rng: np.random.Generator, sources: int) -> tuple[int, ...]:
    """Weights in ppm, uniform over all that give each source at least `LEAST_WEIGHT`."""
    parts = LEAST_WEIGHT + (1 - LEAST_WEIGHT * sources) * rng.dirichlet(np.ones(sources))
    return largest_remainder([int(part * PPM) for part in parts])


def source_of(tune: PackedTune, weight: int) -> SourceInput:
    """A tune of the pack as a source."""
    return SourceInput(to_hex(sha256(tune.id.encode())), SourceForm.from_score(tune.score).to_bytes(), weight, 0)


def metre_of(tune: PackedTune) -> tuple[int, int]:
    """The tune's metre as a request names it."""
    return tune.score.metre.beats, tune.score.metre.unit


def _request(sources: tuple[SourceInput, ...], music: MusicRequest, seed: bytes) -> GenerationRequest:
    return GenerationRequest(sources, music, seed, MAX_BASE_SHARE)


def _shuffled(rng: np.random.Generator, tunes: Sequence[PackedTune]) -> list[PackedTune]:
    return [tunes[i] for i in rng.permutation(len(tunes))]
