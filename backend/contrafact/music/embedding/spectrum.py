"""Sound as power in semitone bands, so that a transposition is a shift.

Low bands are narrow in hertz and need long windows, high ones do not: three window lengths are put together, each
where its main lobe is narrower than a semitone.
"""

from __future__ import annotations

from functools import cache
from math import gcd

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

RATE = 16_000
LOWEST, BANDS = 36, 72  # MIDI pitch of the lowest band; bands reach up to 4.2 kHz
# Samples of the window, and the first pitch that is looked at through it.
_WINDOWS = ((4096, LOWEST), (2048, 63), (1024, 80))
_WIDTH = 0.35  # standard deviation of a band, in semitones
_LEAST_WIDTH = 0.6  # … and at least so many bins
_NOTHING = 1e-9  # weight of a bin that is left out

Samples = npt.NDArray[np.float32]


def band_power(samples: Samples, hop: int) -> Tensor:
    """Power in each band, shape (frames, BANDS), float32, of mono sound at `RATE`; frame k is about sample k·hop."""
    sound = torch.from_numpy(np.ascontiguousarray(samples, np.float32))
    count = 1 + len(sound) // hop
    return torch.cat([_through(sound, n, first, hop)[:count] for n, first in _WINDOWS], dim=1)


def at_rate(samples: npt.NDArray[np.float32], rate: int) -> Samples:
    """Mono sound of shape (n,) at `rate` samples a second, at `RATE`; by a polyphase filter."""
    from scipy.signal import resample_poly  # takes a third of a second to import

    if rate == RATE:
        return samples.astype(np.float32)
    common = gcd(rate, RATE)
    return np.asarray(resample_poly(samples.astype(np.float32), RATE // common, rate // common), np.float32)


def _through(sound: Tensor, n: int, first: int, hop: int) -> Tensor:
    low, weights = _bands(n, first)
    window = torch.hann_window(n) / (n / 2)
    spectrum = torch.stft(sound, n, hop, window=window, center=True, pad_mode="constant", return_complex=True)
    return spectrum[low : low + len(weights)].abs().square().T @ weights


@cache
def _bands(n: int, first: int) -> tuple[int, Tensor]:
    """The first bin of a window of n samples that its bands need, and the weights of those from there on, shape
    (bins, bands)."""
    after = [start for _, start in _WINDOWS if start > first]
    pitches = np.arange(first, min(after, default=LOWEST + BANDS))
    hertz = 440 * 2 ** ((pitches - 69) / 12)
    bins = np.arange(n // 2 + 1)[:, None] * RATE / n
    width = np.maximum(_WIDTH * hertz * (2 ** (1 / 12) - 1), _LEAST_WIDTH * RATE / n)
    weights = np.exp(-0.5 * ((bins - hertz) / width) ** 2)
    weights /= weights.sum(0)
    used = np.flatnonzero(weights.max(1) > _NOTHING)
    return int(used[0]), torch.from_numpy(weights[used[0] : used[-1] + 1].astype(np.float32))
