"""How loud a piece is, and the one factor that puts it at the loudness at which all pieces are delivered."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import numpy.typing as npt
import pyloudnorm
from scipy.signal import firwin, resample_poly

TARGET_LUFS = -16.0
CEILING_DBTP = -1.0
OVERSAMPLING = 4
# Factors are whole multiples of 1/1024 (0.1 %, 0.01 dB at a factor of 1), rounded down: differences in the last bits of
# float64 between machines do not reach the sound.
FACTOR_UNIT = 1024
_MAX_FACTOR = 64
# BS.1770 measures in blocks of 400 ms; what is shorter is measured with silence after it.
_GATE_SECONDS = 0.4
_STRETCH = 1 << 12
# resample_poly's filter reaches ten frames to either side.
_REACH = 16

Samples = npt.NDArray[np.float64]


def integrated_loudness(samples: Samples, sample_rate: int) -> float:
    """Integrated loudness in LUFS by ITU-R BS.1770-4 of samples of shape (frames, channels), full scale 1.0.

    −∞ for silence. A sound shorter than 400 ms is measured as if silence followed up to there.
    """
    missing = math.ceil(_GATE_SECONDS * sample_rate) + 1 - len(samples)
    if missing > 0:
        samples = np.pad(samples, ((0, missing), (0, 0)))
    return float(pyloudnorm.Meter(sample_rate, filter_class="DeMan").integrated_loudness(samples))


def true_peak(samples: Samples, floor: float = 0.0) -> float:
    """The largest value between samples too, by four-fold oversampling, of (frames, channels); full scale 1.0.

    A peak below `floor` does not matter to the caller: then that is the answer. The loudest stretches are oversampled
    first; one that is too soft to reach what was found already is passed over.
    """
    peak = max(float(np.abs(samples).max(initial=0.0)), floor)
    starts = range(0, len(samples), _STRETCH)
    highest = np.array([np.abs(samples[max(s - _REACH, 0) : s + _STRETCH + _REACH]).max() for s in starts])
    for i in np.argsort(-highest, kind="stable"):
        if highest[i] * _overshoot() <= peak:
            break
        peak = max(peak, float(np.abs(_oversampled(samples, starts[i])).max()))
    return peak


def _oversampled(samples: Samples, start: int) -> Samples:
    """The stretch from `start`, between its samples too, as it is within the whole."""
    before = min(start, _REACH)
    around = samples[start - before : start + _STRETCH + _REACH]
    finer: Samples = resample_poly(around, OVERSAMPLING, 1, axis=0, window=_filter())
    return finer[OVERSAMPLING * before : OVERSAMPLING * (before + _STRETCH)]


@cache
def _overshoot() -> float:
    """How much larger than all of its samples a sound can be between them, by the oversampling filter: about twice."""
    impulse = np.zeros(4 * _REACH)
    impulse[2 * _REACH] = 1
    response = np.abs(resample_poly(impulse, OVERSAMPLING, 1, window=_filter())).reshape(-1, OVERSAMPLING)
    return float(response.sum(0).max())


@cache
def _filter() -> Samples:
    """The low-pass that `resample_poly` would design anew in every call."""
    taps: Samples = firwin(2 * 10 * OVERSAMPLING + 1, 1 / OVERSAMPLING, window=("kaiser", 5.0))
    return taps


def decibels(ratio: float) -> float:
    """20 log₁₀ of a ratio of amplitudes; −∞ for nothing."""
    return 20 * math.log10(ratio) if ratio > 0 else -math.inf


def factor_of(samples: Samples, sample_rate: int, limit: float) -> int:
    """The factor, in 1/1024, that brings samples to −16 LUFS, or less where true peak or `limit` forbid it.

    At that factor the true peak is at most −1 dBTP, and the factor is at most `limit`. Silence has the factor 1.
    """
    if not samples.any():
        return FACTOR_UNIT
    loudness, ceiling = integrated_loudness(samples, sample_rate), 10 ** (CEILING_DBTP / 20)
    wanted = 10 ** ((TARGET_LUFS - loudness) / 20) if math.isfinite(loudness) else _MAX_FACTOR
    wanted = min(wanted, limit, _MAX_FACTOR)
    # A peak that allows what is wanted need not be known exactly.
    allowed = ceiling / true_peak(samples, floor=ceiling / wanted)
    return max(math.floor(min(wanted, allowed) * FACTOR_UNIT), 1)
