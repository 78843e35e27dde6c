"""Rank correlations, and intervals by resampling whole pieces.

What an experiment measures comes in *clusters*: for each piece an array (units, columns), a unit being a source of
the piece, a bar, or the piece itself. A statistic is a function of the units of all pieces together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], float]
RESAMPLED = 2000


def spearman(one: Floats, other: Floats) -> float:
    """Rank correlation, ties at their mean rank; 0 where one of the two is constant, so that it orders nothing."""
    return _pearson(_ranks(one), _ranks(other))


def partial_spearman(one: Floats, other: Floats, given: Floats) -> float:
    """Rank correlation of what a linear fit on the ranks of `given` leaves of the ranks of both."""
    known = _ranks(given)
    return _pearson(_rest(_ranks(one), known), _rest(_ranks(other), known))


def bootstrap(clusters: Sequence[Floats], statistic: Statistic, seed: int = 0) -> tuple[float, float]:
    """The 95 % percentile interval of a statistic over pieces: whole pieces are resampled, with replacement.

    Raises ValueError without pieces.
    """
    if not clusters:
        raise ValueError("there are no pieces to resample")
    rng = np.random.default_rng(seed)
    chosen = rng.integers(len(clusters), size=(RESAMPLED, len(clusters)))
    values = [statistic(np.concatenate([clusters[i] for i in sample])) for sample in chosen]
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)


def mean(units: Floats) -> float:
    """The mean of the first column."""
    return float(units[:, 0].mean())


def highest(units: Floats) -> float:
    """The greatest value of the first column."""
    return float(units[:, 0].max())


def median(units: Floats) -> float:
    """The median of the first column."""
    return float(np.median(units[:, 0]))


def correlation(units: Floats) -> float:
    """Rank correlation of the first two columns."""
    return spearman(units[:, 0], units[:, 1])


def partial_correlation(units: Floats) -> float:
    """Rank correlation of the first two columns given the third."""
    return partial_spearman(units[:, 0], units[:, 1], units[:, 2])


def _ranks(values: Floats) -> Floats:
    ranks: Floats = rankdata(values).astype(np.float64)
    return ranks


def _pearson(one: Floats, other: Floats) -> float:
    a, b = one - one.mean(), other - other.mean()
    spread = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / spread if spread > 1e-9 * len(one) else 0.0


def _rest(values: Floats, known: Floats) -> Floats:
    a, b = values - values.mean(), known - known.mean()
    spread = float(b @ b)
    rest: Floats = a - (a @ b) / spread * b if spread else a
    return rest


def binomial(hits: int, n: int) -> tuple[float, float]:
    """The exact 95 % interval of a rate (Clopper and Pearson 1934); it says something of 0 in n, too."""
    from scipy.stats import beta

    low = float(beta.ppf(0.025, hits, n - hits + 1)) if hits else 0.0
    high = float(beta.ppf(0.975, hits + 1, n - hits)) if hits < n else 1.0
    return low, high
