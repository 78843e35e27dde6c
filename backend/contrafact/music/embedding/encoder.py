"""The encoder: some seconds of sound become a vector of length one.

Three steps. Salience: a few filters along frequency find what is a tone in the overtones, alike at every pitch.
Intervals: each frame is compared with some frames before it, at every interval modulo an octave; what comes out does
not change when all is transposed. Motifs: convolutions over time, averaged, so that where something stands in the
excerpt matters little. Tempo is not taken out here but by the tempi at which a recording is read (`windows`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from contrafact.music.embedding.spectrum import BANDS

_RANGE_DB = 50.0
_OCTAVE = 12
_FAINT = 0.05  # keeps the direction of a silent frame from being noise


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """Sizes. `lags` are the distances, in frames, at which frames are compared; `size` is that of a vector."""

    size: int = 128
    salience: int = 8
    maps: int = 2
    lags: tuple[int, ...] = (1, 2, 3, 4, 6, 8, 11, 15)
    reduced: int = 96
    motifs: int = 160

    def to_dict(self) -> dict[str, object]:
        return {**asdict(self), "lags": list(self.lags)}


class Encoder(nn.Module):
    """Band powers of shape (batch, frames, BANDS) to vectors of shape (batch, size)."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.config = config
        c = config
        self.comb = AlongBands(1, c.salience, reach=24)
        self.tones = AlongBands(c.salience, c.maps, reach=4)
        channels = c.maps * len(c.lags) * _OCTAVE + 1
        self.reduce = nn.Conv1d(channels, c.reduced, 1)
        self.first = nn.Conv1d(c.reduced, c.motifs, 5, stride=2, padding=2)
        self.second = nn.Conv1d(c.motifs, c.motifs, 5, padding=4, dilation=2)
        self.third = nn.Conv1d(c.motifs, 2 * c.size, 5, padding=8, dilation=4)
        self.norms = nn.ModuleList(nn.GroupNorm(1, n) for n in (c.reduced, c.motifs, c.motifs))
        self.spread = nn.BatchNorm1d(4 * c.size)
        self.out = nn.Linear(4 * c.size, c.size)

    def forward(self, power: Tensor) -> Tensor:
        levels = _levels(power)
        tones = self._salience(levels)
        rise = F.relu(levels[:, 1:] - levels[:, :-1]).mean(2)
        x = torch.cat((self._intervals(tones), 4 * F.pad(rise, (1, 0))[:, None]), dim=1)
        x = F.gelu(self.norms[0](self.reduce(x)))
        x = F.gelu(self.norms[1](self.first(x)))
        x = x + F.gelu(self.norms[2](self.second(x)))
        x = F.gelu(self.third(x))
        pooled = torch.cat((x.mean(2), x.amax(2)), dim=1)
        return F.normalize(self.out(self.spread(pooled.float())), dim=1)

    def _salience(self, levels: Tensor) -> Tensor:
        """How much of each pitch class there is, shape (batch, maps, frames, 12), frames of length one or less."""
        x = F.relu(self.tones(F.relu(self.comb(levels))))
        x = x.reshape(*x.shape[:2], self.config.maps, BANDS // _OCTAVE, _OCTAVE).sum(3).transpose(1, 2)
        length: Tensor = x.square().sum(3, keepdim=True).sqrt()
        return x / (length + _FAINT)

    def _intervals(self, at: Tensor) -> Tensor:
        """Each frame against those before it, at every interval: (batch, maps · lags · 12, frames)."""
        batch, _, frames, _ = at.shape
        turned = torch.stack([at.roll(-step, -1) for step in range(_OCTAVE)], dim=-2)  # (…, frames, 12 steps, 12)
        before = torch.stack([F.pad(at, (0, 0, lag, 0))[..., :frames, :] for lag in self.config.lags], dim=-1)
        products = turned @ before  # (batch, maps, frames, 12 steps, lags)
        return products.permute(0, 1, 4, 3, 2).reshape(batch, -1, frames)


class AlongBands(nn.Module):
    """A convolution along the bands as one product with a banded matrix, which is six times as fast here.

    From shape (…, inputs · BANDS) to (…, outputs · BANDS).
    """

    within: Tensor
    place: Tensor

    def __init__(self, inputs: int, outputs: int, reach: int) -> None:
        super().__init__()
        # To begin with, what stands above its neighbours passes, else training does not find out that there are tones.
        kernel = torch.randn(outputs, inputs, 2 * reach + 1) * 0.1 / (inputs * reach) ** 0.5
        kernel[:, :, reach] += 1 / inputs
        kernel[:, :, (reach - 1, reach + 1)] -= 0.5 / inputs
        self.kernel = nn.Parameter(kernel)
        self.bias = nn.Parameter(torch.zeros(outputs))
        distance = torch.arange(BANDS)[None] - torch.arange(BANDS)[:, None] + reach
        self.register_buffer("within", (distance >= 0) & (distance <= 2 * reach), persistent=False)
        self.register_buffer("place", distance.clamp(0, 2 * reach), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        outputs, inputs, _ = self.kernel.shape
        matrix = (self.kernel[:, :, self.place] * self.within).permute(1, 2, 0, 3)
        product = x @ matrix.reshape(inputs * BANDS, outputs * BANDS)
        return product + self.bias.repeat_interleave(BANDS)


def _levels(power: Tensor) -> Tensor:
    """Decibels below the loudest band, as 1 for the loudest and 0 for silence."""
    loudest = power.amax((1, 2), keepdim=True).clamp(min=1e-12)
    decibels = 10 * torch.log10(power / loudest + 1e-9)
    return (1 + decibels / _RANGE_DB).clamp(min=0)
