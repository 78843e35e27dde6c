"""Audio files, and the digest that names a piece of sound whatever file carries it."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import soundfile

from contrafact.errors import InvalidInput
from contrafact.music.render import SAMPLE_RATE, Pcm

_DOMAIN = b"contrafact-pcm/1"


def write_flac(pcm: Pcm, sample_rate: int = SAMPLE_RATE) -> bytes:
    """16-bit FLAC of PCM of shape (frames, channels); it decodes to the same samples."""
    buffer = io.BytesIO()
    soundfile.write(buffer, pcm, sample_rate, format="FLAC", subtype="PCM_16")
    return buffer.getvalue()


def read_pcm(data: bytes) -> tuple[Pcm, int]:
    """Samples of shape (frames, channels) and sample rate of a FLAC or WAV file.

    Raises `InvalidInput` if the file is damaged, of another kind, or not 16-bit (its samples would be changed).
    """
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            if file.subtype != "PCM_16":
                raise InvalidInput(f"The audio is {file.subtype}, not 16-bit PCM.", "Use the FLAC as delivered.")
            return np.asarray(file.read(dtype="int16", always_2d=True), np.int16), int(file.samplerate)
    except (soundfile.SoundFileError, RuntimeError, ValueError) as error:
        raise InvalidInput("The audio file cannot be read.", "Use the FLAC or WAV as delivered.") from error


def pcm_digest(pcm: Pcm, sample_rate: int = SAMPLE_RATE) -> bytes:
    """SHA-256 of the sound itself, 32 bytes, the same before and after a file format that loses nothing.

    Hashed are the 16 ASCII bytes `contrafact-pcm/1`, then three unsigned little-endian 32-bit integers (sample rate,
    channels, frames), then the samples, interleaved by frame, as little-endian signed 16-bit integers.
    """
    frames, channels = pcm.shape
    header = np.array([sample_rate, channels, frames], "<u4").tobytes()
    return hashlib.sha256(_DOMAIN + header + np.ascontiguousarray(pcm, "<i2").tobytes()).digest()
