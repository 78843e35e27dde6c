"""Estimates of influence from products of gradients; a higher score: the work lowers the query's loss more.

`products` are inner products of gradients, (queries, works) or (works, works), of one model each.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DAMPING = 0.1  # of the mean squared length of the works' gradients; chosen on other subsets than the evaluation's


def trak(of_queries: Sequence[Floats], of_works: Sequence[Floats], damping: float = DAMPING) -> Floats:
    """TRAK (Park et al. 2023, arXiv 2303.14186) in its dual form, the mean over models: (queries, works).

    `φ(q) Φᵀ (Φ Φᵀ + λI)⁻¹`, which equals `φ(q) (Φᵀ Φ + λI)⁻¹ Φᵀ`, with λ = `damping` × the mean of the diagonal of
    Φ Φᵀ. The factor of the works' own probabilities is left out.
    """
    return _mean([_solved(q, w, damping) for q, w in zip(of_queries, of_works, strict=True)])


def tracin(of_queries: Sequence[Floats], rates: Sequence[float]) -> Floats:
    """TracIn (Pruthi et al. 2020, arXiv 2002.08484): products at moments of the training, weighted by learning rate."""
    return _mean([rate * products for products, rate in zip(of_queries, rates, strict=True)])


def cosine(of_queries: Sequence[Floats], query_squares: Sequence[Floats], work_squares: Sequence[Floats]) -> Floats:
    """The mean cosine of the gradients, from products and squared lengths."""
    parts = zip(of_queries, query_squares, work_squares, strict=True)
    return _mean([p / np.sqrt(np.outer(q, w)) for p, q, w in parts])


def _solved(of_queries: Floats, of_works: Floats, damping: float) -> Floats:
    damped = of_works + damping * np.trace(of_works) / len(of_works) * np.eye(len(of_works))
    return np.asarray(np.linalg.solve(damped, of_queries.T).T, dtype=np.float64)


def _mean(parts: Sequence[Floats]) -> Floats:
    return np.asarray(np.mean(parts, axis=0), dtype=np.float64)
