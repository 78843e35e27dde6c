"""Batches of examples, padded, and the loss on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from contrafact.music import tokens as t
from contrafact.music.model import ExpertOutput, Network, stacked
from contrafact.music.training.examples import Example

SOURCE_DROPOUT = 0.12  # of the places of a source
BLANK_SOURCE = 0.03  # of the sources: nothing of them can be seen
_LEAST = 1e-6  # keeps the logarithm of what is not copied finite
_GIVEN = 3  # mode, metre and the first bar line are not predicted


@dataclass(frozen=True, slots=True)
class Batch:
    """`targets` and `sources` stack tokens, ticks, bars and left of sequences: (4, sequences, len).

    Every source is explained to one target, `target_of[source]`: a pair.
    """

    targets: Tensor
    sources: Tensor
    target_of: Tensor
    expert_mask: Tensor  # (sources, len - 1): the tokens of the target that the source explains
    base_mask: Tensor  # (targets, len - 1): the tokens that train the base


@dataclass(frozen=True, slots=True)
class Losses:
    """Sums over `expert_tokens` and `base_tokens` in nats."""

    expert: Tensor
    base: Tensor
    expert_tokens: Tensor
    base_tokens: Tensor


def collate(examples: Sequence[Example]) -> Batch:
    targets = stacked([e.target for e in examples])
    length = targets.shape[-1]
    pairs = [(i, k) for i, e in enumerate(examples) for k in range(len(e.sources))]
    expert_mask = np.zeros((len(pairs), length - 1), dtype=bool)
    base_mask = np.zeros((len(examples), length - 1), dtype=bool)
    for p, (i, k) in enumerate(pairs):
        example = examples[i]
        size = len(example.target)
        expert_mask[p, _GIVEN - 1 : size - 1] = (example.owner == k)[_GIVEN:]
        base_mask[i, _GIVEN - 1 : size - 1] = not example.is_medley
    return Batch(
        targets=targets,
        sources=stacked([s for e in examples for s in e.sources]),
        target_of=torch.tensor([i for i, _ in pairs]),
        expert_mask=torch.from_numpy(expert_mask),
        base_mask=torch.from_numpy(base_mask),
    )


def losses(network: Network, batch: Batch) -> Losses:
    """Negative log likelihood of the targets, by the experts of their sources and by the base.

    The trunk learns from the targets only: what it makes of a source is taken as it is, which halves the
    cost of a step.
    """
    states = network.trunk(network.embed(*batch.targets[:, :, :-1]))
    wanted = batch.targets[0, :, 1:]
    base_logits = network.base_logits(states).float()
    base = F.cross_entropy(base_logits.flatten(0, 1), wanted.flatten(), reduction="none").view_as(wanted)
    with torch.no_grad():
        sources = network.trunk(network.embed(*batch.sources[:, :, :-1]))
    tokens = batch.sources[0]
    memory = network.expert.remember(sources, tokens, _source_mask(tokens[:, 1:], network.training))
    windows = network.expert.recent.windows(batch.targets[0, :, :-1])
    output = network.consult(states[batch.target_of], windows[batch.target_of], memory)
    expert = -_log_likelihood(output, memory.following, wanted[batch.target_of])
    return Losses(
        expert=(expert * batch.expert_mask).sum(),
        base=(base * batch.base_mask).sum(),
        expert_tokens=batch.expert_mask.sum(),
        base_tokens=batch.base_mask.sum(),
    )


def _source_mask(following: Tensor, training: bool) -> Tensor:
    hidden = following == t.PAD
    if training:
        hidden = hidden | (torch.rand(following.shape) < SOURCE_DROPOUT)
        hidden = hidden | (torch.rand(len(following), 1) < BLANK_SOURCE)
    hidden = torch.cat((torch.zeros(len(following), 1, dtype=torch.bool), hidden), dim=1)
    return torch.zeros(hidden.shape).masked_fill(hidden, -1e9)


def _log_likelihood(output: ExpertOutput, following: Tensor, wanted: Tensor) -> Tensor:
    chosen = -F.cross_entropy(output.logits.float().flatten(0, 1), wanted.flatten(), reduction="none")
    same = following[:, None, :] == wanted[:, :, None]
    copied = torch.log((output.pointer.float() * same).sum(-1) + _LEAST)
    copy = output.copy.float()
    return torch.logaddexp(F.logsigmoid(-copy) + chosen.view_as(wanted), F.logsigmoid(copy) + copied)
