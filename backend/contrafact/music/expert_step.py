"""An expert for one new token at a time: the modules of `Expert`, without their overhead."""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor

from contrafact.music.layers import CrossAttention, FeedForward
from contrafact.music.model import Network, SourceMemory


class ExpertStep:
    """The expert of one remembered source, ready to be asked place by place."""

    def __init__(self, network: Network, memory: SourceMemory) -> None:
        expert, config = network.expert, network.config
        self._expert, self._embedding = expert, network.token.weight
        self._shape = (config.heads, 1, -1)
        self._scale = (config.width // config.heads) ** -0.5
        self._sharpness = expert.sharpness.exp()
        self._pointer_keys, self._following = memory.pointer_keys[0], memory.following[:1]
        self._layers = [
            (cast(CrossAttention, attention), cast(FeedForward, feed), keys[0].transpose(1, 2).contiguous(), values[0])
            for attention, feed, (keys, values) in zip(expert.attention, expert.feed, memory.layers, strict=True)
        ]

    def probabilities(self, state: Tensor, recent: Tensor) -> Tensor:
        """Of the next token (1, V), from a trunk state (1, width) and the tokens before it (1, count)."""
        expert = self._expert
        x = state + F.linear(expert.recent.token.weight[recent[0]].view(1, -1), expert.recent.mix.weight)
        x = F.layer_norm(x, x.shape[1:], expert.meet.weight, eps=expert.meet.eps)
        for attention, feed, keys, values in self._layers:
            x = self._layer(x, attention, feed, keys, values)
        x = F.layer_norm(x, x.shape[1:], expert.norm.weight, eps=expert.norm.eps)
        query = F.linear(x, expert.pointer_query.weight)
        query = query * (self._sharpness / query.norm().clamp(min=1e-12))
        pointer = F.linear(query, self._pointer_keys).softmax(dim=-1)
        own = F.linear(x, self._embedding).softmax(dim=-1)
        copied = torch.zeros_like(own).scatter_add_(1, self._following, pointer)
        copy = torch.sigmoid(F.linear(x, expert.copy.weight, expert.copy.bias))
        return torch.lerp(own, copied, copy)

    def _layer(self, x: Tensor, attention: CrossAttention, feed: FeedForward, keys: Tensor, values: Tensor) -> Tensor:
        y = F.layer_norm(x, x.shape[1:], attention.norm.weight, eps=attention.norm.eps)
        query = F.linear(y, attention.query.weight).view(self._shape)
        y = torch.bmm(torch.bmm(query * self._scale, keys).softmax(dim=-1), values)
        x = x + F.linear(y.view(1, -1), attention.out.weight)
        y = F.layer_norm(x, x.shape[1:], feed.norm.weight, eps=feed.norm.eps)
        gate, value = F.linear(y, feed.up.weight).chunk(2, dim=-1)
        return x + F.linear(F.silu(gate) * value, feed.down.weight)
