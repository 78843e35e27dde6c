"""`scripts/retrain`: train the proxies of the ground truth, or go on where that was stopped; then the estimates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import torch
import typer

from contrafact.errors import InvalidInput
from contrafact.evaluation.statistics import Floats
from contrafact.evaluation.training.data import FOLDER, GENERATED, UNSEEN, Data, save
from contrafact.evaluation.training.estimates import MODELS, estimate
from contrafact.evaluation.training.ground_truth import Losses, retrain
from contrafact.evaluation.training.setting import Setting
from contrafact.music.influence.base import Base
from contrafact.music.model import Network

SELF = ("trak", "tracin", "gradient cosine", "embedding")


def main(
    folder: Annotated[Path, typer.Option(help="State of the study; what is found here is not done again.")] = Path(
        "training-runs/influence"
    ),
    out: Annotated[Path, typer.Option(help="Where losses and scores are written to in the end.")] = FOLDER,
    threads: int = 1,
) -> None:
    torch.set_num_threads(threads)
    setting = Setting()
    folder.mkdir(parents=True, exist_ok=True)
    _same_setting(setting, folder / "setting.json")
    losses = retrain(
        setting.plan,
        setting.recipe,
        setting.training_examples,
        setting.query_examples,
        setting.catalogues,
        folder / "losses.jsonl",
        lambda done, of: print(f"{done} of {of} models trained again", flush=True),
    )
    scores = estimate(setting, lambda done, of: print(f"{done} of {of} models for the estimates", flush=True))
    save(_data(setting, losses, scores), out)


def _data(setting: Setting, losses: Losses, scores: Mapping[str, Floats]) -> Data:
    """Of the works' scores for themselves, only those of the main estimators are kept: they are the largest part."""
    kinds = [UNSEEN] * len(setting.unseen_tunes) + [GENERATED] * setting.generated
    return Data(
        setting={**setting.to_dict(), "parameters": _size(setting), "estimate_models": MODELS},
        titles=tuple(f"{tune.id} {tune.title}" for tune in setting.training),
        catalogues=tuple(setting.catalogues),
        kinds=tuple(kinds),
        losses=losses,
        scores={name: table[: len(kinds)] for name, table in scores.items()},
        own={name: scores[name][len(kinds) :] for name in SELF},
    )


def _size(setting: Setting) -> int:
    return sum(parameter.numel() for parameter in Base(Network(setting.recipe.config)).learnt)


def _same_setting(setting: Setting, file: Path) -> None:
    stated = json.dumps(setting.to_dict(), indent=1) + "\n"
    if file.exists() and file.read_text() != stated:
        raise InvalidInput(f"{file.parent} holds a study of another setting.", "Name another folder with --folder.")
    file.write_text(stated)


if __name__ == "__main__":
    typer.run(main)
