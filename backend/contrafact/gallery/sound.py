"""Compact sound for a page; the sound that is delivered and recorded is the FLAC."""

from __future__ import annotations

import io

import numpy as np
import soundfile
from scipy.signal import resample_poly

from contrafact.music.audio import read_pcm

SUFFIX = "ogg"
_STEP = 2
# About 3 kB a second of a band.
_COMPRESSION = 0.93


def compact(flac: bytes) -> bytes:
    """Ogg Opus of a FLAC as the renderer writes it: mono, half its sample rate.

    Its bytes differ from one call to the next (the container draws a number by chance), its sound does not.
    Raises InvalidInput for what cannot be read.
    """
    pcm, sample_rate = read_pcm(flac)
    lower = resample_poly(pcm.mean(axis=1) / 32_768, 1, _STEP).astype(np.float32)
    buffer = io.BytesIO()
    soundfile.write(buffer, lower, sample_rate // _STEP, format="OGG", subtype="OPUS", compression_level=_COMPRESSION)
    return buffer.getvalue()
