"""Audio files, and the digest that names a piece of sound whatever file carries it."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import soundfile

from contrafact.errors import InvalidInput
from contrafact.music.note_sound import CHANNELS, SAMPLE_RATE, Pcm

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


class FlacWriter:
    """A 16-bit stereo FLAC file written block by block, and the `pcm_digest` of what was written."""

    def __init__(self, frames: int, sample_rate: int = SAMPLE_RATE) -> None:
        """`frames` is the length of the whole; it stands at the head of what is hashed."""
        self._buffer = io.BytesIO()
        self._file = soundfile.SoundFile(
            self._buffer, "w", samplerate=sample_rate, channels=CHANNELS, format="FLAC", subtype="PCM_16"
        )
        self._hash = hashlib.sha256(digest_header(sample_rate, CHANNELS, frames))
        self._missing = frames

    def write(self, pcm: Pcm) -> None:
        """Adds PCM of shape (frames, 2)."""
        self._file.write(pcm)
        self._hash.update(digest_body(pcm))
        self._missing -= len(pcm)

    def close(self) -> None:
        """Ends the file. Raises `ValueError` if more or fewer frames were written than announced."""
        self._file.close()
        if self._missing:
            raise ValueError(f"{abs(self._missing)} frames too {'few' if self._missing > 0 else 'many'} were written")

    def abandon(self) -> None:
        """Gives up a file that is not whole, which would else complain when it is swept away."""
        self._file.close()

    @property
    def data(self) -> bytes:
        """The file; whole once closed."""
        return self._buffer.getvalue()

    @property
    def digest(self) -> bytes:
        """`pcm_digest` of all that was written."""
        return self._hash.digest()


def pcm_digest(pcm: Pcm, sample_rate: int = SAMPLE_RATE) -> bytes:
    """SHA-256 of the sound itself, 32 bytes, the same before and after a file format that loses nothing.

    Hashed are the 16 ASCII bytes `contrafact-pcm/1`, then three unsigned little-endian 32-bit integers (sample rate,
    channels, frames), then the samples, interleaved by frame, as little-endian signed 16-bit integers.
    """
    frames, channels = pcm.shape
    return hashlib.sha256(digest_header(sample_rate, channels, frames) + digest_body(pcm)).digest()


def digest_header(sample_rate: int, channels: int, frames: int) -> bytes:
    """What is hashed before the samples; see `pcm_digest`."""
    return _DOMAIN + np.array([sample_rate, channels, frames], "<u4").tobytes()


def digest_body(pcm: Pcm) -> bytes:
    """The bytes of PCM as they are hashed, block by block or all at once."""
    return np.ascontiguousarray(pcm, "<i2").tobytes()
