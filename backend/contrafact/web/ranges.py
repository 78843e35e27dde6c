"""Byte ranges of a file (RFC 9110): one range, from front or end; whatever else is asked gets the whole."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Header, Request, Response

from contrafact.web import conditional
from contrafact.web.errors import NoSuchRange

Range = Annotated[str | None, Header(description="`bytes=0-99`, or `bytes=-100` for the end.", examples=["bytes=0-99"])]
"""The header as operations document it; `file_response` reads it from the request."""
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


def file_response(request: Request, data: bytes, tag: str, media_type: str, headers: dict[str, str]) -> Response:
    """The file, or the part of it that was asked for; headers alone for HEAD. Raises NotModified and NoSuchRange."""
    headers = {**headers, "ETag": tag, "Accept-Ranges": "bytes"}
    if conditional.matches(request.headers.get("If-None-Match"), tag):
        raise conditional.NotModified(headers)
    is_same = request.headers.get("If-Range", tag) == tag
    part = span(request.headers.get("Range"), len(data)) if is_same else None
    if part is not None:
        headers["Content-Range"] = f"bytes {part[0]}-{part[1]}/{len(data)}"
        data = data[part[0] : part[1] + 1]
    headers["Content-Length"] = str(len(data))
    body = b"" if request.method == "HEAD" else data
    return Response(body, 206 if part else 200, headers, media_type)
