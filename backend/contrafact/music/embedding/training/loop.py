"""Contrastive training by the clock, resumable at any time: batches are functions of the seed and the step."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from contrafact.music.embedding.encoder import Encoder, EncoderConfig
from contrafact.music.embedding.training.pairs import Corpus
from contrafact.music.training.clock import ClockedRun


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. `minutes` of wall-clock time; `steps`, where given, ends the run earlier."""

    minutes: float = 25.0
    seed: int = 1
    batch: int = 96  # tunes, each in two views
    temperature: float = 0.08
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.02
    warm_up: int = 20  # steps
    easy: int = 40  # steps in which pairs differ in key, instrument and tempo alone …
    curriculum: int = 350  # … and until they differ in everything
    average: float = 0.99  # decay of the averaged weights, which are the ones kept
    bf16: bool = True
    evaluate_every: float = 180.0  # seconds
    checkpoint_every: float = 60.0  # seconds
    steps: int | None = None


class Run(ClockedRun):
    """One training run of the encoder."""

    network: Encoder
    recipe: Recipe

    def __init__(self, corpus: Corpus, config: EncoderConfig, recipe: Recipe, folder: Path) -> None:
        self.corpus, self.recipe, self.folder = corpus, recipe, folder
        torch.manual_seed(recipe.seed)
        self.network = Encoder(config)
        self.average = deepcopy(self.network).eval().requires_grad_(False)
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay, fused=True
        )
        self.begin()

    def _one_step(self) -> tuple[float, float]:
        for group in self.optimiser.param_groups:
            group["lr"] = self._learning_rate()
        left, right = self.corpus.batch(self.recipe.batch, self.recipe.seed, self.step, self._freedom)
        self.network.train()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.recipe.bf16):
            one, other = self.network(left), self.network(right)
        loss, hits = info_nce(one.float(), other.float(), self.recipe.temperature)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimiser.step()
        with torch.no_grad():
            self._take_average()
            for kept, counted in zip(self.average.buffers(), self.network.buffers(), strict=True):
                kept.copy_(counted)
        self.step += 1
        return float(loss.detach()), hits

    @property
    def _freedom(self) -> float:
        recipe = self.recipe
        return float(np.clip((self.step - recipe.easy) / max(recipe.curriculum - recipe.easy, 1), 0, 1))

    def _figures(self, recent: list[tuple[float, float]]) -> dict[str, float]:
        loss, hits = np.mean(recent, axis=0)
        return {"loss": float(loss), "hits": float(hits)}


def info_nce(one: Tensor, other: Tensor, temperature: float) -> tuple[Tensor, float]:
    """The symmetric InfoNCE loss of two sides of pairs, in nats, and how many of `other` find theirs first."""
    logits = other @ one.T / temperature
    own = torch.arange(len(logits))
    loss = (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2
    return loss, float((logits.argmax(1) == own).float().mean())
