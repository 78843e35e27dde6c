"""Compressed MusicXML (.mxl): a ZIP archive whose container names the score in it."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

from contrafact.errors import InvalidScore

MAX_UNPACKED = 16 * 1024 * 1024
_HINT = "Export it again as MusicXML."


def unpack(data: bytes) -> bytes:
    """The MusicXML document in an .mxl archive. Raises `InvalidScore` for any other archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _member(archive, _score_name(archive))
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, RuntimeError, OSError, ValueError) as error:
        raise InvalidScore("The .mxl archive is damaged.", _HINT) from error
    except (EOFError, NotImplementedError, zipfile.LargeZipFile) as error:
        raise InvalidScore("The .mxl archive cannot be unpacked.", _HINT) from error


def _score_name(archive: zipfile.ZipFile) -> str:
    container = ElementTree.fromstring(_member(archive, "META-INF/container.xml"))
    for element in container.iter():
        if element.tag.endswith("rootfile") and "full-path" in element.attrib:
            return element.attrib["full-path"]
    raise InvalidScore("The .mxl archive names no score.", _HINT)


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """One file of the archive; the size that an archive declares is not believed."""
    with archive.open(name) as member:
        content = member.read(MAX_UNPACKED + 1)
    if len(content) > MAX_UNPACKED:
        raise InvalidScore(f"The score unpacks to more than {MAX_UNPACKED} bytes.", "Register a shorter one.")
    return content
