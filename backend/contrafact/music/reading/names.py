"""What a score says of its title and its authors: a suggestion for who registers it, and nothing that is relied on."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterable

_READ = 65_536
"""Bytes from the beginning that are looked at."""
_MOST = 300
"""Characters of a name."""

_XML_TITLES = (r"<work-title>(.*?)</work-title>", r"<movement-title>(.*?)</movement-title>")
_CREATOR = r"<creator\b[^>]*>(.*?)</creator>"
_TRACK_NAME = re.compile(rb"MTrk.{4}\x00\xff\x03([\x01-\x7f])", re.DOTALL)


def named(data: bytes, media_type: str) -> tuple[str, tuple[str, ...]]:
    """The title and the credits that a file states, empty where it states none; of a recording, always."""
    if media_type == "text/vnd.abc":
        text = _text(data[:_READ])
        return _first(re.findall(r"^T:(.*)$", text, re.M)), _clean(re.findall(r"^C:(.*)$", text, re.M))
    if media_type == "audio/midi":
        return _track_name(data[:_READ]), ()
    if media_type == "application/vnd.recordare.musicxml":
        data = _unzipped(data)
    if media_type.startswith("application/vnd.recordare.musicxml"):
        text = _text(data[:_READ])
        titles = [one for pattern in _XML_TITLES for one in re.findall(pattern, text, re.S)]
        return _first(map(html.unescape, titles)), _clean(map(html.unescape, re.findall(_CREATOR, text, re.S)))
    return "", ()


def _track_name(data: bytes) -> str:
    """The name of the first track, which is the sequence's."""
    found = _TRACK_NAME.search(data)
    return _first([_text(data[found.end() : found.end() + found[1][0]])]) if found and found.start() < 64 else ""


def _unzipped(data: bytes) -> bytes:
    """The beginning of the score in a compressed MusicXML file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in archive.namelist() if not name.startswith("META-INF")]
            scores = [name for name in names if name.endswith((".xml", ".musicxml"))]
            if not scores:
                return b""
            with archive.open(scores[0]) as score:
                return score.read(_READ)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, zlib.error):
        return b""


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _clean(names: Iterable[str]) -> tuple[str, ...]:
    """Without what cannot be shown, without blanks around, each once, at most eight."""
    shown = (" ".join("".join(c if c.isprintable() else " " for c in name).split())[:_MOST] for name in names)
    return tuple(dict.fromkeys(filter(None, shown)))[:8]


def _first(names: Iterable[str]) -> str:
    return next(iter(_clean(names)), "")
