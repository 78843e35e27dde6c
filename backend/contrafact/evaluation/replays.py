"""Is a piece the same in another process that computes with another number of threads?"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from contrafact.domain import events
from contrafact.domain.generation import GenerationRequest
from contrafact.evaluation.pieces import Piece
from contrafact.evaluation.rows import Found, exactly, stated
from contrafact.music.checkpoint import load_model
from contrafact.music.generate import Generator
from contrafact.ports import Verdict

Job = tuple[GenerationRequest, bytes]


def replays(pieces: Sequence[Piece], weights: Path | None, threads: int, tried: int) -> Found:
    """Replays the first `tried` pieces elsewhere, with one thread more than they were made with."""
    jobs = [(p.asked.request, events.to_bytes(p.played.ledger)) for p in pieces[:tried]]
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh) as pool:
        verdicts = pool.submit(_replay, weights, jobs, threads + 1).result()
    part = sum(verdict == Verdict.IDENTICAL.value for verdict in verdicts) / len(verdicts)
    name, note = "Replays in another process: identical", f"{threads + 1} threads instead of {threads}"
    return Found((stated("replay", name, part, len(verdicts), exactly(1), note),))


def _replay(weights: Path | None, jobs: Sequence[Job], threads: int) -> list[str]:
    generator = Generator(load_model(weights), threads)
    return [generator.replay(request, events.from_bytes(ledger)).verdict.value for request, ledger in jobs]
