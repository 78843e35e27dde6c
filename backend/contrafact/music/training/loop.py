"""Training by the clock: as many steps as fit in the minutes given, resumable at any time.

Batches are functions of the seed and the step, so that a resumed run goes on where it was killed.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from contrafact.music.layers import ModelConfig
from contrafact.music.metres import meeting
from contrafact.music.model import Network
from contrafact.music.source_form import SourceForm
from contrafact.music.tokens import METRES
from contrafact.music.training.batches import Batch, collate, losses
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


class Run:
    """One training run in a folder: `state.pt` to resume from, `log.jsonl` of losses over time."""

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
        self.step, self.seconds, self.tokens = 0, 0.0, 0
        self.history: list[dict[str, Any]] = []
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "state.pt").exists():
            self._resume()

    @property
    def finished(self) -> bool:
        enough = self.recipe.steps is not None and self.step >= self.recipe.steps
        return enough or self.seconds >= self.recipe.minutes * 60

    def train(self, evaluate: Callable[[Network], dict[str, float]]) -> None:
        """Go on until the time is up. `evaluate` gives named losses of the averaged network."""
        saved = evaluated = self.seconds
        recent: list[tuple[float, float]] = []
        while not self.finished:
            began = time.monotonic()
            recent.append(self._one_step())
            self.seconds += time.monotonic() - began
            if self.seconds - evaluated >= self.recipe.evaluate_every or self.finished:
                self._note(recent, evaluate(self.average))
                recent, evaluated = [], self.seconds
            if self.seconds - saved >= self.recipe.checkpoint_every or self.finished:
                self.save()
                saved = self.seconds

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
            decay = min(self.recipe.average, (1 + self.step) / (10 + self.step))
            for averaged, current in zip(self.average.parameters(), self.network.parameters(), strict=True):
                averaged.lerp_(current, 1 - decay)
        self.step += 1
        self.tokens += int(sums.expert_tokens)
        return float(expert.detach()), float(base.detach())

    def _learning_rate(self) -> float:
        done = self.seconds / (self.recipe.minutes * 60)
        if self.recipe.steps is not None:
            done = max(done, self.step / self.recipe.steps)
        cosine = 0.5 * (1 + np.cos(np.pi * min(1.0, done)))
        return float(self.recipe.learning_rate * min(1.0, (self.step + 1) / self.recipe.warm_up) * cosine)

    def _note(self, recent: list[tuple[float, float]], measured: dict[str, float]) -> None:
        expert, base = np.mean(recent, axis=0)
        entry = {
            "step": self.step,
            "seconds": round(self.seconds, 1),
            "tokens": self.tokens,
            "expert": round(float(expert), 4),
            "base": round(float(base), 4),
            **{name: round(value, 4) for name, value in measured.items()},
        }
        self.history.append(entry)
        with (self.folder / "log.jsonl").open("a") as log:
            log.write(json.dumps(entry) + "\n")
        print(json.dumps(entry), flush=True)

    def save(self) -> None:
        """Write the state beside the old one and swap them, so that a kill leaves one of them whole."""
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "progress": [self.step, self.seconds, self.tokens],
            "history": self.history,
            "recipe": {**asdict(self.recipe), "config": self.network.config.to_dict()},
        }
        torch.save(state, self.folder / "state.tmp")
        os.replace(self.folder / "state.tmp", self.folder / "state.pt")

    def _resume(self) -> None:
        state = torch.load(self.folder / "state.pt", weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.seconds, self.tokens = state["progress"]
        self.history = state["history"]
