"""The layers that trunk and expert are made of, and their sizes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Sizes of the network; the defaults are those of the released weights."""

    width: int = 192
    heads: int = 4
    layers: int = 4
    hidden: int = 384
    expert_layers: int = 2
    pointer: int = 64
    recent: int = 8  # tokens that an expert compares as they are
    recent_width: int = 24
    window: int = 192  # the trunk attends to so many tokens, its own among them
    dropout: float = 0.1

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class FeedForward(nn.Module):
    """SwiGLU (Shazeer 2020, arXiv 2002.05202)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(config.width, bias=False)
        self.up = nn.Linear(config.width, 2 * config.hidden, bias=False)
        self.down = nn.Linear(config.hidden, config.width, bias=False)
        self.dropout = config.dropout

    def forward(self, x: Tensor) -> Tensor:
        gate, value = self.up(self.norm(x)).chunk(2, dim=-1)
        y = self.down(F.silu(gate) * value)
        return x + drop(y, self.dropout, self.training)


def drop(x: Tensor, rate: float, training: bool) -> Tensor:
    """Drop-out of whole channels of (batch, len, width), which costs a thousandth of one mask a place."""
    if not training:
        return x
    return x * F.dropout(x.new_ones(x.shape[0], 1, x.shape[2]), rate)


def rotation(positions: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """Cosine and sine of rotary positions (Su et al. 2021, arXiv 2104.09864); each (len, size/2)."""
    frequency = 10000.0 ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
    angle = positions.double()[:, None] * frequency
    return angle.cos(), angle.sin()


def rotate(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """Rotate (…, len, size) by `rotation`; halves are paired."""
    a, b = x.chunk(2, dim=-1)
    cos, sin = turn[0].to(x.dtype), turn[1].to(x.dtype)
    return torch.cat((a * cos - b * sin, a * sin + b * cos), dim=-1)


def split_heads(x: Tensor, heads: int) -> Tensor:
    """(batch, len, width) → (batch, heads, len, width/heads)."""
    return x.view(*x.shape[:-1], heads, -1).transpose(1, 2)


class SelfAttention(nn.Module):
    """Causal rotary attention within the window."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.norm = nn.LayerNorm(config.width, bias=False)
        self.qkv = nn.Linear(config.width, 3 * config.width, bias=False)
        self.out = nn.Linear(config.width, config.width, bias=False)

    def project(self, x: Tensor, turn: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        q, k, v = (split_heads(part, self.heads) for part in self.qkv(self.norm(x)).chunk(3, dim=-1))
        return rotate(q, turn), rotate(k, turn), v

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor], mask: Tensor) -> Tensor:
        q, k, v = self.project(x, turn)
        return self.finish(x, attend(q, k, v, mask))

    def finish(self, x: Tensor, y: Tensor) -> Tensor:
        return x + cast(Tensor, self.out(y.transpose(1, 2).flatten(2)))


def attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
    """Scaled dot-product attention; `mask` is added to the scores."""
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    if mask is not None:
        scores = scores + mask.to(scores.dtype)
    weighted: Tensor = scores.softmax(dim=-1) @ v
    return weighted


class CrossAttention(nn.Module):
    """Attention to one source. A learnt `nothing` place lets an expert look away from it."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.norm = nn.LayerNorm(config.width, bias=False)
        self.query = nn.Linear(config.width, config.width, bias=False)
        self.kv = nn.Linear(config.width, 2 * config.width, bias=False)
        self.out = nn.Linear(config.width, config.width, bias=False)
        self.nothing = nn.Parameter(torch.zeros(2 * config.width))

    def memory(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of (batch, len, width); place 0 is `nothing`."""
        kv = self.kv(source)
        nothing = self.nothing.to(kv.dtype).expand(kv.shape[0], 1, -1)
        k, v = torch.cat((nothing, kv), dim=1).chunk(2, dim=-1)
        return split_heads(k, self.heads), split_heads(v, self.heads)

    def forward(self, x: Tensor, memory: tuple[Tensor, Tensor], mask: Tensor | None) -> Tensor:
        q = split_heads(self.query(self.norm(x)), self.heads)
        y = attend(q, *memory, mask).transpose(1, 2).flatten(2)
        return x + cast(Tensor, self.out(y))
