"""The base of a network alone: what has learnt from training works and from nothing else."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from contrafact.music import tokens as t
from contrafact.music.model import Network

_GIVEN = 2  # of the tokens after the first: the metre and the first bar line are not predicted


class Base(nn.Module):
    """The base of `network`, with the parameters that its predictions depend on; those of the expert are left out."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        for parameter in self.learnt:
            parameter.requires_grad_(True)

    @property
    def learnt(self) -> list[nn.Parameter]:
        """The parameters of trunk and base, in a fixed order."""
        return [p for name, p in self.network.named_parameters() if not name.startswith("expert.")]

    def forward(self, examples: Tensor) -> Tensor:
        """Mean negative log likelihood of each example in nats a predicted token: (4, n, length) → (n,)."""
        states = self.network.trunk(self.network.embed(*examples[:, :, :-1]))
        wanted = examples[0, :, 1:]
        logits = self.network.base_logits(states)
        nll = F.cross_entropy(logits.flatten(0, 1), wanted.flatten(), reduction="none").view_as(wanted)
        counted = (wanted != t.PAD).to(nll.dtype)
        counted[:, :_GIVEN] = 0
        return (nll * counted).sum(1) / counted.sum(1)
