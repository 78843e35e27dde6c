"""Scores of every query and every training work, by each estimator and by the baselines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from contrafact.domain.families import interval_runs
from contrafact.evaluation.training.proxy import learning_rate, train_proxy
from contrafact.evaluation.training.setting import Setting
from contrafact.music.influence.base import Base
from contrafact.music.influence.estimators import cosine, tracin, trak
from contrafact.music.influence.gradients import Sketch, gradients, signs
from contrafact.music.model import stacked
from contrafact.music.tokens import Sequenced, is_pitch, pitch_of

Floats = NDArray[np.float64]
FIRST_SEED = 100  # no seed of the ground truth: the estimates know none of the models that they are held against
MODELS = 10
MOMENTS = 4  # of a training, for TracIn
FOR_TRACIN = 3  # models
SKETCH = 16_384  # numbers of a sketch, as for the released model
_GRAM = 3  # intervals


@dataclass
class _Products:
    """Inner products of gradients, of each model: queries with works, and squared lengths of the queries."""

    works: slice  # of the queries that are training works
    of_queries: list[Floats] = field(default_factory=list)
    squares: list[Floats] = field(default_factory=list)

    of_works: list[Floats] = field(default_factory=list)

    def add(self, rows: torch.Tensor, of_works: torch.Tensor | None = None) -> None:
        """Rows of all queries; `of_works` where others stand for the works than for the queries."""
        rows, works = rows.double(), (rows[self.works] if of_works is None else of_works).double()
        self.of_queries.append((rows @ works.T).numpy())
        self.of_works.append((works @ works.T).numpy())
        self.squares.append((rows**2).sum(1).numpy())


def estimate(setting: Setting, on_model: Callable[[int, int], None] = lambda done, of: None) -> dict[str, Floats]:
    """Scores (queries, works) by name, of models that are trained on all works."""
    works = slice(len(setting.queries) - len(setting.training), None)
    whole, moments = _Products(works), _Products(works)
    kept = _Products(works)
    rates: list[float] = []
    states: list[Floats] = []
    for number in range(MODELS):
        base = _trained(setting, number, moments, rates)
        rows = gradients(base, setting.queries)
        whole.add(rows)
        kept.add(*_kept(rows, works))
        states.append(_similarity(_states(base, setting.queries), works))
        on_model(number + 1, MODELS)
    return {
        "trak": trak(whole.of_queries, whole.of_works),
        "trak of one model": trak(whole.of_queries[:1], whole.of_works[:1]),
        "trak, as released": trak(kept.of_queries[:1], kept.of_works[:1]),
        "trak, as released, ten models": trak(kept.of_queries, kept.of_works),
        "tracin": tracin(moments.of_queries, rates),
        "gradient product": tracin(whole.of_queries, [1.0] * MODELS),
        "gradient cosine": cosine(whole.of_queries, whole.squares, [s[works] for s in whole.squares]),
        "embedding": np.mean(states, axis=0),
        "3-grams": _similarity(_grams(setting.queries), works),
        "equal": np.zeros((len(setting.queries), len(setting.training))),
        "random": np.random.default_rng(0).normal(size=(len(setting.queries), len(setting.training))),
    }


def _trained(setting: Setting, number: int, moments: _Products, rates: list[float]) -> Base:
    """Model `number`; of the first few, the products at some moments of their training are kept."""
    recipe, every = setting.recipe, setting.recipe.steps // MOMENTS

    def look(done: int, base: Base) -> None:
        if number < FOR_TRACIN and done % every == 0:
            moments.add(gradients(base, setting.queries))
            rates.append(learning_rate(done - every // 2, recipe))

    members = range(len(setting.training))
    return train_proxy(setting.training_examples, members, FIRST_SEED + number, recipe, look)


def _kept(rows: torch.Tensor, works: slice) -> tuple[torch.Tensor, torch.Tensor]:
    """What is known of gradients where features are kept: sketches of the queries, signs of those of the works."""
    sketch = Sketch(rows.shape[1], SKETCH)
    sketches = torch.stack([sketch(row) for row in rows])
    return sketches, signs(sketches[works])


def _states(base: Base, examples: Sequence[Sequenced]) -> Floats:
    """The mean state of the trunk over each example."""
    rows = []
    with torch.inference_mode():
        for example in examples:
            one = stacked([example])
            rows.append(base.network.trunk(base.network.embed(*one)).mean(dim=1)[0].double().numpy())
    return np.array(rows)


def _grams(examples: Sequence[Sequenced]) -> Floats:
    """How often each run of three intervals occurs in each example."""
    counted = [interval_runs(_pitches(example), _GRAM) for example in examples]
    names = {gram: i for i, gram in enumerate(sorted(set().union(*counted)))}
    table = np.zeros((len(examples), len(names)))
    for row, grams in enumerate(counted):
        table[row, [names[gram] for gram in grams]] = 1
    return table


def _pitches(example: Sequenced) -> list[int]:
    pitches = (pitch_of(int(token)) for token in example.tokens if is_pitch(int(token)))
    return [pitch for pitch in pitches if pitch is not None]


def _similarity(rows: Floats, works: slice) -> Floats:
    """The cosines of all rows with those of the works, about the works' mean."""
    centred = rows - rows[works].mean(axis=0)
    unit = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-12)
    return np.asarray(unit @ unit[works].T)
