"""Pairs for contrastive learning: of each tune an excerpt as works are indexed, and one as somebody may play it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from contrafact.music.embedding.training.palette import Palette, Powers
from contrafact.music.embedding.training.views import Tune, some_manner, view
from contrafact.music.embedding.windows import FRAME_S, WINDOW

_ELSEWHERE = 0.15  # of the pairs are two excerpts that may have nothing in common but the tune
_APART_S = 5.0
_SHORTER = (120, 160, 200, 240)  # frames of what is played


@dataclass(frozen=True)
class Corpus:
    """The tunes of training by family: a batch has one tune of each of so many families, so that none is its own
    counterexample."""

    palette: Palette
    families: Sequence[Sequence[Tune]]

    @classmethod
    def of(cls, palette: Palette, tunes: Sequence[Tune]) -> Corpus:
        together: dict[str, list[Tune]] = {}
        for tune in tunes:
            together.setdefault(tune.family, []).append(tune)
        return cls(palette, list(together.values()))

    def batch(self, size: int, seed: int, step: int, freedom: float = 1.0) -> tuple[Tensor, Tensor]:
        """Band powers of both sides, shape (size, frames, BANDS) each; the same for the same seed and step."""
        rng = np.random.default_rng((seed, step))
        weights = np.sqrt([len(family) for family in self.families])
        size = min(size, len(self.families))
        chosen = rng.choice(len(self.families), size, replace=False, p=weights / weights.sum())
        tunes = [self.families[i][int(rng.integers(len(self.families[i])))] for i in chosen]
        frames = int(rng.choice(_SHORTER))
        pairs = [pair(self.palette, tune, frames, rng, freedom) for tune in tunes]
        left, right = zip(*pairs, strict=True)
        return torch.from_numpy(np.stack(left)), torch.from_numpy(np.stack(right))


def pair(
    palette: Palette, tune: Tune, frames: int, rng: np.random.Generator, freedom: float = 1.0
) -> tuple[Powers, Powers]:
    """An excerpt of a window's length at the tune's tempo, and one of `frames` frames in any manner.

    With less `freedom` they lie nearer to each other, in manner and in time.
    """
    latest = max(0.0, tune.seconds - WINDOW * FRAME_S)
    start = rng.uniform(0, latest)
    elsewhere = rng.random() < _ELSEWHERE * freedom
    other = rng.uniform(0, latest) if elsewhere else start + rng.uniform(-1, 1) * _APART_S * freedom
    other = float(np.clip(other, -1.0, max(0.0, tune.seconds - frames * FRAME_S / 2)))
    near = FRAME_S * 2 ** (rng.uniform(-0.04, 0.04) * freedom)
    indexed = replace(some_manner(rng, freedom), tempo=1.0, frame_s=near)
    one = view(palette, tune, indexed, start, WINDOW, rng)
    return one, view(palette, tune, some_manner(rng, freedom), other, frames, rng)
