"""Which web pages may talk to the node. CORS alone keeps pages from reading answers, not from sending."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose


class OriginGuard:
    """Refuses requests and WebSockets of pages whose origin is not allowed; `*` allows all."""

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        self._app = app
        self._allowed = frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = Headers(scope=scope).get("origin")
        if origin is None or "*" in self._allowed or origin in self._allowed:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(1008)(scope, receive, send)
        else:
            text = f"origin not allowed: start the node with --allow-origin {origin[:200]}"
            await PlainTextResponse(text, 403)(scope, receive, send)
