#!/usr/bin/env python3
"""Measures the generator: share error, base share, verbatim runs, resemblance to the sources, speed.

Each piece takes three catalogue works of one metre with random weights; `--pieces 20` takes about a minute.
Resemblance ranks all catalogue works by the cosine of their interval 4-grams, weighted by rarity, with
those of the piece.
    PYTHONPATH=backend python scripts/measure_generation.py [--pieces N] [--weights FILE]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from contrafact.domain import events
from contrafact.domain.generation import Generation, GenerationRequest, MusicRequest, SourceInput
from contrafact.domain.shares import PPM, largest_remainder
from contrafact.music.checkpoint import load_model
from contrafact.music.generate import Generator
from contrafact.music.pack import PackedTune, load_pack
from contrafact.music.request import compatible_metres
from contrafact.music.source_form import SourceForm

NGRAM = 4
SOURCES = 3


@dataclass(frozen=True)
class Measured:
    request: GenerationRequest
    result: Generation
    seconds: float
    cpu: float


class Resemblance:
    """Ranks works by their likeness to a melody."""

    def __init__(self, tunes: Sequence[PackedTune]) -> None:
        self._grams = {tune.id: ngrams(n.pitch for bar in tune.score.bars for n in bar.notes) for tune in tunes}
        self._family = {tune.id: tune.family for tune in tunes}
        spread = Counter(gram for grams in self._grams.values() for gram in set(grams))
        self._rarity = {gram: math.log(len(tunes) / n) for gram, n in spread.items()}
        self._norm = {id_: self._length(grams) for id_, grams in self._grams.items()}

    def rank(self, pitches: Iterable[int], ids: Sequence[str]) -> list[int]:
        """The ranks (1 is best) of the works `ids` among all that are not variants of them."""
        piece = ngrams(pitches)
        likeness = {
            id_: sum(self._rarity[g] ** 2 * grams[g] * piece[g] for g in grams.keys() & piece.keys())
            / (self._norm[id_] or 1)
            for id_, grams in self._grams.items()
        }
        return [1 + sum(self._is_better(other, id_, likeness) for other in likeness) for id_ in ids]

    def _is_better(self, other: str, id_: str, likeness: dict[str, float]) -> bool:
        return likeness[other] > likeness[id_] and self._family[other] != self._family[id_]

    def _length(self, grams: Counter[tuple[int, ...]]) -> float:
        return math.sqrt(sum((self._rarity[g] * n) ** 2 for g, n in grams.items()))


def ngrams(pitches: Iterable[int]) -> Counter[tuple[int, ...]]:
    intervals = np.diff(list(pitches)).tolist()
    return Counter(tuple(intervals[i : i + NGRAM]) for i in range(len(intervals) - NGRAM + 1))


def make_request(
    rng: np.random.Generator, tunes: Sequence[PackedTune], seconds: int
) -> tuple[GenerationRequest, list[str]]:
    """A request of three works, or more precisely of works whose metre goes with that of the first."""
    first = tunes[int(rng.integers(len(tunes)))]
    metre = (first.score.metre.beats, first.score.metre.unit)
    usable = [t for t in tunes if (t.score.metre.beats, t.score.metre.unit) in compatible_metres(metre)]
    chosen = [usable[i] for i in rng.choice(len(usable), min(SOURCES, len(usable)), replace=False)]
    weights = largest_remainder([int(x) for x in rng.integers(10, 60, len(chosen))])
    sources = tuple(
        SourceInput("0x" + hashlib.sha256(t.id.encode()).hexdigest(), SourceForm.from_score(t.score).to_bytes(), w, 0)
        for t, w in zip(chosen, weights, strict=True)
    )
    music = MusicRequest(seconds, 120, int(rng.integers(12)), chosen[0].score.key.mode, metre)
    return GenerationRequest(sources, music, rng.bytes(32), 200_000), [t.id for t in chosen]


def report(measured: Sequence[Measured], ranks: Sequence[Sequence[int]]) -> dict[str, object]:
    errors, bases, top = [], [], []
    for m, rank in zip(measured, ranks, strict=True):
        base, shares = events.shares(m.result.events)
        wanted = [source.weight * (PPM - base) / PPM for source in m.request.sources]
        errors += [abs(share - want) / PPM for share, want in zip(shares, wanted, strict=True)]
        bases.append(base / PPM)
        top.append(rank[int(np.argmax(shares))])
    tokens = [sum(len(m.result.events.draws) for m in measured), sum(len(m.result.events.notes) for m in measured)]
    cpu, music = sum(m.cpu for m in measured), sum(m.request.music.seconds for m in measured)
    return {
        "pieces": len(measured),
        "draws_a_piece": tokens[0] / len(measured),
        "share_error": {"mean": np.mean(errors), "max": max(errors)},
        "base_share": {"mean": np.mean(bases), "max": max(bases)},
        "longest_run": {
            "mean": np.mean([max(m.result.longest_runs) for m in measured]),
            "max": max(max(m.result.longest_runs) for m in measured),
        },
        "a_source_is_rank_1": np.mean([min(rank) == 1 for rank in ranks]),
        "top_attributed_is_rank_1": np.mean([rank == 1 for rank in top]),
        "median_rank_of_sources": float(np.median([r for rank in ranks for r in rank])),
        "speed": {
            "draws_a_cpu_second": tokens[0] / cpu,
            "notes_a_cpu_second": tokens[1] / cpu,
            "times_real_time_cpu": music / cpu,
            "times_real_time_wall": music / sum(m.seconds for m in measured),
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pieces", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--weights", type=Path, help="another weights file than the released one")
    options = parser.parse_args()
    pack = load_pack()
    resemblance = Resemblance(pack.by_role("catalogue"))
    generator = Generator(load_model(options.weights))
    rng = np.random.default_rng(options.seed)
    measured, ranks = [], []
    for _ in range(options.pieces):
        request, ids = make_request(rng, pack.by_role("catalogue"), options.seconds)
        wall, cpu = time.perf_counter(), time.process_time()
        result = generator.generate(request)
        measured.append(Measured(request, result, time.perf_counter() - wall, time.process_time() - cpu))
        ranks.append(resemblance.rank((n.pitch for n in result.events.notes), ids))
    print(json.dumps(report(measured, ranks), indent=1, default=float))


if __name__ == "__main__":
    main()
