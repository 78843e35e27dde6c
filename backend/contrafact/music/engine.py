"""The network at generation time: float64, one token after another, with cached keys and values.

The trunk state of a piece is computed once a token, whatever the number of sources; the experts of all
sources read it together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from contrafact.music import tokens as t
from contrafact.music.expert_step import ExpertStep
from contrafact.music.layers import FeedForward, SelfAttention, rotation
from contrafact.music.model import Network, SourceMemory

_WINDOWS = 4  # of tokens that a buffer has room for
_BLOCK = 1024  # places that rotations are made for at a time

Floats = NDArray[np.float64]


class Engine:
    """A piece in the making, and the sources that its experts read.

    To draw, only the base and the expert that writes are asked, place by place; what the other experts make of the
    same places is asked for once a bar, all together.
    """

    def __init__(self, network: Network, sources: Sequence[t.Sequenced]) -> None:
        self._network = network
        with torch.inference_mode():
            self._trunk = _Trunk(network)
            self._state = torch.zeros(1, network.config.width, dtype=torch.float64)
            self._recent = torch.full((1, network.config.recent), t.PAD)
            memories = [_remember(network, source) for source in sources]
            self._experts = [ExpertStep(network, memory) for memory in memories]
            self._circle = _stack([*memories, *memories[:-1]]) if sources else None
        self._asked: list[_Place] = []

    def append(self, token: int, tick: int, bar: int, left: int) -> None:
        """Let the piece go on with a token, at the place that `tokens.sequence` would give it."""
        with torch.inference_mode():
            self._state = self._trunk.step(token, tick, bar, left)
            self._recent = self._recent.roll(-1, 1)
            self._recent[0, -1] = token

    def of_writer(self, component: int) -> Floats:
        """Probabilities of the next token by the base, and by the component unless it is the base: (1 or 2, V)."""
        with torch.inference_mode():
            found = F.linear(self._state, self._network.token.weight).softmax(dim=-1)
            if component > 0:
                own = self._experts[component - 1].probabilities(self._state, self._recent)
                found = torch.cat((found, own))
            self._asked.append(_Place(self._state, self._recent, found))
            return cast(Floats, found.numpy())

    def of_everyone(self, writer: int) -> Floats:
        """Probabilities at the places where `of_writer(writer)` was asked since last time: (1 + sources, places, V)."""
        known = torch.stack([place.found for place in self._asked], dim=1)
        states, recent = (torch.cat([getattr(p, name) for p in self._asked]) for name in ("state", "recent"))
        self._asked = []
        count = len(self._experts)
        others = [1 + (writer + i) % count for i in range(count - (writer > 0))]
        everyone = known.new_empty(1 + count, *known.shape[1:])
        everyone[[0, writer] if writer else [0]] = known
        if others and self._circle is not None:
            with torch.inference_mode():
                everyone[others] = self._all_experts(states, recent, _part(self._circle, writer, len(others)))
        return cast(Floats, everyone.numpy())

    def _all_experts(self, states: Tensor, recent: Tensor, memory: SourceMemory) -> Tensor:
        """(sources, places, V) by the experts of some sources, from states (places, width) and the tokens before."""
        output = self._network.consult(states[None], recent[None], memory)  # broadcast over the sources
        own = output.logits.softmax(dim=-1)
        following = memory.following[:, None].expand_as(output.pointer)
        copied = torch.zeros_like(own).scatter_add_(2, following, output.pointer)
        return torch.lerp(own, copied, torch.sigmoid(output.copy)[..., None])


@dataclass(frozen=True, slots=True)
class _Place:
    """A place where a token was drawn: trunk state, tokens before it, and what base and writer made of it."""

    state: Tensor
    recent: Tensor
    found: Tensor


class _Trunk:
    """The trunk for one new token at a time: the modules of `Network`, without their overhead.

    Keys and values live in buffers with room for several windows; a full buffer keeps its last window.
    """

    def __init__(self, network: Network) -> None:
        config = network.config
        self._network, self._window, self._shape = network, config.window, (3, config.heads, -1)
        size = config.width // config.heads
        self._room = _WINDOWS * config.window
        self._kept = torch.empty(config.layers, 2, config.heads, self._room, size, dtype=torch.float64)
        self._end = 0
        self._place = 0
        self._scale = size**-0.5
        self._layers = [
            _Layer(cast(SelfAttention, a), cast(FeedForward, f), keys, values)
            for a, f, (keys, values) in zip(network.attention, network.feed, self._kept, strict=True)
        ]

    def step(self, token: int, tick: int, bar: int, left: int) -> Tensor:
        """The state (1, width) after one more token."""
        network = self._network
        x = network.token.weight[token] + network.tick.weight[tick]
        x = (x + network.bar.weight[bar] + network.left.weight[left])[None]
        cos, sin = self._turn()
        at = self._make_room()
        for layer in self._layers:
            x = self._layer(x, layer, cos, sin, at)
        return F.layer_norm(x, x.shape[1:], network.norm.weight, eps=network.norm.eps)

    def _layer(self, x: Tensor, layer: _Layer, cos: Tensor, sin: Tensor, at: int) -> Tensor:
        y = F.layer_norm(x, x.shape[1:], layer.norm, eps=layer.eps)
        qkv = F.linear(y, layer.qkv).view(self._shape)
        qk = qkv[:2]
        qk = torch.addcmul(qk * cos, qk.roll(qk.shape[-1] // 2, -1), sin)
        layer.keys[:, at], layer.values[:, at] = qk[1], qkv[2]
        seen = slice(max(0, at + 1 - self._window), at + 1)
        scores = torch.bmm((qk[0] * self._scale)[:, None], layer.keys[:, seen].transpose(1, 2))
        y = torch.bmm(scores.softmax(dim=-1), layer.values[:, seen])
        x = x + F.linear(y.view(1, -1), layer.out)
        y = F.layer_norm(x, x.shape[1:], layer.feed_norm, eps=layer.eps)
        gate, value = F.linear(y, layer.up).chunk(2, dim=-1)
        return x + F.linear(F.silu(gate) * value, layer.down)

    def _turn(self) -> tuple[Tensor, Tensor]:
        """Cosine and signed sine for both halves of a head, from a table made a block of places at a time."""
        row = self._place % _BLOCK
        if row == 0:
            cos, sin = rotation(torch.arange(self._place, self._place + _BLOCK), self._kept.shape[-1])
            self._cos, self._sin = torch.cat((cos, cos), -1), torch.cat((-sin, sin), -1)
        self._place += 1
        return self._cos[row], self._sin[row]

    def _make_room(self) -> int:
        if self._end == self._room:
            self._kept[:, :, :, : self._window] = self._kept[:, :, :, -self._window :].clone()
            self._end = self._window
        self._end += 1
        return self._end - 1


class _Layer:
    """The parameters of one layer, and its part of the buffers."""

    def __init__(self, attention: SelfAttention, feed: FeedForward, keys: Tensor, values: Tensor) -> None:
        self.norm, self.qkv, self.out = attention.norm.weight, attention.qkv.weight, attention.out.weight
        self.feed_norm, self.up, self.down = feed.norm.weight, feed.up.weight, feed.down.weight
        self.eps = attention.norm.eps
        self.keys, self.values = keys, values


def _remember(network: Network, source: t.Sequenced) -> SourceMemory:
    """The memory of one source, a batch of one."""
    places = [torch.from_numpy(x)[None] for x in (source.tokens, source.ticks, source.bars, source.left)]
    states = network.trunk(network.embed(*(x[:, :-1] for x in places)))
    return network.expert.remember(states, places[0])


def _stack(memories: Sequence[SourceMemory]) -> SourceMemory:
    """Memories of different lengths as one batch: padded, and the padding masked away."""
    longest = max(memory.following.shape[1] for memory in memories)
    mask = torch.zeros(len(memories), 1 + longest, dtype=torch.float64)
    for row, memory in zip(mask, memories, strict=True):
        row[1 + memory.following.shape[1] :] = -torch.inf
    layers = [
        tuple(torch.cat([_pad(m.layers[i][side], longest + 1) for m in memories]) for side in (0, 1))
        for i in range(len(memories[0].layers))
    ]
    return SourceMemory(
        cast(tuple[tuple[Tensor, Tensor], ...], tuple(layers)),
        torch.cat([_pad(m.pointer_keys, longest) for m in memories]),
        torch.cat([_pad(m.following[..., None], longest)[..., 0] for m in memories]),
        mask,
    )


def _part(memory: SourceMemory, first: int, count: int) -> SourceMemory:
    """`count` sources of a stack from `first` on. The stack is a circle, so that these may be all but one of them."""
    part = slice(first, first + count)
    layers = tuple((keys[part], values[part]) for keys, values in memory.layers)
    mask = None if memory.mask is None else memory.mask[part]
    return SourceMemory(layers, memory.pointer_keys[part], memory.following[part], mask)


def _pad(x: Tensor, length: int) -> Tensor:
    """Zeros up to `length` along the last but one dimension."""
    return torch.nn.functional.pad(x, (0, 0, 0, length - x.shape[-2]))
