"""Audio files to samples, with limits, whatever is wrong with the file."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
import soundfile

from contrafact.errors import InvalidScore

MAX_BYTES = 64 * 1024 * 1024
MAX_SECONDS = 600
# Ten minutes at 48 kHz: what is decoded stays below some hundred megabytes.
MAX_FRAMES = MAX_SECONDS * 48_000
MIN_RATE, MAX_RATE = 8_000, 192_000
_FORMATS = frozenset({"WAV", "WAVEX", "FLAC", "OGG", "MP3"})
_BLOCK = 65_536
_SILENT = 1e-3  # 60 dB below full scale
_HINT = "Check that a player plays it, and save it as WAV or FLAC."


def decode(data: bytes) -> tuple[npt.NDArray[np.float32], int]:
    """The sound of a WAV, FLAC, OGG or MP3 file, both channels mixed, shape (n,), and its sample rate.

    Raises `InvalidScore` for a file that is empty, damaged, too large, too long, silent, or of another kind.
    """
    if not data:
        raise InvalidScore("The file is empty.", "Choose a WAV, FLAC, OGG or MP3 file.")
    if len(data) > MAX_BYTES:
        raise InvalidScore(f"The recording has {len(data)} bytes, more than {MAX_BYTES}.", "Save it as FLAC or MP3.")
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            _check(file)
            sound, rate = _mixed(file), int(file.samplerate)
    except (soundfile.SoundFileError, RuntimeError, ValueError) as error:
        raise InvalidScore("The recording cannot be read: it is damaged, or no audio file.", _HINT) from error
    _check_sound(sound)
    return sound, rate


def _check(file: soundfile.SoundFile) -> None:
    if file.format not in _FORMATS:
        raise InvalidScore(f"Audio files of the kind {file.format} are not supported.", "Save it as WAV or FLAC.")
    if not MIN_RATE <= file.samplerate <= MAX_RATE:
        raise InvalidScore(
            f"A sample rate of {file.samplerate} Hz is not supported.", f"Use {MIN_RATE} to {MAX_RATE} Hz."
        )
    if file.channels > 2:
        raise InvalidScore(f"The recording has {file.channels} channels.", "Mix it to mono or stereo.")
    _check_length(file.frames, file.samplerate)


def _check_length(frames: int, rate: int) -> None:
    if frames > MAX_SECONDS * rate:
        raise InvalidScore(f"The recording lasts longer than {MAX_SECONDS // 60} minutes.", "Register a part of it.")
    if frames > MAX_FRAMES:
        raise InvalidScore(f"The recording has {frames} frames, more than {MAX_FRAMES}.", "Save it at 48 kHz.")


def _mixed(file: soundfile.SoundFile) -> npt.NDArray[np.float32]:
    """Both channels mixed, read block by block: what a header declares is not believed."""
    blocks: list[npt.NDArray[np.float32]] = []
    count = 0
    while len(block := file.read(_BLOCK, dtype="float32", always_2d=True)):
        blocks.append(block.mean(axis=1, dtype=np.float32))
        count += len(block)
        _check_length(count, file.samplerate)
    return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)


def _check_sound(sound: npt.NDArray[np.float32]) -> None:
    if not len(sound):
        raise InvalidScore("The recording has no sound in it.", _HINT)
    if not np.isfinite(sound).all():
        raise InvalidScore("The recording has samples that are no numbers.", _HINT)
    if np.abs(sound).max() < _SILENT:
        raise InvalidScore("The recording is silent.", "Check its level; stereo in opposite phase cancels out.")
