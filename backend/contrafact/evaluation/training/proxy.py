"""The proxy: the released model's trunk and base in small, trained again and again on parts of a corpus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from contrafact.music.influence.base import Base
from contrafact.music.layers import ModelConfig
from contrafact.music.model import Network

_WARM_UP = 10  # steps
_EVALUATED = 64  # examples at once


@dataclass(frozen=True)
class Recipe:
    """How a proxy is trained. Steps are the same however many works there are, as they are for a fixed budget."""

    config: ModelConfig = field(
        default_factory=lambda: ModelConfig(width=64, layers=2, hidden=128, expert_layers=0, dropout=0.0)
    )
    steps: int = 400
    batch: int = 8
    learning_rate: float = 3e-3
    average: float = 0.97  # decay of the averaged weights, which are the ones kept


def train_proxy(
    examples: Tensor,
    members: Sequence[int],
    seed: int,
    recipe: Recipe,
    on_step: Callable[[int, Base], None] = lambda done, base: None,
) -> Base:
    """A proxy that has learnt from the examples numbered `members`, of (4, n, length), and from no other.

    The seed decides the first weights and the order of the examples. `on_step` sees the weights after every step,
    before they are averaged.
    """
    torch.manual_seed(seed)
    base = Base(Network(recipe.config)).train()
    learnt = base.learnt
    averaged = [p.detach().clone() for p in learnt]
    optimiser = torch.optim.AdamW(learnt, lr=recipe.learning_rate, betas=(0.9, 0.95), weight_decay=0.0, fused=True)
    for step, chosen in enumerate(_batches(np.asarray(members), seed, recipe)):
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(step, recipe)
        optimiser.zero_grad(set_to_none=True)
        base(examples[:, chosen]).mean().backward()
        optimiser.step()
        with torch.no_grad():
            for mean, now in zip(averaged, learnt, strict=True):
                mean.lerp_(now, 1 - recipe.average)
        on_step(step + 1, base)
    with torch.no_grad():
        for mean, now in zip(averaged, learnt, strict=True):
            now.copy_(mean)
    return base.eval()


def losses(base: Base, examples: Tensor) -> NDArray[np.float32]:
    """Mean negative log likelihood of each example, in nats a token."""
    with torch.inference_mode():
        parts = [base(part) for part in torch.split(examples, _EVALUATED, dim=1)]
    found: NDArray[np.float32] = torch.cat(parts).numpy().astype(np.float32)
    return found


def _batches(members: NDArray[np.int64], seed: int, recipe: Recipe) -> list[NDArray[np.int64]]:
    """Every example once a round, in the order that the seed gives; a batch may reach into the next round."""
    rng, needed = np.random.default_rng(seed), recipe.steps * recipe.batch
    rounds = [rng.permutation(members) for _ in range(-(-needed // len(members)))]
    return list(np.concatenate(rounds)[:needed].reshape(recipe.steps, recipe.batch))


def learning_rate(step: int, recipe: Recipe) -> float:
    """A short warm-up, then half a cosine down to nothing."""
    cosine = 0.5 * (1 + np.cos(np.pi * step / recipe.steps))
    return float(recipe.learning_rate * min(1.0, (step + 1) / _WARM_UP) * cosine)
