"""Files over HTTP, whole or a range of them (RFC 9110, one range), read piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from contrafact.web.conditional import matches
from contrafact.web.errors import NoSuchRange

PIECE = 1 << 16
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


def file_response(
    request: Request, path: Path, media_type: str, tag: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The file, or the range that is asked for; never more than a piece of it is in memory.

    Raises NoSuchRange for a range that begins behind its end. A range with an `If-Range` of another version is ignored.
    """
    size, given = path.stat().st_size, request.headers.get("If-Range")
    asked = request.headers.get("Range") if given is None or matches(given, tag) else None
    first, last = _asked(asked, size) or (0, size - 1)
    told = {**(headers or {}), "ETag": tag, "Accept-Ranges": "bytes", "Content-Length": str(last - first + 1)}
    partial = (first, last) != (0, size - 1)
    if partial:
        told["Content-Range"] = f"bytes {first}-{last}/{size}"
    status = 206 if partial else 200
    return StreamingResponse(_pieces(path, first, last - first + 1), status, told, media_type)


def _asked(header: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte; None where the whole file is to be sent (no range, several, or one that is none)."""
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None or not (found[1] or found[2]) or len(header or "") > 64:
        return None
    if found[1]:
        first, last = int(found[1]), min(int(found[2]) if found[2] else size - 1, size - 1)
    else:
        first, last = max(0, size - int(found[2])), size - 1
    if found[1] and found[2] and int(found[2]) < int(found[1]):
        return None
    if first >= size:
        raise NoSuchRange(f"The file has {size} bytes.", f"Ask for bytes 0 to {size - 1}.")
    return first, last


def _pieces(path: Path, first: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        while length > 0 and (piece := file.read(min(PIECE, length))):
            length -= len(piece)
            yield piece
