"""No body larger than it may be: refused by its length before it is read, and where it lies about it, while it is."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contrafact.web.errors import TooLarge, error_response


class BodyLimit:
    """`allowed` gives the bytes that a path's bodies may have."""

    def __init__(self, app: ASGIApp, *, allowed: Callable[[str], int]) -> None:
        self._app, self._allowed = app, allowed

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
        await self._app(scope, _counted(receive, most), send)


def _counted(receive: Receive, most: int) -> Receive:
    """What is received, until it is more than `most` bytes."""
    read = 0

    async def counting() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise HTTPException(413)
        return message

    return counting
