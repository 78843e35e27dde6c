"""The second opinion beside the exact shares: where they agree, and where not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from contrafact.domain.generation import TICKS_PER_QUARTER, WRITTEN_PARTS, EventLedger
from contrafact.music.embedding.opinion import Estimate

Floats = npt.NDArray[np.float64]
NOTHING = -1  # the exact top of a window in which no source sounds


@dataclass(frozen=True, slots=True)
class Comparison:
    """Exact shares (of the sources alone, summing to one) beside the estimated ones.

    `same_top` says whether both name the same source first; `rank_correlation` is Spearman's over the sources, None for
    fewer than three; `windows_agree` the part of the windows whose top source is the same, of those in which a source
    sounds.
    """

    sources: tuple[str, ...]
    exact: tuple[float, ...]
    estimated: tuple[float, ...]
    same_top: bool
    rank_correlation: float | None
    windows_agree: float
    exact_tops: tuple[int, ...]
    estimated_tops: tuple[int, ...]


def compare(ledger: EventLedger, tempo: int, estimate: Estimate) -> Comparison:
    """Holds an estimate against the notes' responsibilities; its sources are the first of the ledger's, in order."""
    exact = exact_windows(ledger, tempo, estimate.starts, estimate.length, len(estimate.sources))
    sounding = exact.sum(1) > 0
    whole = _parts(exact_windows(ledger, tempo, (0.0,), float("inf"), len(estimate.sources)))[0]
    tops = [int(row.argmax()) if row.sum() > 0 else NOTHING for row in exact]
    guessed = [int(row.argmax()) for row in estimate.windows]
    agree = [one == other for one, other, heard in zip(tops, guessed, sounding, strict=True) if heard]
    return Comparison(
        sources=estimate.sources,
        exact=tuple(whole.tolist()),
        estimated=estimate.shares,
        same_top=int(whole.argmax()) == int(np.argmax(estimate.shares)),
        rank_correlation=_spearman(whole, np.array(estimate.shares)),
        windows_agree=float(np.mean(agree)) if agree else 0.0,
        exact_tops=tuple(tops),
        estimated_tops=tuple(guessed),
    )


def exact_windows(ledger: EventLedger, tempo: int, starts: Sequence[float], length: float, sources: int) -> Floats:
    """Sounding seconds times responsibility (ppm) of the first sources in each window, shape (windows, sources)."""
    tick = 60 / (tempo * TICKS_PER_QUARTER)
    notes = [note for note in ledger.notes if note.part in WRITTEN_PARTS]
    begin = np.array([note.onset * tick for note in notes])
    end = np.array([(note.onset + note.duration) * tick for note in notes])
    parts = np.array([note.responsibilities[1 : 1 + sources] for note in notes], np.float64)
    lower = np.array(starts)[:, None]
    overlap = np.clip(np.minimum(end, lower + length) - np.maximum(begin, lower), 0, None)
    found: Floats = overlap @ parts
    return found


def _parts(rows: Floats) -> Floats:
    sums = rows.sum(1, keepdims=True)
    found: Floats = np.divide(rows, sums, out=np.full_like(rows, 1 / rows.shape[1]), where=sums > 0)
    return found


def _spearman(one: Floats, other: Floats) -> float | None:
    if len(one) < 3:
        return None
    from scipy.stats import rankdata

    a, b = rankdata(one), rankdata(other)
    spread = a.std() * b.std()
    return float(((a - a.mean()) * (b - b.mean())).mean() / spread) if spread > 0 else 0.0
