"""Gradients of a base's loss, one for each example, and their sketches."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from contrafact.music.influence.base import Base
from contrafact.music.model import stacked
from contrafact.music.tokens import Sequenced


def gradient(base: Base, examples: Sequence[Sequenced]) -> Tensor:
    """The gradient, by the learnt parameters, of the mean of the examples' losses: (parameters,)."""
    learnt = base.learnt
    parts = torch.autograd.grad(base(stacked(examples)).mean(), learnt, allow_unused=True)
    filled = [torch.zeros_like(p) if part is None else part for part, p in zip(parts, learnt, strict=True)]
    return torch.cat([part.flatten() for part in filled])


def gradients(base: Base, examples: Sequence[Sequenced]) -> Tensor:
    """The gradient of each example's loss: (examples, parameters)."""
    return torch.stack([gradient(base, [example]) for example in examples])


class Sketch:
    """A count sketch (Charikar, Chen and Farach-Colton 2002): every entry is added, with a random sign, to one place.

    Products of sketches are those of the vectors in expectation. The seed decides places and signs.
    """

    def __init__(self, length: int, size: int, seed: int = 0) -> None:
        generator = torch.Generator().manual_seed(seed)
        self.size = size
        self._place = torch.randint(size, (length,), generator=generator)
        self._sign = torch.randint(2, (length,), generator=generator).float() * 2 - 1

    def __call__(self, vector: Tensor) -> Tensor:
        """(length,) → (size,)"""
        return torch.zeros(self.size).index_add_(0, self._place, vector.float() * self._sign)


def signs(rows: Tensor) -> Tensor:
    """Each row's signs, at the row's length: what is kept of the features of training works, a bit for each number."""
    scale = rows.norm(dim=1, keepdim=True) / rows.shape[1] ** 0.5
    return torch.where(rows >= 0, scale, -scale)
