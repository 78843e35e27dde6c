"""Audio fingerprints: pairs of spectral peaks, which noise, compression and gain leave where they are.

The method is that of A. Wang, "An Industrial-Strength Audio Search Algorithm", ISMIR 2003: a landmark is two peaks near
each other, by their frequencies and the time between them. A recording is a copy of another where many of its
landmarks lie in the other at one and the same distance in time. Another performance has its peaks at other times.
"""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

from contrafact.music.identification.melody_index import Floats, Ints

RATE = 8_000
WINDOW, HOP = 1024, 256
HOP_S = HOP / RATE
_AROUND = (9, 25)  # frames and bins of which a peak is the highest
_FAINTEST_DB = 30.0  # below the loudest sound around; what is fainter drowns in noise
_LOUDNESS_FRAMES = 31
_QUIETEST_DB = 60.0  # below the loudest sound of all
_PARTNERS = 3  # later peaks that each is paired with
_NEAREST, _FARTHEST = 2, 63  # frames
_WIDEST = 80  # bins
SHIFTS = 4  # parts of a hop by which what is asked may lie beside the frames of what is known

Samples = NDArray[np.float32]


def landmarks(samples: Samples, rate: int, shift: int = 0) -> Ints:
    """Landmarks of mono sound as rows (key, frame), shape (n, 2), ordered by frame; none where nothing stands out.

    `shift`, below `SHIFTS`, leaves out so many parts of a hop at the start.
    """
    sound = _resampled(samples, rate)[shift * HOP // SHIFTS :]
    frames, bins = _peaks(sound)
    rows = [np.zeros((0, 2), np.int64)]
    # The peaks are ordered by frame: partners of a peak are the next ones that are neither too near nor too far.
    taken = np.zeros(len(frames), np.int64)
    for ahead in range(1, min(len(frames), 64)):
        first, second = slice(None, -ahead), slice(ahead, None)
        apart, interval = frames[second] - frames[first], bins[second] - bins[first]
        fits = (apart >= _NEAREST) & (apart <= _FARTHEST) & (np.abs(interval) <= _WIDEST)
        fits &= taken[first] < _PARTNERS
        taken[first] += fits
        keys = (bins[first] << 15) | ((interval + 256) << 6) | apart
        rows.append(np.stack([keys[fits], frames[first][fits]], axis=1))
    found: Ints = np.concatenate(rows)
    return found[np.lexsort((found[:, 0], found[:, 1]))]


def _peaks(sound: Samples) -> tuple[Ints, Ints]:
    """Frames and bins of the peaks, ordered by frame, then by bin."""
    from scipy.ndimage import maximum_filter

    if len(sound) < WINDOW:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    level = _levels(sound)
    loudest = maximum_filter(level.max(axis=1), _LOUDNESS_FRAMES)
    audible = np.maximum(loudest - _FAINTEST_DB, level.max() - _QUIETEST_DB)
    highest = (level == maximum_filter(level, _AROUND)) & (level > audible[:, None])
    frames, bins = np.nonzero(highest)
    return frames.astype(np.int64), bins.astype(np.int64)


def _levels(sound: Samples) -> Floats:
    """Decibels, shape (frames, bins)."""
    windows = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP]
    power = np.abs(np.fft.rfft(windows * np.hanning(WINDOW).astype(np.float32), axis=1)) ** 2
    found: Floats = 10 * np.log10(power + 1e-12)
    return found


def _resampled(samples: Samples, rate: int) -> Samples:
    from scipy.signal import resample_poly  # takes a third of a second to import

    common = gcd(rate, RATE)
    return np.asarray(resample_poly(samples.astype(np.float32), RATE // common, rate // common), np.float32)
