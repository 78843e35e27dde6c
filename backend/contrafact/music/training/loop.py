"""Training of the model by the clock.

Batches are functions of the seed and the step, so that a resumed run goes on where it was killed.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from contrafact.music.layers import ModelConfig
from contrafact.music.metres import meeting
from contrafact.music.model import Network
from contrafact.music.source_form import SourceForm
from contrafact.music.tokens import METRES
from contrafact.music.training.batches import Batch, collate, losses
from contrafact.music.training.clock import ClockedRun
from contrafact.music.training.examples import Example, make_example, reheard

FIRST_FREEDOM = 0.25  # of variations at the first step
BASE_WEIGHT = 0.5  # of the base's loss beside the experts'
_GROUP = 8


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. `minutes` of wall-clock time; `steps`, where given, ends the run earlier."""

    minutes: float = 50.0
    seed: int = 1
    batch: int = 12
    learning_rate: float = 6e-4
    weight_decay: float = 0.05
    warm_up: int = 100  # steps
    curriculum: int = 1000  # steps until variations are as free as they get
    average: float = 0.997  # decay of the averaged weights, which are the ones kept
    bf16: bool = True
    evaluate_every: float = 180.0  # seconds
    checkpoint_every: float = 60.0  # seconds
    steps: int | None = None


class Corpus:
    """The training tunes, and who can be in a medley with whom."""

    def __init__(self, forms: Sequence[SourceForm]) -> None:
        self.forms = tuple(forms)
        self._made: tuple[tuple[Recipe, int], list[Example]] | None = None
        self._partners: dict[tuple[int, int], list[SourceForm]] = {
            metre: [form for form in forms if (form.metre.beats, form.metre.unit) in meeting(metre)] for metre in METRES
        }

    def batch(self, recipe: Recipe, step: int) -> Batch:
        """The batch of a step: one of `_GROUP` batches that are made together and sorted by length."""
        group, index = divmod(step, _GROUP)
        if self._made is None or self._made[0] != (recipe, group):
            self._made = (recipe, group), self._group(recipe, group)
        return collate(self._made[1][index * recipe.batch : (index + 1) * recipe.batch])

    def _group(self, recipe: Recipe, group: int) -> list[Example]:
        """Examples of the next tunes, every tune once an epoch, the batches in random order."""
        size = _GROUP * recipe.batch
        places = range(group * size, (group + 1) * size)
        order = {
            epoch: np.random.default_rng((recipe.seed, 0, epoch)).permutation(len(self.forms))
            for epoch in {place // len(self.forms) for place in places}
        }
        rng = np.random.default_rng((recipe.seed, 1, group))
        tunes = [self.forms[order[place // len(self.forms)][place % len(self.forms)]] for place in places]
        forms = [reheard(rng, tune) for tune in tunes]
        freedom = min(1.0, FIRST_FREEDOM + group * _GROUP / recipe.curriculum)
        examples = [
            make_example(rng, form, self._partners[form.metre.beats, form.metre.unit], freedom=freedom)
            for form in forms
        ]
        examples.sort(key=lambda example: len(example.target))
        batches = [examples[i * recipe.batch : (i + 1) * recipe.batch] for i in rng.permutation(_GROUP)]
        return [example for batch in batches for example in batch]


class Run(ClockedRun):
    """One training run of the model; `tokens` counts those that it has read."""

    counts = ("step", "seconds", "tokens")
    network: Network
    recipe: Recipe

    def __init__(self, corpus: Corpus, config: ModelConfig, recipe: Recipe, folder: Path) -> None:
        self.corpus, self.recipe, self.folder = corpus, recipe, folder
        torch.manual_seed(recipe.seed)
        self.network = Network(config)
        self.average = deepcopy(self.network).eval().requires_grad_(False)
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(),
            lr=recipe.learning_rate,
            betas=(0.9, 0.95),
            weight_decay=recipe.weight_decay,
            fused=True,
        )
        self.tokens = 0
        self.begin()

    def _one_step(self) -> tuple[float, float]:
        for group in self.optimiser.param_groups:
            group["lr"] = self._learning_rate()
        torch.manual_seed(self.recipe.seed * 1_000_003 + self.step)
        batch = self.corpus.batch(self.recipe, self.step)
        self.network.train()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.recipe.bf16):
            sums = losses(self.network, batch)
        expert = sums.expert / sums.expert_tokens.clamp(min=1)
        base = sums.base / sums.base_tokens.clamp(min=1)
        self.optimiser.zero_grad(set_to_none=True)
        (expert + BASE_WEIGHT * base).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        with torch.no_grad():
            self._take_average()
        self.step += 1
        self.tokens += int(sums.expert_tokens)
        return float(expert.detach()), float(base.detach())

    def _figures(self, recent: list[tuple[float, float]]) -> dict[str, float]:
        expert, base = np.mean(recent, axis=0)
        return {"expert": float(expert), "base": float(base)}
