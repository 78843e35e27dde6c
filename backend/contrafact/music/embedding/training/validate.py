"""How well versions are found while training goes on: validation tunes among themselves and some training tunes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from contrafact.music.embedding.encoder import Encoder
from contrafact.music.embedding.training.palette import Palette, Powers
from contrafact.music.embedding.training.views import PLAIN, Tune, some_manner, view
from contrafact.music.embedding.windows import FRAME_S, WINDOW

_BATCH = 64


@torch.inference_mode()
def retrieval(network: Encoder, palette: Palette, asked: Sequence[Tune], others: Sequence[Tune]) -> dict[str, float]:
    """Rank-1 and mean reciprocal rank of one excerpt of each tune asked for, in a manner of its own."""
    rng = np.random.default_rng(11)
    network.eval()
    windows, owners = _windows(palette, [*asked, *others], rng)
    known = _vectors(network, windows)
    excerpts = [view(palette, tune, some_manner(rng), _start(tune, rng), WINDOW, rng) for tune in asked]
    closeness = _vectors(network, excerpts) @ known.T
    best = np.full((len(asked), len(asked) + len(others)), -1.0, np.float32)
    for work in range(best.shape[1]):
        best[:, work] = closeness[:, owners == work].max(1)
    families = np.array([tune.family for tune in (*asked, *others)])
    own = best[np.arange(len(asked)), np.arange(len(asked))]
    rivals = np.where(families[None] == families[: len(asked), None], -1.0, best)
    ranks = 1 + (rivals >= own[:, None]).sum(1)
    return {"rank_1": float((ranks == 1).mean()), "mrr": float((1 / ranks).mean())}


def _windows(palette: Palette, tunes: Sequence[Tune], rng: np.random.Generator) -> tuple[list[Powers], np.ndarray]:
    """Half-overlapping windows of each tune as it is indexed, and whose they are."""
    places = [
        (i, start)
        for i, tune in enumerate(tunes)
        for start in np.arange(0, max(tune.seconds - WINDOW * FRAME_S / 2, 1), WINDOW * FRAME_S / 2)
    ]
    return [view(palette, tunes[i], PLAIN, start, WINDOW, rng) for i, start in places], np.array([i for i, _ in places])


def _start(tune: Tune, rng: np.random.Generator) -> float:
    return float(rng.uniform(0, max(0.0, tune.seconds - WINDOW * FRAME_S)))


def _vectors(network: Encoder, powers: Sequence[Powers]) -> np.ndarray:
    parts = [
        network(torch.from_numpy(np.stack(powers[at : at + _BATCH]))).numpy() for at in range(0, len(powers), _BATCH)
    ]
    return np.concatenate(parts)
