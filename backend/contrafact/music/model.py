"""The network: a trunk that sees only what has been generated, a base, and an expert per source.

The base `p0` is read off the trunk alone. The expert `p_s` of a source starts from the same trunk state and
attends to that source and to no other; it is mixed with a pointer that copies the token which followed a
similar place in the source. The network never mixes base and experts: that is done by the generator, in the
open, which is what makes attribution exact (docs/method-1.md).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from contrafact.music import tokens as t
from contrafact.music.layers import CrossAttention, FeedForward, ModelConfig, SelfAttention, drop, rotation


@dataclass(frozen=True, slots=True)
class SourceMemory:
    """All that an expert knows of its source. `following[j]` is the token after place j, the one to copy."""

    layers: tuple[tuple[Tensor, Tensor], ...]
    pointer_keys: Tensor  # (batch, len, pointer)
    following: Tensor  # (batch, len)
    mask: Tensor | None  # (batch, 1 + len), 0 or -inf; place 0 is `nothing`


@dataclass(frozen=True, slots=True)
class ExpertOutput:
    """An expert's distribution in parts: `(1 − c)·softmax(logits) + c·Σ_j pointer_j [token = following_j]`.

    `c` is the sigmoid of `copy`, which is kept as a logit because 1 − c is nothing to bf16 long before it is.
    """

    logits: Tensor  # (batch, len, vocabulary)
    copy: Tensor  # (batch, len)
    pointer: Tensor  # (batch, len, source len)


class Recent(nn.Module):
    """The last few tokens as they are, by which a place of a source is recognised."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.count = config.recent
        self.token = nn.Embedding(t.VOCABULARY, config.recent_width)
        self.mix = nn.Linear(config.recent * config.recent_width, config.width, bias=False)

    def windows(self, tokens: Tensor) -> Tensor:
        """The last tokens at each place: (batch, len) → (batch, len, count), `PAD` before the start."""
        return F.pad(tokens, (self.count - 1, 0), value=t.PAD).unfold(1, self.count, 1)

    def forward(self, windows: Tensor) -> Tensor:
        return cast(Tensor, self.mix(self.token(windows).flatten(-2)))


class Expert(nn.Module):
    """Reads a trunk state in the light of one source."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.next_token = nn.Embedding(t.VOCABULARY, config.width)
        self.recent = Recent(config)
        self.meet = nn.LayerNorm(config.width, bias=False)
        self.attention = nn.ModuleList(CrossAttention(config) for _ in range(config.expert_layers))
        self.feed = nn.ModuleList(FeedForward(config) for _ in range(config.expert_layers))
        self.norm = nn.LayerNorm(config.width, bias=False)
        self.pointer_query = nn.Linear(config.width, config.pointer, bias=False)
        self.pointer_key = nn.Linear(config.width, config.pointer, bias=False)
        self.copy = nn.Linear(config.width, 1)
        self.sharpness = nn.Parameter(torch.tensor(math.log(12.0)))

    def remember(self, states: Tensor, tokens: Tensor, mask: Tensor | None = None) -> SourceMemory:
        """Memory of a source of `len + 1` tokens from the trunk states of all but its last one."""
        following = tokens[:, 1:]
        states = self.meet(states + self.recent(self.recent.windows(tokens[:, :-1])))
        source = states + self.next_token(following)
        layers = tuple(cast(CrossAttention, layer).memory(source) for layer in self.attention)
        return SourceMemory(layers, F.normalize(self.pointer_key(states), dim=-1), following, mask)

    def forward(self, x: Tensor, windows: Tensor, memory: SourceMemory, embedding: Tensor) -> ExpertOutput:
        x = self.meet(x + self.recent(windows))
        cross = None if memory.mask is None else memory.mask[:, None, None, :]
        for attention, feed, kv in zip(self.attention, self.feed, memory.layers, strict=True):
            x = feed(attention(x, kv, cross))
        x = self.norm(x)
        # Unit vectors: without them keys were seen to grow until the pointer could not be moved any more.
        query = F.normalize(self.pointer_query(x), dim=-1) * self.sharpness.exp()
        scores = query @ memory.pointer_keys.transpose(-1, -2)
        if memory.mask is not None:
            scores = scores + memory.mask[:, None, 1:].to(scores.dtype)
        copy = self.copy(x).squeeze(-1)
        return ExpertOutput(x @ embedding.T.to(x.dtype), copy, scores.softmax(dim=-1))


class Network(nn.Module):
    """Trunk, base and expert; about 2.3 M parameters with the default sizes."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.token = nn.Embedding(t.VOCABULARY, config.width)
        self.tick = nn.Embedding(t.MAX_TICKS + 1, config.width)
        self.bar = nn.Embedding(t.PHRASE_BARS, config.width)
        self.left = nn.Embedding(t.MAX_BARS_LEFT + 1, config.width)
        self.attention = nn.ModuleList(SelfAttention(config) for _ in range(config.layers))
        self.feed = nn.ModuleList(FeedForward(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width, bias=False)
        self.expert = Expert(config)
        self.apply(_initialise)
        _look_for_the_same(self.expert)

    def embed(self, tokens: Tensor, ticks: Tensor, bars: Tensor, left: Tensor) -> Tensor:
        return cast(Tensor, self.token(tokens) + self.tick(ticks) + self.bar(bars) + self.left(left))

    def trunk(self, x: Tensor) -> Tensor:
        """States (batch, len, width) of embedded sequences that start at place 0."""
        length = x.shape[1]
        place = torch.arange(length)
        distance = place[:, None] - place
        unseen = (distance < 0) | (distance >= self.config.window)
        mask = torch.zeros(length, length, dtype=x.dtype).masked_fill(unseen, -torch.inf)
        turn = rotation(place, self.config.width // self.config.heads)
        x = drop(x, self.config.dropout, self.training)
        for attention, feed in zip(self.attention, self.feed, strict=True):
            x = feed(attention(x, turn, mask))
        return cast(Tensor, self.norm(x))

    def base_logits(self, states: Tensor) -> Tensor:
        return states @ self.token.weight.T.to(states.dtype)

    def consult(self, states: Tensor, windows: Tensor, memory: SourceMemory) -> ExpertOutput:
        """What the expert of a remembered source makes of trunk states and the last tokens before them."""
        return cast(ExpertOutput, self.expert(states, windows, memory, self.token.weight))


def stacked(sequences: Sequence[t.Sequenced]) -> Tensor:
    """Tokens, ticks, bars and left of all sequences, padded, as `Network.embed` takes them: (4, sequences, length)."""
    places = np.zeros((4, len(sequences), max(map(len, sequences))), dtype=np.int64)
    for i, one in enumerate(sequences):
        places[:, i, : len(one)] = (one.tokens, one.ticks, one.bars, one.left)
    return torch.from_numpy(places)


def _look_for_the_same(expert: Expert) -> None:
    """Begin with queries and keys alike, so that from the start an expert looks where its source is similar."""
    nn.init.normal_(expert.recent.token.weight)
    with torch.no_grad():
        expert.pointer_query.weight.copy_(expert.pointer_key.weight)
        for layer in expert.attention:
            attention = cast(CrossAttention, layer)
            attention.query.weight.copy_(attention.kv.weight[: len(attention.query.weight)])


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.05)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)
