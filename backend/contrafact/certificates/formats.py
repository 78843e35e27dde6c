"""A piece in the formats in which it is delivered: FLAC as it was rendered, WAV of the same samples, and MP3."""

from __future__ import annotations

import io

import soundfile

from contrafact.errors import InvalidInput

_SUBTYPES = {"wav": ("WAV", "PCM_16"), "mp3": ("MP3", "MPEG_LAYER_III")}


def converted(flac: bytes, to: str) -> bytes:
    """The 16-bit FLAC as `wav` (the same samples), `mp3` (which loses some), or `flac` (as it is).

    Raises InvalidInput for another format, and for audio that cannot be read.
    """
    if to == "flac":
        return flac
    if to not in _SUBTYPES:
        raise InvalidInput(f"A piece is not delivered as {to}.", "Ask for flac, wav or mp3.")
    made, (kind, subtype) = io.BytesIO(), _SUBTYPES[to]
    try:
        samples, rate = soundfile.read(io.BytesIO(flac), dtype="int16", always_2d=True)
        soundfile.write(made, samples, rate, format=kind, subtype=subtype)
    except (soundfile.SoundFileError, RuntimeError) as error:
        raise InvalidInput(f"The piece cannot be written as {to}: {error}.", "Use its FLAC.") from error
    return made.getvalue()
