"""Makes the features of the released model's training works, which come with its weights."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import torch
import typer

from contrafact.music.checkpoint import RELEASED
from contrafact.music.influence.features import FEATURES, SIZE, measure
from contrafact.music.manifest import training_list


def main(
    weights: Path = RELEASED,
    out: Path = FEATURES,
    size: Annotated[int, typer.Option(help="Of a work's sketch.")] = SIZE,
    threads: int = 1,
) -> None:
    torch.set_num_threads(threads)
    measure(training_list(weights).tunes, weights, size, _told).save(out)


def _told(done: int, of: int) -> None:
    if done % 100 == 0 or done == of:
        print(f"{done} of {of} works", flush=True)


if __name__ == "__main__":
    typer.run(main)
