"""Files over HTTP, whole or a range of them (RFC 9110), from front or end; whatever else is asked gets the whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import Header, Request, Response
from fastapi.responses import StreamingResponse

from contrafact.web.conditional import matches
from contrafact.web.errors import NoSuchRange, NotModified, answers

Range = Annotated[str | None, Header(description="`bytes=0-99`, or `bytes=-100` for the end.", examples=["bytes=0-99"])]
"""Documents the header of an operation that gives out a file; `file_response` reads it."""
PIECE = 1 << 16
"""Bytes of a streamed file that are in memory at a time."""
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def span(header: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte of the range that a `Range` header asks for, None for the whole file.

    Raises NoSuchRange where the file has none of it.
    """
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None or found[1] == found[2] == "":
        return None
    if found[1]:
        first, last = int(found[1]), int(found[2]) if found[2] else size - 1
        if first > last and found[2]:
            return None  # not a range at all, so to be passed over
    else:
        first, last = max(0, size - int(found[2])), size - 1
    if first >= size or first > last:
        raise NoSuchRange(size)
    return first, min(last, size - 1)


def file_answers(kinds: Iterable[str], *statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an operation that gives out a file of one of these media types, beside these errors."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    return {
        **answers(304, 404, 416, *statuses),
        200: {"description": "The file.", "content": content},
        206: {"description": "The range that was asked for.", "content": content},
    }


def file_response(request: Request, data: bytes, tag: str, media_type: str, headers: dict[str, str]) -> Response:
    """The file, or the part of it that was asked for; headers alone for HEAD. Raises NotModified and NoSuchRange."""
    status, first, last, told = _cut(request, len(data), tag, headers)
    body = b"" if request.method == "HEAD" else data[first : last + 1]
    return Response(body, status, told, media_type)


def streamed(request: Request, path: Path, tag: str, media_type: str, headers: dict[str, str]) -> Response:
    """The same of a file on the disk; never more than a piece of it is in memory."""
    status, first, last, told = _cut(request, path.stat().st_size, tag, headers)
    return StreamingResponse(_pieces(path, first, last - first + 1), status, told, media_type)


def _cut(request: Request, size: int, tag: str, headers: dict[str, str]) -> tuple[int, int, int, dict[str, str]]:
    """The answer's status, the first and last byte to send, and its headers.

    Raises NotModified and NoSuchRange. A range with an `If-Range` of another version gets the whole.
    """
    told = {**headers, "ETag": tag, "Accept-Ranges": "bytes"}
    if matches(request.headers.get("If-None-Match"), tag):
        raise NotModified(told)
    is_same = request.headers.get("If-Range", tag) == tag
    part = span(request.headers.get("Range"), size) if is_same else None
    first, last = part or (0, size - 1)
    told["Content-Length"] = str(last - first + 1)
    if part is not None:
        told["Content-Range"] = f"bytes {first}-{last}/{size}"
    return 206 if part else 200, first, last, told


def _pieces(path: Path, first: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        while length > 0 and (piece := file.read(min(PIECE, length))):
            length -= len(piece)
            yield piece
