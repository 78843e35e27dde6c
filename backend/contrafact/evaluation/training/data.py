"""What retraining found, as it comes with the package: losses of every model, scores of every estimator."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from contrafact.errors import NotFound
from contrafact.evaluation.statistics import Floats
from contrafact.evaluation.training.ground_truth import Losses
from contrafact.evaluation.training.runs import Run

FOLDER = Path(__file__).parent / "data"
UNSEEN, GENERATED = "unseen tunes", "generated pieces"


@dataclass(frozen=True)
class Data:
    """`kinds` has the kind of each query; the training works follow them as queries for themselves.

    `scores` are (queries, works) by estimator, `own` (works, works) the same for the works themselves.
    """

    setting: Mapping[str, Any]
    titles: tuple[str, ...]
    catalogues: tuple[int, ...]
    kinds: tuple[str, ...]
    losses: Losses
    scores: Mapping[str, Floats]
    own: Mapping[str, Floats]

    @property
    def of_queries(self) -> Losses:
        """The losses of the queries alone, without those of the training works."""
        return Losses(self.losses.runs, self.losses.values[:, : len(self.kinds)])


def save(data: Data, folder: Path = FOLDER) -> None:
    """Writes `setting.json` and `measured.safetensors`; scores are kept to three digits."""
    folder.mkdir(parents=True, exist_ok=True)
    runs = [[run.kind, run.index, run.seed] for run in data.losses.runs]
    names = {"titles": data.titles, "catalogues": data.catalogues, "kinds": data.kinds, "runs": runs}
    listed = {"scores": list(data.scores), "own": list(data.own)}
    stated = {"setting": data.setting, **names, **listed}
    (folder / "setting.json").write_text(json.dumps(stated, ensure_ascii=False, indent=None) + "\n")
    arrays: dict[str, Any] = {"losses": data.losses.values}
    for kind in listed:
        arrays |= {f"{kind} {name}": _scaled(table) for name, table in getattr(data, kind).items()}
    (folder / "measured.safetensors").write_bytes(save_arrays(arrays))


def load(folder: Path = FOLDER) -> Data:
    """The inverse of `save`. Raises NotFound where the files are missing."""
    file = folder / "measured.safetensors"
    if not file.exists():
        text = f"There is no ground truth in {folder}."
        raise NotFound(text, "Make it with scripts/retrain, or restore the package.")
    stated, arrays = json.loads((folder / "setting.json").read_text()), load_arrays(file.read_bytes())
    tables = {
        kind: {name: arrays[f"{kind} {name}"].astype(np.float64) for name in stated[kind]} for kind in ("scores", "own")
    }
    return Data(
        setting=stated["setting"],
        titles=tuple(stated["titles"]),
        catalogues=tuple(stated["catalogues"]),
        kinds=tuple(stated["kinds"]),
        losses=Losses(tuple(Run(*run) for run in stated["runs"]), arrays["losses"]),
        scores=tables["scores"],
        own=tables["own"],
    )


def _scaled(table: Floats) -> np.ndarray[Any, np.dtype[np.float16]]:
    spread = float(table.std()) or 1.0
    return (table / spread).astype(np.float16)
