"""How a recording is looked at: windows of it, and the tempi at which its frames are read.

A version may be played at half or twice the tempo. So a recording is read with frames nearer to each other or farther
apart, in nine steps over two octaves of tempo; what is left, an eighth of an octave at most, the encoder has learnt to
pass over. Works are read at their own tempo alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from contrafact.music.embedding.spectrum import RATE, Samples, band_power

FRAME_S = 0.05  # between two frames that the encoder sees, at the tempo at which works are indexed
WINDOW = 240  # frames: 12 s
SHORTEST, _STEP = 120, 40  # frames of the shortest window; lengths go in steps
TEMPI = tuple(2 ** (k / 4) for k in range(-4, 5))
OWN_TEMPO = (1.0,)
_FINE_HOP = 200  # samples between the frames of an analysis that is read at any tempo: 12.5 ms


@dataclass(frozen=True, slots=True)
class Analysis:
    """Band powers of a sound, shape (frames, BANDS), and the samples between two frames."""

    power: Tensor
    hop: int


def analysed(samples: Samples, *, own_tempo: bool = False) -> Analysis:
    """The analysis of mono sound at `spectrum.RATE`, to be read at any tempo, or at its own one alone, which is
    less work; what is read at the own tempo is the same."""
    hop = round(FRAME_S * RATE) if own_tempo else _FINE_HOP
    return Analysis(band_power(samples, hop), hop)


def cut(analysis: Analysis, tempo: float, hop: int, longest: int = WINDOW) -> Tensor:
    """Windows of a sound that is `tempo` times as fast as what it is compared with.

    Shape (windows, frames, BANDS), windows `hop` frames apart and the last one up to the end, all of one length: at
    most `longest` frames, and at least `SHORTEST`, the rest being silence where the sound is shorter.
    """
    power, spacing = analysis.power, FRAME_S / tempo * RATE / analysis.hop
    count = int((len(power) - 1) / spacing) + 1
    frames = power[(torch.arange(count) * spacing).long()]
    length = min(longest, max(SHORTEST, count // _STEP * _STEP))
    if count < length:
        frames = torch.cat((frames, frames.new_zeros(length - count, frames.shape[1])))
    starts = [*range(0, len(frames) - length, hop), len(frames) - length]
    return torch.stack([frames[start : start + length] for start in starts])
