"""The ground truth: what every retrained model makes of every query. Resumable, a line of JSON for each model."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from contrafact.evaluation.training.proxy import Recipe, losses, train_proxy
from contrafact.evaluation.training.runs import Plan, Run


@dataclass(frozen=True)
class Losses:
    """Losses (runs, queries) in nats a token, and the runs that they are of."""

    runs: tuple[Run, ...]
    values: NDArray[np.float32]

    def mean(self, kind: str, index: int) -> NDArray[np.float32]:
        """The mean over the seeds of one subset, catalogue or work: (queries,). Raises KeyError without any."""
        rows = [i for i, run in enumerate(self.runs) if (run.kind, run.index) == (kind, index)]
        if not rows:
            raise KeyError(f"{kind} {index}")
        found: NDArray[np.float32] = self.values[rows].mean(axis=0)
        return found

    def indices(self, kind: str) -> list[int]:
        """Which subsets, catalogues or works there are."""
        return sorted({run.index for run in self.runs if run.kind == kind})

    def seeds(self, kind: str) -> list[int]:
        return sorted({run.seed for run in self.runs if run.kind == kind})


def retrain(
    plan: Plan,
    recipe: Recipe,
    training: Tensor,
    queries: Tensor,
    catalogues: Sequence[int],
    file: Path,
    on_run: Callable[[int, int], None] = lambda done, of: None,
) -> Losses:
    """Trains whatever of the plan is not in `file` yet, and gives all of it."""
    runs, done = list(plan.runs(catalogues)), _read(file)
    for number, run in enumerate(runs, start=1):
        if run.id not in done:
            base = train_proxy(training, list(run.members(catalogues)), run.seed, recipe)
            done[run.id] = losses(base, queries).tolist()
            with file.open("a") as out:
                out.write(json.dumps({"run": run.id, "losses": done[run.id]}) + "\n")
        on_run(number, len(runs))
    return Losses(tuple(runs), np.array([done[run.id] for run in runs], dtype=np.float32))


def _read(file: Path) -> dict[str, list[float]]:
    """The runs in the file; a last line that was cut off by a kill is dropped, also from the file."""
    if not file.exists():
        return {}
    text = file.read_text()
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        file.write_text(whole)
    rows = map(json.loads, whole.splitlines())
    return {row["run"]: row["losses"] for row in rows}
