"""How well scores tell what retraining does: LDS, catalogues and works left out, self-influence, degenerate rankings.

`scores` are (queries, works): higher where a work lowers the query's loss more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from dattri.metric import lds as dattri_lds
from numpy.typing import NDArray
from scipy.stats import rankdata

from contrafact.evaluation.statistics import Floats, spearman
from contrafact.evaluation.training.ground_truth import Losses
from contrafact.evaluation.training.runs import CATALOGUE, FULL, HALF, WORK

RESAMPLED = 2000


def lds(scores: Floats, subsets: NDArray[np.int64], losses: Floats) -> Floats:
    """The linear datamodelling score of each query (Ilyas et al. 2022, Park et al. 2023), by dattri.

    The rank correlation, over subsets (subsets, size) of works, of the sum of the subset's scores with the query's loss
    (subsets, queries) turned round. 0 for a query whose scores order nothing.
    """
    if np.ptp(scores) == 0:
        return np.zeros(len(scores))
    truth = (torch.from_numpy(-np.asarray(losses, dtype=np.float64)), torch.from_numpy(subsets))
    found, _ = dattri_lds(torch.from_numpy(scores.T.copy()), truth)
    return np.asarray(found.numpy(), dtype=np.float64)


def centred_lds(scores: Floats, subsets: NDArray[np.int64], losses: Floats) -> Floats:
    """LDS of what is the query's own: what a subset does to all queries alike is taken from scores and losses.

    A ranking of works that is the same for every query has nothing left here.
    """
    centred = scores - scores.mean(axis=0)
    if np.abs(centred).max() <= 1e-9 * np.abs(scores).max():
        return np.zeros(len(scores))
    return lds(centred, subsets, losses - losses.mean(axis=1, keepdims=True))


def over_subsets(scores: Floats, subsets: NDArray[np.int64], losses: Floats, seed: int = 0) -> tuple[float, float]:
    """The 95 % interval of the mean LDS where queries and subsets are resampled together."""
    predicted = np.stack([scores[:, subset].sum(axis=1) for subset in subsets])
    rng, values = np.random.default_rng(seed), list[float]()
    for _ in range(RESAMPLED // 4):
        rows, columns = rng.integers(len(subsets), size=len(subsets)), rng.integers(len(scores), size=len(scores))
        a, b = predicted[np.ix_(rows, columns)], -losses[np.ix_(rows, columns)]
        values.append(_columns_correlation(rankdata(a, axis=0), rankdata(b, axis=0)).mean())
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)


def halves(losses: Losses, seeds: Sequence[int] | None = None) -> Floats:
    """Losses of the half-subsets (subsets, queries), the mean over seeds."""
    chosen = losses.seeds(HALF) if seeds is None else seeds
    of = {(run.index, run.seed): row for run, row in zip(losses.runs, losses.values, strict=True) if run.kind == HALF}
    rows = [np.mean([of[index, seed] for seed in chosen], axis=0) for index in losses.indices(HALF)]
    return np.asarray(rows, dtype=np.float64)


def reliability(losses: Losses) -> Floats:
    """How well one seed's losses over subsets agree with another's, for each query: the mean rank correlation."""
    by_seed = [halves(losses, [seed]) for seed in losses.seeds(HALF)]
    pairs = [(i, j) for i in range(len(by_seed)) for j in range(i)]
    ranks = [rankdata(one, axis=0) for one in by_seed]
    return np.asarray(np.mean([_columns_correlation(ranks[i], ranks[j]) for i, j in pairs], axis=0))


def ceiling(agreement: float, seeds: int) -> float:
    """The best LDS that perfect scores can have, from the agreement of two seeds (Spearman and Brown)."""
    mean = seeds * agreement / (1 + (seeds - 1) * agreement)
    return float(np.sqrt(max(mean, 0.0)))


def lost_catalogues(losses: Losses) -> Floats:
    """What each query loses without each catalogue, in nats a token: (queries, catalogues)."""
    return _lost(losses, CATALOGUE)


def lost_works(losses: Losses) -> tuple[list[int], Floats]:
    """The works that were left out, and what each query loses without each: (queries, works left out)."""
    return losses.indices(WORK), _lost(losses, WORK)


def of_catalogues(scores: Floats, catalogues: Sequence[int]) -> Floats:
    """The sum of the scores over each catalogue: (queries, catalogues)."""
    names = np.asarray(catalogues)
    return np.stack([scores[:, names == c].sum(axis=1) for c in sorted(set(catalogues))], axis=1)


def catalogue_correlation(scores: Floats, lost: Floats) -> float:
    """The mean over queries of the rank correlation of scores with losses: both (queries, catalogues)."""
    return float(_columns_correlation(rankdata(scores, axis=1).T, rankdata(lost, axis=1).T).mean())


def catalogue_interval(scores: Floats, lost: Floats, seed: int = 0) -> tuple[float, float]:
    """Its 95 % interval where queries and catalogues are resampled together; draws of fewer than three are left out."""
    rng, values = np.random.default_rng(seed), list[float]()
    while len(values) < RESAMPLED:
        rows, columns = rng.integers(len(lost), size=len(lost)), rng.integers(lost.shape[1], size=lost.shape[1])
        if len(np.unique(columns)) >= 3:
            values.append(catalogue_correlation(scores[np.ix_(rows, columns)], lost[np.ix_(rows, columns)]))
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)


def self_ranks(scores: Floats) -> Floats:
    """The place of each work in the ranking for itself, of scores (works, works): 1 is first; ties count against."""
    own = np.diag(scores)[:, None]
    return np.asarray((scores >= own).sum(axis=1), dtype=np.float64)


def sameness(scores: Floats) -> float:
    """The mean rank correlation of the rankings of different queries: 1 where all queries have one ranking."""
    ranks = rankdata(scores, axis=1)
    unit = ranks - ranks.mean(axis=1, keepdims=True)
    length = np.linalg.norm(unit, axis=1, keepdims=True)
    if not length.all():
        return 1.0
    products = (unit / length) @ (unit / length).T
    return float((products.sum() - len(products)) / (len(products) * (len(products) - 1)))


def one_for_all(scores: Floats) -> Floats:
    """The same ranking for every query: the mean of the scores. What it reaches, a degenerate estimator reaches."""
    return np.tile(scores.mean(axis=0), (len(scores), 1))


def work_correlations(scores: Floats, lost: Floats) -> Floats:
    """For each work left out, the rank correlation over queries of scores with losses: both (queries, works)."""
    return np.array([spearman(scores[:, i], lost[:, i]) for i in range(lost.shape[1])])


def _lost(losses: Losses, kind: str) -> Floats:
    """By seed against the full model of the same seed, then the mean over seeds."""
    full = {run.seed: row for run, row in zip(losses.runs, losses.values, strict=True) if run.kind == FULL}
    columns = []
    for index in losses.indices(kind):
        rows = [
            row - full[run.seed]
            for run, row in zip(losses.runs, losses.values, strict=True)
            if (run.kind, run.index) == (kind, index)
        ]
        columns.append(np.mean(rows, axis=0))
    return np.asarray(np.stack(columns, axis=1), dtype=np.float64)


def _columns_correlation(one: Floats, other: Floats) -> Floats:
    """Pearson's correlation of the columns of two arrays; 0 for a column that is constant."""
    a, b = one - one.mean(axis=0), other - other.mean(axis=0)
    spread = np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))
    return np.asarray(np.where(spread > 1e-12, (a * b).sum(axis=0) / np.maximum(spread, 1e-12), 0.0))
