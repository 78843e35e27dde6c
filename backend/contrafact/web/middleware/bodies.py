"""No body larger than it may be: refused by its length before it is read, and where it lies about it, while it is.

None may come in drop by drop either: an open request costs something as long as it lasts.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import anyio
from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contrafact.web.errors import TooLarge, error_response

SLOWEST = 1 << 16
"""Bytes a second, beyond the seconds that every body has."""


class BodyLimit:
    """`allowed` gives the bytes that a path's bodies may have; each has `seconds` to come in, and more if it may be
    large."""

    def __init__(self, app: ASGIApp, *, allowed: Callable[[str], int], seconds: float) -> None:
        self._app, self._allowed, self._seconds = app, allowed, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._allowed(scope["path"])
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > most:
            text = f"The body is larger than the {most} bytes that are taken here."
            await error_response(TooLarge(text, "Send less."), {"Connection": "close"})(scope, receive, send)
            return
        await self._app(scope, _counted(receive, most, self._seconds + most / SLOWEST), send)


def _counted(receive: Receive, most: int, seconds: float) -> Receive:
    """What is received, until it is more than `most` bytes, or not whole `seconds` after the first was asked for."""
    read, whole, end = 0, False, 0.0

    async def counting() -> Message:
        nonlocal read, whole, end
        if whole:
            return await receive()
        end = end or time.monotonic() + seconds
        try:
            with anyio.fail_after(max(0.0, end - time.monotonic())):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, headers={"Connection": "close"}) from None
        read, whole = read + len(message.get("body", b"")), not message.get("more_body", False)
        if read > most:
            raise HTTPException(413)
        return message

    return counting
