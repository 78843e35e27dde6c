"""Files over HTTP, whole or a range of them, read piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from contrafact.web.conditional import matches
from contrafact.web.errors import NotModified
from contrafact.web.ranges import span

PIECE = 1 << 16


def streamed(request: Request, path: Path, tag: str, media_type: str, headers: dict[str, str]) -> Response:
    """The file, or the range that is asked for; never more than a piece of it is in memory.

    Raises NotModified and NoSuchRange. A range with an `If-Range` of another version gets the whole.
    """
    told = {**headers, "ETag": tag, "Accept-Ranges": "bytes"}
    if matches(request.headers.get("If-None-Match"), tag):
        raise NotModified(told)
    size = path.stat().st_size
    is_same = request.headers.get("If-Range", tag) == tag
    part = span(request.headers.get("Range"), size) if is_same else None
    first, last = part or (0, size - 1)
    told["Content-Length"] = str(last - first + 1)
    if part is not None:
        told["Content-Range"] = f"bytes {first}-{last}/{size}"
    return StreamingResponse(_pieces(path, first, last - first + 1), 206 if part else 200, told, media_type)


def _pieces(path: Path, first: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        while length > 0 and (piece := file.read(min(PIECE, length))):
            length -= len(piece)
            yield piece
