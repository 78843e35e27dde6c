"""`scripts/train-encoder`: train the encoder on the pack's training works, or go on with a run that was stopped.

Then the catalogue is heard, and its index written beside the weights.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import torch
import typer

from contrafact.music.embedding.catalogue import kept_index
from contrafact.music.embedding.encoder import EncoderConfig
from contrafact.music.embedding.training.loop import Recipe
from contrafact.music.embedding.training.palette import Palette
from contrafact.music.embedding.training.release import train_and_export
from contrafact.music.embedding.weights import RELEASED, load_ear
from contrafact.music.pack import load_pack


def main(
    minutes: Annotated[float, typer.Option(help="Wall-clock budget, counted over all resumptions.")] = 25.0,
    seed: int = 1,
    folder: Annotated[Path, typer.Option(help="State and log; a run found here is resumed.")] = Path(
        "training-runs/ear-1"
    ),
    out: Annotated[Path, typer.Option(help="The weights file to write at every evaluation.")] = RELEASED,
    threads: int = 1,
    checkpoint_every: Annotated[float, typer.Option(help="Seconds between two states to resume from.")] = 60.0,
    steps: Annotated[int | None, typer.Option(help="Stop after so many steps.")] = None,
    tunes: Annotated[int | None, typer.Option(help="Train on the first so many tunes only.")] = None,
) -> None:
    torch.set_num_threads(threads)
    folder.mkdir(parents=True, exist_ok=True)
    palette = Palette.kept(folder / "palette.npy")
    recipe = Recipe(minutes=minutes, seed=seed, steps=steps, checkpoint_every=checkpoint_every)
    train_and_export(EncoderConfig(), recipe, folder, out, palette, tunes)
    kept_index(load_ear(out), load_pack().by_role("catalogue"), out.with_suffix(".index"))


if __name__ == "__main__":
    typer.run(main)
