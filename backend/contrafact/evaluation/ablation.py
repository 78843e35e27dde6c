"""What a piece's likelihood loses when sources are taken from the mixture that wrote it, and Shapley's division of it.

Nothing is generated: the recorded bars are judged anew. This is weak evidence, since in a mixture responsibility and
likelihood are two readings of the same numbers; it would only show an attribution that is plainly wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations
from math import factorial

import numpy as np
from scipy.special import logsumexp

from contrafact.evaluation.pieces import Piece
from contrafact.evaluation.rows import NOT_BEATEN, Found, Row, at_least, measured
from contrafact.evaluation.shares import log_likelihood
from contrafact.evaluation.statistics import Floats, spearman
from contrafact.music.composition import Trace

FLOOR = 1e-4
"""No event counts as less likely. Truncation makes unlikely events impossible, and one of them would decide all."""
_WEAK = f"weak evidence: tied to responsibility by algebra; no event counts as less likely than {FLOOR:g}"

_TIED = "weak evidence: nearly the share itself, by algebra, but for the gate"

_POSSIBLE = 1e-300  # keeps logarithms finite

Subset = frozenset[int]


def ablation(pieces: Sequence[Piece], uncontrolled: Sequence[Piece]) -> Found:
    """Shares against the likelihood lost without each source, and against Shapley values, within each piece."""
    on, off = _of("ablation", pieces, ""), _of("ablation_off", uncontrolled, ", controller off")
    return Found((*on.rows, *off.rows), {**on.series, **off.series})


def _of(id: str, pieces: Sequence[Piece], how: str) -> Found:
    target, top_target = (at_least(0.9), at_least(0.97)) if not how else (None, None)
    values = [value_of(p.played.traces) for p in pieces]
    drops = [leave_one_out(v, len(p.asked.chosen)) for v, p in zip(values, pieces, strict=True)]
    worths = [shapley(v, len(p.asked.chosen)) for v, p in zip(values, pieces, strict=True)]
    shares, weights = [p.shares for p in pieces], [p.weights for p in pieces]
    same = [np.array([[float(d.argmax() == p.top)]]) for d, p in zip(drops, pieces, strict=True)]
    weighted = [np.array([[float(d.argmax() == w.argmax())]]) for d, w in zip(drops, weights, strict=True)]
    name, within = f"Share against likelihood lost without the source{how}", "Spearman within a piece"
    share, top = _within(shares, drops), _within(shares, worths)
    rows = (
        measured(id, f"{name}: {within}", share, target=target, note=_WEAK),
        measured(
            f"{id}_top", f"The top source by share is that by likelihood lost{how}", same, target=top_target, note=_WEAK
        ),
        _baseline(f"{id}_weights", "requested weights", _within(weights, drops), share),
        _baseline(f"{id}_weights_top", "requested weights, top source", weighted, same),
        measured(f"{id}_shapley", f"Share against exact Shapley value{how}: {within}", top, note=_WEAK),
        _baseline(f"{id}_shapley_weights", "requested weights", _within(weights, worths), top),
    )
    lost = [leave_one_out(time_of(p.played.traces), len(p.asked.chosen)) for p in pieces]
    same_time = [np.array([[float(d.argmax() == p.top)]]) for d, p in zip(lost, pieces, strict=True)]
    timed = f"Share against sounding time no longer explained without the source{how}"
    times = (
        measured(f"{id}_time", f"{timed}: {within}", _within(shares, lost), target=target, note=_TIED),
        measured(
            f"{id}_time_top",
            f"The top source by share is that by sounding time lost{how}",
            same_time,
            target=top_target,
            note=_TIED,
        ),
    )
    series = {
        f"{id}_share": np.concatenate(shares).tolist(),
        f"{id}_drop": np.concatenate(drops).tolist(),
        f"{id}_shapley": np.concatenate(worths).tolist(),
    }
    return Found((*rows, *times), series)


def _baseline(id: str, name: str, clusters: Sequence[Floats], share: Sequence[Floats]) -> Row:
    """A row of a baseline, which says so where the share is no better."""
    row = measured(id, f"… baseline: {name}", clusters)
    return row if np.mean(share) > row.value else replace(row, note=NOT_BEATEN)


def time_of(traces: Sequence[Trace]) -> Callable[[Subset], float]:
    """The share of a piece's sounding time that some of its sources would have written as well as all of them did.

    Of a bar it is the part of its likelihood that is left, at most all of it; the gate is that of the components left.
    """
    with np.errstate(divide="ignore"):
        joint = np.stack([np.log(trace.gates) + log_likelihood(trace, _POSSIBLE) for trace in traces])
        gates = np.log(np.stack([trace.gates for trace in traces]))
    time = np.array([sum(trace.ticks) for trace in traces], dtype=np.float64)

    def value(sources: Subset) -> float:
        left = [0, *(1 + source for source in sorted(sources))]
        kept = logsumexp(joint[:, left], axis=1) - logsumexp(gates[:, left], axis=1) - logsumexp(joint, axis=1)
        return float(time @ np.exp(np.minimum(kept, 0.0)) / time.sum())

    return value


def value_of(traces: Sequence[Trace], floor: float = FLOOR) -> Callable[[Subset], float]:
    """The log-likelihood (nats) of a piece by the sources it may have, numbered from 0; the base always may write.

    The gate of each bar is that of the components left, in proportion. No event counts as less likely than `floor`.
    """
    likelihood = np.stack([log_likelihood(trace, floor) for trace in traces])
    with np.errstate(divide="ignore"):
        gates = np.log(np.stack([trace.gates for trace in traces]))

    def value(sources: Subset) -> float:
        left = [0, *(1 + source for source in sorted(sources))]
        joint = logsumexp(gates[:, left] + likelihood[:, left], axis=1)
        return float((joint - logsumexp(gates[:, left], axis=1)).sum())

    return value


def leave_one_out(value: Callable[[Subset], float], count: int) -> Floats:
    """What is lost without each of `count` sources while the others stay."""
    everyone = frozenset(range(count))
    return np.array([value(everyone) - value(everyone - {source}) for source in range(count)])


def shapley(value: Callable[[Subset], float], count: int) -> Floats:
    """Exact Shapley values of `count` players: what each adds, on average over all orders in which they may come."""
    return np.array([_shapley_of(player, value, count) for player in range(count)])


def _shapley_of(player: int, value: Callable[[Subset], float], count: int) -> float:
    others = [other for other in range(count) if other != player]
    total = 0.0
    for size in range(count):
        weight = factorial(size) * factorial(count - size - 1) / factorial(count)
        for chosen in combinations(others, size):
            before = frozenset(chosen)
            total += weight * (value(before | {player}) - value(before))
    return total


def _within(ones: Sequence[Floats], others: Sequence[Floats]) -> list[Floats]:
    return [np.array([[spearman(one, other)]]) for one, other in zip(ones, others, strict=True)]
