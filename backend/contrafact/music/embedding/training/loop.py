"""Contrastive training by the clock, resumable at any time: batches are functions of the seed and the step."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from contrafact.music.embedding.encoder import Encoder, EncoderConfig
from contrafact.music.embedding.training.pairs import Corpus


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


class Run:
    """One training run in a folder: `state.pt` to resume from, `log.jsonl` of losses over time."""

    def __init__(self, corpus: Corpus, config: EncoderConfig, recipe: Recipe, folder: Path) -> None:
        self.corpus, self.recipe, self.folder = corpus, recipe, folder
        torch.manual_seed(recipe.seed)
        self.network = Encoder(config)
        self.average = deepcopy(self.network).eval().requires_grad_(False)
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay, fused=True
        )
        self.step, self.seconds = 0, 0.0
        self.history: list[dict[str, Any]] = []
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "state.pt").exists():
            self._resume()

    @property
    def finished(self) -> bool:
        enough = self.recipe.steps is not None and self.step >= self.recipe.steps
        return enough or self.seconds >= self.recipe.minutes * 60

    def train(self, evaluate: Callable[[Encoder], dict[str, float]]) -> None:
        """Go on until the time is up. `evaluate` gives named figures of the averaged network."""
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
            decay = min(self.recipe.average, (1 + self.step) / (10 + self.step))
            for averaged, current in zip(self.average.parameters(), self.network.parameters(), strict=True):
                averaged.lerp_(current, 1 - decay)
            for kept, counted in zip(self.average.buffers(), self.network.buffers(), strict=True):
                kept.copy_(counted)
        self.step += 1
        return float(loss.detach()), hits

    @property
    def _freedom(self) -> float:
        recipe = self.recipe
        return float(np.clip((self.step - recipe.easy) / max(recipe.curriculum - recipe.easy, 1), 0, 1))

    def _learning_rate(self) -> float:
        done = self.seconds / (self.recipe.minutes * 60)
        if self.recipe.steps is not None:
            done = max(done, self.step / self.recipe.steps)
        cosine = 0.5 * (1 + np.cos(np.pi * min(1.0, done)))
        return float(self.recipe.learning_rate * min(1.0, (self.step + 1) / self.recipe.warm_up) * cosine)

    def _note(self, recent: list[tuple[float, float]], measured: dict[str, float]) -> None:
        loss, hits = np.mean(recent, axis=0)
        entry = {
            "step": self.step,
            "seconds": round(self.seconds, 1),
            "loss": round(float(loss), 4),
            "hits": round(float(hits), 4),
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
            "progress": [self.step, self.seconds],
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
        self.step, self.seconds = state["progress"]
        self.history = state["history"]


def info_nce(one: Tensor, other: Tensor, temperature: float) -> tuple[Tensor, float]:
    """The symmetric InfoNCE loss of two sides of pairs, in nats, and how many of `other` find theirs first."""
    logits = other @ one.T / temperature
    own = torch.arange(len(logits))
    loss = (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2
    return loss, float((logits.argmax(1) == own).float().mean())
