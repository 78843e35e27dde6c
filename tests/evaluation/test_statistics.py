"""Rank correlations and intervals say what they are said to say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from contrafact.evaluation.statistics import binomial, bootstrap, correlation, mean, partial_spearman, spearman


def test_the_rank_correlation_is_that_of_scipy_also_with_ties() -> None:
    rng = np.random.default_rng(0)
    one, other = rng.integers(5, size=40).astype(float), rng.normal(size=40)
    assert spearman(one, other) == pytest.approx(spearmanr(one, other).statistic)
    assert spearman(one, one**3) == pytest.approx(1)


def test_a_constant_orders_nothing() -> None:
    assert spearman(np.full(9, 1 / 3), np.arange(9.0)) == 0


def test_a_share_that_only_repeats_the_weights_knows_nothing_beyond_them() -> None:
    rng = np.random.default_rng(1)
    weights = rng.random(2000)
    lost = weights + 0.3 * rng.normal(size=2000)
    by_weights = weights + 0.1 * rng.normal(size=2000)
    by_loss = lost + 0.1 * rng.normal(size=2000)
    assert spearman(by_weights, lost) > 0.5
    assert abs(partial_spearman(by_weights, lost, weights)) < 0.08
    assert partial_spearman(by_loss, lost, weights) > 0.8


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    covered = 0
    for seed in range(60):
        clusters = [rng.normal(3.0, 1.0, size=(1, 1)) for _ in range(30)]
        low, high = bootstrap(clusters, mean, seed)
        covered += low <= 3.0 <= high
    assert 51 <= covered <= 60


def test_whole_pieces_are_resampled() -> None:
    """Ten alike units of a piece are no more evidence than one."""
    rng = np.random.default_rng(3)
    values = rng.normal(size=20)
    single = bootstrap([np.full((1, 1), v) for v in values], mean)
    repeated = bootstrap([np.full((10, 1), v) for v in values], mean)
    assert repeated == pytest.approx(single)


def test_the_same_seed_gives_the_same_interval() -> None:
    clusters = [np.random.default_rng(i).random((3, 2)) for i in range(8)]
    assert bootstrap(clusters, correlation) == bootstrap(clusters, correlation)
    with pytest.raises(ValueError, match="no pieces"):
        bootstrap([], mean)


def test_exact_intervals_of_a_rate_say_something_of_none_and_of_all() -> None:
    """Clopper and Pearson's: 3.69 in a thousand is the upper end of 0 in 1000."""
    assert binomial(0, 1000) == pytest.approx((0.0, 0.003682), abs=1e-6)
    assert binomial(1000, 1000) == pytest.approx((1 - 0.003682, 1.0), abs=1e-6)
    low, high = binomial(50, 100)
    assert (low, high) == pytest.approx((0.3983, 0.6017), abs=1e-4)
