"""The study of influence: plan, retraining that goes on, measures that know truth from chance."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from contrafact.errors import NotFound
from contrafact.evaluation.training import data, measures
from contrafact.evaluation.training.corpus import training_tunes, unseen_tunes
from contrafact.evaluation.training.data import Data
from contrafact.evaluation.training.ground_truth import Losses, retrain
from contrafact.evaluation.training.proxy import Recipe, train_proxy
from contrafact.evaluation.training.runs import CATALOGUE, FULL, HALF, WORK, Plan, Run
from contrafact.evaluation.training.study import study
from contrafact.music.influence.estimators import trak
from contrafact.music.influence.gradients import gradients
from contrafact.music.layers import ModelConfig
from contrafact.music.model import stacked

CATALOGUES = [i // 6 for i in range(24)]
PLAN = Plan(halves=40, half_seeds=2, seeds=2, works=3)
QUERIES = 9


def made(noise: float, seed: int = 1) -> tuple[np.ndarray, Losses]:
    """True scores, and losses that follow from them but for the luck of each run."""
    rng = np.random.default_rng(seed)
    true = rng.normal(size=(QUERIES + len(CATALOGUES), len(CATALOGUES)))
    true[QUERIES:] += 6 * np.eye(len(CATALOGUES))
    runs = tuple(PLAN.runs(CATALOGUES))
    rows = [-true[:, run.members(CATALOGUES)].sum(axis=1) for run in runs]
    values = np.stack(rows) + noise * rng.normal(size=(len(runs), len(true)))
    return true, Losses(runs, values.astype(np.float32))


def subsets(losses: Losses) -> np.ndarray:
    return np.stack([run.members(CATALOGUES) for run in losses.runs if run.kind == HALF and run.seed == 0])


def dataset(true: np.ndarray, losses: Losses) -> Data:
    random = np.random.default_rng(9).normal(size=true[:QUERIES].shape)
    scores = {"trak": true[:QUERIES], "random": random, "equal": np.zeros_like(random)}
    titles = tuple(f"tune {i}" for i in range(len(CATALOGUES)))
    kinds = (data.UNSEEN,) * 5 + (data.GENERATED,) * (QUERIES - 5)
    return Data({"each": 6}, titles, tuple(CATALOGUES), kinds, losses, scores, {"trak": true[QUERIES:]})


def test_runs_learn_from_what_their_kind_says() -> None:
    assert len(Run(HALF, 3, 0).members(CATALOGUES)) == 12
    assert not np.array_equal(Run(HALF, 3, 0).members(CATALOGUES), Run(HALF, 4, 0).members(CATALOGUES))
    assert np.array_equal(Run(HALF, 3, 0).members(CATALOGUES), Run(HALF, 3, 1).members(CATALOGUES))
    assert list(Run(CATALOGUE, 1, 0).members(CATALOGUES)) == [*range(6), *range(12, 24)]
    assert 7 not in Run(WORK, 7, 0).members(CATALOGUES)
    assert len(Run(FULL, 0, 0).members(CATALOGUES)) == 24


def test_each_run_of_the_plan_is_there_once() -> None:
    ids = [run.id for run in Plan().runs([i // 32 for i in range(256)])]
    assert len(ids) == len(set(ids)) == 5 + 64 * 3 + 8 * 5 + 16 * 5


def test_a_study_that_was_stopped_goes_on_to_the_same_losses(tmp_path: Path) -> None:
    tunes = training_tunes(1)
    examples, catalogues = stacked([tune.example for tune in tunes]), [tune.catalogue for tune in tunes]
    recipe = Recipe(ModelConfig(width=8, heads=2, layers=1, hidden=8, expert_layers=0, dropout=0.0), steps=3, batch=2)
    plan = Plan(halves=2, half_seeds=2, seeds=1, works=1)

    def run(file: Path) -> Losses:
        return retrain(plan, recipe, examples, examples, catalogues, file)

    whole = run(tmp_path / "whole")
    lines = (tmp_path / "whole").read_text().splitlines(keepends=True)
    (tmp_path / "cut").write_text("".join(lines[:4]) + lines[4][:20])
    again = run(tmp_path / "cut")
    assert np.array_equal(whole.values, again.values)
    assert [json.loads(line)["run"] for line in (tmp_path / "cut").read_text().splitlines()] == [
        run.id for run in whole.runs
    ]
    assert np.ptp(whole.values) > 0


def test_tunes_are_of_other_families_than_what_they_are_asked_about() -> None:
    learnt, asked = training_tunes(4), unseen_tunes(4)
    assert len({tune.id for tune in learnt}) == 32
    assert not {tune.id for tune in learnt} & {tune.id for tune in asked}
    assert [tune.catalogue for tune in learnt] == sorted(tune.catalogue for tune in learnt)


def test_true_scores_reach_the_whole_and_random_ones_nothing() -> None:
    true, losses = made(noise=0.0)
    table = measures.halves(Losses(losses.runs, losses.values[:, :QUERIES]))
    assert measures.lds(true[:QUERIES], subsets(losses), table).mean() > 0.99
    random = np.random.default_rng(5).normal(size=true[:QUERIES].shape)
    assert abs(measures.lds(random, subsets(losses), table).mean()) < 0.2
    assert np.all(measures.lds(np.zeros_like(random), subsets(losses), table) == 0)


def test_one_ranking_for_all_queries_has_nothing_left_when_centred() -> None:
    true, losses = made(noise=0.0)
    table = measures.halves(Losses(losses.runs, losses.values[:, :QUERIES]))
    same = measures.one_for_all(true[:QUERIES])
    assert measures.sameness(same) == pytest.approx(1)
    assert measures.sameness(true[:QUERIES]) < 0.5
    assert abs(measures.centred_lds(same, subsets(losses), table).mean()) < 1e-9
    assert measures.centred_lds(true[:QUERIES], subsets(losses), table).mean() > 0.95


def test_seeds_that_agree_allow_more_than_seeds_that_do_not() -> None:
    agreement = [float(measures.reliability(made(noise)[1]).mean()) for noise in (0.1, 3.0, 30.0)]
    assert agreement[0] > 0.95 > agreement[1] > agreement[2]
    assert measures.ceiling(0.5, 3) == pytest.approx(np.sqrt(0.75))


def test_catalogues_and_works_left_out_are_held_against_the_full_model_of_their_seed() -> None:
    true, losses = made(noise=0.0)
    sums = measures.of_catalogues(true, CATALOGUES)
    assert np.allclose(measures.lost_catalogues(losses), sums, atol=1e-3)
    works, lost = measures.lost_works(losses)
    assert np.allclose(lost, true[:, works], atol=1e-3)
    assert measures.catalogue_correlation(sums, sums) == pytest.approx(1)
    low, high = measures.catalogue_interval(np.random.default_rng(2).normal(size=sums.shape), sums)
    assert low < 0.2 < high + 0.4


def test_a_tune_that_is_not_first_for_itself_is_counted_behind_every_equal() -> None:
    scores = np.array([[3.0, 1.0, 3.0], [0.0, 5.0, 1.0], [9.0, 2.0, 1.0]])
    assert list(measures.self_ranks(scores)) == [2, 1, 3]


def test_the_study_says_of_true_scores_that_they_are_true_and_of_random_ones_that_they_are_not() -> None:
    found = study(dataset(*made(noise=1.0)))
    assert found.results.row("lds.trak").value > 0.8
    assert abs(found.results.row("lds.random").value) < 0.2
    assert found.results.row("lds.equal").value == 0
    assert found.results.row("own.first.trak").value == 1
    assert found.low > 0
    document = json.loads(found.to_json())
    assert document["schema"] == "contrafact/training-evaluation/1"
    assert document["catalogues"] == {"correlation": found.correlation, "low": found.low, "high": found.high}


def test_what_was_measured_comes_back_from_its_files(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no ground truth"):
        data.load(tmp_path)
    mine = dataset(*made(noise=1.0))
    data.save(mine, tmp_path)
    found = data.load(tmp_path)
    assert found.losses.runs == mine.losses.runs
    assert np.array_equal(found.losses.values, mine.losses.values)
    assert (found.titles, found.kinds, found.catalogues) == (mine.titles, mine.kinds, mine.catalogues)
    assert study(found).results.row("lds.trak").value == pytest.approx(
        study(mine).results.row("lds.trak").value, abs=0.01
    )


def test_a_duplicate_that_is_planted_among_the_works_ranks_first_together_with_its_original() -> None:
    tunes = training_tunes(3)
    examples = [tune.example for tune in tunes]
    for original in (2, 13):
        planted = [*examples, examples[original]]
        config = ModelConfig(width=32, layers=1, hidden=32, expert_layers=0, dropout=0.0)
        base = train_proxy(stacked(planted), range(len(planted)), 0, Recipe(config, steps=40))
        rows = gradients(base, planted).double()
        (scores,) = trak([(rows[original : original + 1] @ rows.T).numpy()], [(rows @ rows.T).numpy()])
        assert set(np.argsort(-scores)[:2].tolist()) == {original, len(examples)}
