"""The kind of a file by how it begins: its name and what a sender says of it count for nothing."""

from __future__ import annotations

from contrafact.errors import InvalidInput


def kind_of(data: bytes) -> str:
    """The media type of FLAC, WAV, Ogg or MP3. Raises InvalidInput for anything else."""
    if data[:4] == b"fLaC":
        return "audio/flac"
    if data[:4] in (b"RIFF", b"RF64") and data[8:12] == b"WAVE":
        return "audio/wav"
    if data[:4] == b"OggS":
        return "audio/ogg"
    if data[:3] == b"ID3":
        return "audio/flac" if _behind_id3(data) == b"fLaC" else "audio/mpeg"
    if len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:
        return "audio/mpeg"
    what = "The file is empty." if not data else "The file is none of FLAC, WAV, MP3 and Ogg, by how it begins."
    raise InvalidInput(what, "Choose the audio file itself.")


def _behind_id3(data: bytes) -> bytes:
    """What follows a tag of ID3v2, which some programs put before a FLAC file as well."""
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    return data[10 + size : 14 + size]
