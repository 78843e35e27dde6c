"""Reading what people upload: MIDI, ABC, MusicXML and recordings, whatever is wrong with the file.

MIDI is read here, by mido, in time that grows with the file; so are recordings, by `music.listening`. ABC and
MusicXML go through music21, in a process of its own with limits on time and memory; it is started when first
needed (about half a second) and kept.
"""

from __future__ import annotations

from pathlib import PurePath

from contrafact.errors import InvalidScore
from contrafact.music.reading.apart import shared_reader
from contrafact.music.reading.draft import to_score
from contrafact.music.reading.midifile import read_midi
from contrafact.music.score import Score

MAX_BYTES = 1024 * 1024
_KINDS = {
    ".mid": "midi",
    ".midi": "midi",
    "audio/midi": "midi",
    "audio/x-midi": "midi",
    "audio/sp-midi": "midi",
    ".abc": "abc",
    "text/vnd.abc": "abc",
    ".xml": "musicxml",
    ".musicxml": "musicxml",
    ".mxl": "musicxml",
    "application/vnd.recordare.musicxml": "musicxml",
    "application/vnd.recordare.musicxml+xml": "musicxml",
    **dict.fromkeys((".wav", ".flac", ".ogg", ".mp3"), "audio"),
    **dict.fromkeys(("audio/wav", "audio/x-wav", "audio/flac", "audio/ogg", "audio/mpeg"), "audio"),
}


def read_score(data: bytes, media_type_or_name: str) -> Score:
    """The melody of a score or a recording, with its key and metre; the rules are those of `reading.draft`.

    `media_type_or_name` is a media type (`audio/midi`) or a file name (`song.mid`); letters may be capital.
    Raises `InvalidScore`, and nothing else, if the file is empty, larger than 1 MiB (a recording: 64 MiB, ten minutes),
    of an unknown kind, damaged, or has no melody of at least eight notes in a supported metre. A recording needs
    onnxruntime, of the extra `generation`: raises `NotFound` without it.
    """
    kind = _kind(media_type_or_name)
    if kind == "audio":
        from contrafact.music.listening.recording import read_audio  # what needs a model is imported when needed

        return read_audio(data)
    if not data:
        raise InvalidScore("The file is empty.", "Choose a MIDI, ABC or MusicXML file, or a recording.")
    if len(data) > MAX_BYTES:
        raise InvalidScore(f"The file has {len(data)} bytes, more than {MAX_BYTES}.", "Register a shorter piece.")
    return _read_midi(data) if kind == "midi" else shared_reader.read(data, kind)


def is_recording(media_type_or_name: str) -> bool:
    """Whether this is a kind of recording. Raises `InvalidScore` for an unknown kind."""
    return _kind(media_type_or_name) == "audio"


def _kind(media_type_or_name: str) -> str:
    name = media_type_or_name.split(";")[0].strip().lower()
    kind = _KINDS.get(name) or _KINDS.get(PurePath(name).suffix)
    if kind is None:
        raise InvalidScore(
            f"{media_type_or_name!r} is not a known kind of score or recording.",
            "Use .mid, .abc, .xml, .musicxml, .mxl, .wav, .flac, .ogg or .mp3.",
        )
    return kind


def _read_midi(data: bytes) -> Score:
    try:
        return to_score(read_midi(data))
    except InvalidScore:
        raise
    except Exception as error:
        # mido has no exception of its own: a damaged file shows as OSError, EOFError, ValueError and others.
        raise InvalidScore(
            "The MIDI file is damaged.", "Check that a sequencer opens it, or choose another file."
        ) from error
