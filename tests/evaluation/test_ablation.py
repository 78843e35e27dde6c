"""Shapley values are exact, and a false attribution disagrees with the likelihood."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from contrafact.evaluation.ablation import Subset, ablation, leave_one_out, shapley, time_of, value_of
from contrafact.evaluation.pieces import Piece
from contrafact.music.attribution import leave_to_base
from tests.evaluation import small


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> list[Piece]:
    studio = small.studio(tmp_path_factory.mktemp("pieces"))
    return [studio.piece(small.asked(seed, seconds=40), control=0.0) for seed in range(6)]


def drawn_game(seed: int, players: int) -> dict[Subset, float]:
    rng = np.random.default_rng(seed)
    return {
        frozenset(p for p in range(players) if chosen >> p & 1): float(rng.normal()) for chosen in range(2**players)
    }


@pytest.mark.parametrize("players", [1, 2, 3, 4])
def test_shapley_values_are_the_mean_over_all_orders_and_sum_to_the_whole(players: int) -> None:
    game = drawn_game(players, players)
    expected = np.zeros(players)
    orders = list(permutations(range(players)))
    for order in orders:
        for place, player in enumerate(order):
            expected[player] += game[frozenset(order[: place + 1])] - game[frozenset(order[:place])]
    found = shapley(game.__getitem__, players)
    np.testing.assert_allclose(found, expected / len(orders), atol=1e-12)
    assert found.sum() == pytest.approx(game[frozenset(range(players))] - game[frozenset()])


def test_the_value_of_all_sources_is_the_likelihood_of_the_piece(pieces: list[Piece]) -> None:
    traces = pieces[0].played.traces
    expected = sum(np.log(t.gates @ leave_to_base(t.probabilities).prod(axis=1)) for t in traces)
    assert value_of(traces, floor=1e-300)(frozenset({0, 1, 2})) == pytest.approx(float(expected))


def test_a_source_that_could_not_write_is_not_missed(pieces: list[Piece]) -> None:
    traces = [replace(t, gates=t.gates * [1, 1, 0, 1] / (t.gates @ [1, 1, 0, 1])) for t in pieces[0].played.traces]
    for worths in (leave_one_out(value_of(traces), 3), shapley(value_of(traces), 3)):
        assert worths[1] == pytest.approx(0, abs=1e-9)
        assert min(worths[0], worths[2]) > 1
    lost = leave_one_out(time_of(traces), 3)
    assert lost[1] == pytest.approx(0, abs=1e-9)
    assert 0 < min(lost[0], lost[2]) <= max(lost) < 1


def test_all_sources_together_explain_the_whole_time(pieces: list[Piece]) -> None:
    for piece in pieces:
        assert time_of(piece.played.traces)(frozenset({0, 1, 2})) == pytest.approx(1)


def test_a_false_attribution_is_seen(pieces: list[Piece]) -> None:
    true, false = (ablation(some, some) for some in (pieces, [small.rotated(piece) for piece in pieces]))
    of_true, of_false = ({row.id: row.value for row in found.rows} for found in (true, false))
    for name in ("ablation", "ablation_shapley", "ablation_time"):
        assert of_true[name] > of_false[name] + 0.5
    assert of_true["ablation_weights"] == of_false["ablation_weights"]
