"""An audio file as it is held against recorded pieces: its samples, and the digest of its PCM where that is exact.

A file comes from anybody. It is read block by block up to a limit, so that a small file which unpacks to hours of
silence costs no more than a long one that is honest.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import soundfile

from contrafact.errors import InvalidInput
from contrafact.music.audio import digest_body, digest_header

MAX_SECONDS = 660
"""The longest piece but for live ones is 600 s, and its sound dies away after that."""
MAX_FRAMES = MAX_SECONDS * 48_000
MIN_RATE, MAX_RATE = 8_000, 192_000
MEDIA_TYPES = {"FLAC": "audio/flac", "WAV": "audio/wav", "WAVEX": "audio/wav", "OGG": "audio/ogg", "MP3": "audio/mpeg"}
_BLOCK = 65_536
_HINT = "Choose a FLAC, WAV, MP3 or OGG file that a player plays."


@dataclass(frozen=True)
class SoundFile:
    """`pcm` is the digest of its 16-bit samples, None for a file that does not keep them exactly, as MP3 does not.

    `samples` are both channels mixed, mono, shape (frames,).
    """

    media_type: str
    rate: int
    channels: int
    frames: int
    pcm: bytes | None
    samples: npt.NDArray[np.float32] = field(repr=False)


def hear(data: bytes) -> SoundFile:
    """Reads FLAC, WAV, MP3 or OGG. Raises InvalidInput for a file that is damaged, too long, or of another kind."""
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            _check(file)
            return _read(file)
    except (soundfile.SoundFileError, RuntimeError, ValueError, MemoryError) as error:
        raise InvalidInput("The file cannot be heard: it is damaged, or no audio file.", _HINT) from error


def _check(file: soundfile.SoundFile) -> None:
    if file.format not in MEDIA_TYPES:
        raise InvalidInput(f"Audio files of the kind {file.format} are not read here.", _HINT)
    if not MIN_RATE <= file.samplerate <= MAX_RATE:
        raise InvalidInput(f"The file's sample rate is {file.samplerate} Hz.", f"Use {MIN_RATE} to {MAX_RATE} Hz.")
    if not 1 <= file.channels <= 2:
        raise InvalidInput(f"The file has {file.channels} channels.", "Mix it to mono or stereo.")
    _check_length(file.frames, file.samplerate)


def _check_length(frames: int, rate: int) -> None:
    if frames > min(MAX_SECONDS * rate, MAX_FRAMES):
        text = f"The file lasts longer than {MAX_SECONDS} s, or has more than {MAX_FRAMES} frames."
        raise InvalidInput(text, "No piece but a live one is as long. Cut a part out, and save it at 48 kHz.")


def _read(file: soundfile.SoundFile) -> SoundFile:
    rate, channels, said = file.samplerate, file.channels, file.frames
    exact = file.subtype == "PCM_16" and file.format != "MP3"
    digest = hashlib.sha256(digest_header(rate, channels, said)) if exact else None
    blocks: list[npt.NDArray[np.float32]] = []
    frames = 0
    while len(block := file.read(_BLOCK, dtype="int16" if exact else "float32", always_2d=True)):
        frames += len(block)
        _check_length(frames, rate)  # what a header says is not believed
        if digest is not None:
            digest.update(digest_body(block))
        blocks.append(block.mean(axis=1, dtype=np.float32) / np.float32(32_768 if exact else 1))
    samples = np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
    if not np.isfinite(samples).all():
        raise InvalidInput("The file has samples that are no numbers.", _HINT)
    pcm = digest.digest() if digest is not None and frames == said else None
    return SoundFile(MEDIA_TYPES[file.format], rate, channels, frames, pcm, samples)
