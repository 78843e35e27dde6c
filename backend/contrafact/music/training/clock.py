"""Training by the clock: as many steps as fit in the minutes given, resumable at any time."""

from __future__ import annotations

import json
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch


class ClockedRun(ABC):
    """One training run in a folder: `state.pt` to resume from, `log.jsonl` of losses over time.

    What it is made of: a `network`, `average` (the network whose weights are averaged over the steps, and kept), their
    `optimiser`, and a `recipe` that says for how many `minutes` (and `steps`, if not None) it goes on.
    """

    counts: ClassVar[tuple[str, ...]] = ("step", "seconds")
    """What grows as it goes on."""
    network: Any
    average: Any
    optimiser: torch.optim.Optimizer
    recipe: Any
    folder: Path

    def begin(self) -> None:
        """From the start, or where the folder's state says that it was."""
        self.step, self.seconds = 0, 0.0
        self.history: list[dict[str, Any]] = []
        self.folder.mkdir(parents=True, exist_ok=True)
        if (self.folder / "state.pt").exists():
            self._resume()

    @property
    def finished(self) -> bool:
        enough = self.recipe.steps is not None and self.step >= self.recipe.steps
        return bool(enough or self.seconds >= self.recipe.minutes * 60)

    def train(self, evaluate: Callable[[Any], dict[str, float]]) -> None:
        """Goes on until the time is up. `evaluate` gives named figures of the averaged network."""
        saved = evaluated = self.seconds
        recent: list[tuple[float, float]] = []
        while not self.finished:
            began = time.monotonic()
            recent.append(self._one_step())
            self.seconds += time.monotonic() - began
            if self.seconds - evaluated >= self.recipe.evaluate_every or self.finished:
                self._note({**self._figures(recent), **evaluate(self.average)})
                recent, evaluated = [], self.seconds
            if self.seconds - saved >= self.recipe.checkpoint_every or self.finished:
                self.save()
                saved = self.seconds

    @abstractmethod
    def _one_step(self) -> tuple[float, float]:
        """Learns from the next batch; two figures of how that went."""

    @abstractmethod
    def _figures(self, recent: list[tuple[float, float]]) -> dict[str, float]:
        """Those of some steps, by their names."""

    def _learning_rate(self) -> float:
        done = self.seconds / (self.recipe.minutes * 60)
        if self.recipe.steps is not None:
            done = max(done, self.step / self.recipe.steps)
        cosine = 0.5 * (1 + np.cos(np.pi * min(1.0, done)))
        return float(self.recipe.learning_rate * min(1.0, (self.step + 1) / self.recipe.warm_up) * cosine)

    def _take_average(self) -> None:
        decay = min(self.recipe.average, (1 + self.step) / (10 + self.step))
        for averaged, current in zip(self.average.parameters(), self.network.parameters(), strict=True):
            averaged.lerp_(current, 1 - decay)

    def _note(self, figures: dict[str, float]) -> None:
        counted = {name: getattr(self, name) for name in self.counts}
        entry = {**counted, "seconds": round(self.seconds, 1), **{name: round(one, 4) for name, one in figures.items()}}
        self.history.append(entry)
        with (self.folder / "log.jsonl").open("a") as log:
            log.write(json.dumps(entry) + "\n")
        print(json.dumps(entry), flush=True)

    def save(self) -> None:
        """Writes the state beside the old one and swaps them, so that a kill leaves one of them whole."""
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "progress": [getattr(self, name) for name in self.counts],
            "history": self.history,
            "recipe": {**asdict(self.recipe), "config": self.network.config.to_dict()},
        }
        torch.save(state, self.folder / "state.tmp")
        os.replace(self.folder / "state.tmp", self.folder / "state.pt")

    def _resume(self) -> None:
        state = torch.load(self.folder / "state.pt", weights_only=True)
        for part in ("network", "average", "optimiser"):
            getattr(self, part).load_state_dict(state[part])
        for name, value in zip(self.counts, state["progress"], strict=True):
            setattr(self, name, value)
        self.history = state["history"]
