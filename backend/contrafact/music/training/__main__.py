"""`scripts/train`: train the model on the pack's training works, or go on with a run that was stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import torch
import typer

from contrafact.music.checkpoint import RELEASED
from contrafact.music.layers import ModelConfig
from contrafact.music.training.loop import Recipe
from contrafact.music.training.release import train_and_export


def main(
    minutes: Annotated[float, typer.Option(help="Wall-clock budget, counted over all resumptions.")] = 50.0,
    seed: int = 1,
    folder: Annotated[Path, typer.Option(help="State and log; a run found here is resumed.")] = Path(
        "training-runs/contrafact-2"
    ),
    out: Annotated[Path, typer.Option(help="The weights file to write at every evaluation.")] = RELEASED,
    threads: int = 1,
    checkpoint_every: Annotated[float, typer.Option(help="Seconds between two states to resume from.")] = 60.0,
    steps: Annotated[int | None, typer.Option(help="Stop after so many steps.")] = None,
    tunes: Annotated[int | None, typer.Option(help="Train on the first so many tunes only.")] = None,
    small: Annotated[bool, typer.Option(help="A tiny network, to try the machinery.")] = False,
) -> None:
    torch.set_num_threads(threads)
    config = ModelConfig(width=32, heads=2, layers=1, hidden=32, expert_layers=1) if small else ModelConfig()
    recipe = Recipe(minutes=minutes, seed=seed, steps=steps, checkpoint_every=checkpoint_every)
    train_and_export(config, recipe, folder, out, tunes)


if __name__ == "__main__":
    typer.run(main)
