"""Sound to notes, any number at a time."""

from __future__ import annotations

from math import gcd

import numpy as np
import numpy.typing as npt

from contrafact.music.listening.heard import HeardNote
from contrafact.music.listening.notes import BASIC_PITCH, Sensitivity, notes_of
from contrafact.music.listening.pitch_model import SAMPLE_RATE, activations


def transcribe(samples: npt.NDArray[np.float32], rate: int, sensitivity: Sensitivity = BASIC_PITCH) -> list[HeardNote]:
    """The notes in mono sound of shape (n,) at `rate` samples a second, ordered by start.

    Raises `NotFound` without the extra `generation`.
    """
    return notes_of(activations(resampled(samples, rate)), sensitivity)


def resampled(samples: npt.NDArray[np.float32], rate: int) -> npt.NDArray[np.float32]:
    """Mono sound at the rate of the model, by a polyphase filter."""
    from scipy.signal import resample_poly  # takes a third of a second to import

    if rate == SAMPLE_RATE:
        return samples.astype(np.float32)
    common = gcd(rate, SAMPLE_RATE)
    sound = resample_poly(samples.astype(np.float64), SAMPLE_RATE // common, rate // common)
    return np.asarray(sound, np.float32)
