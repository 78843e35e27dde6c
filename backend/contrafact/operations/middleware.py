"""What is measured and logged of every request, around whatever answers it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from time import perf_counter
from typing import Any

from contrafact.operations.logs import about
from contrafact.operations.metrics import Metrics
from contrafact.web.request_ids import HEADER, id_for

logger = logging.getLogger("contrafact.requests")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_HEADER = HEADER.lower().encode()
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Observed:
    """ASGI middleware: counts and times requests, binds `request_id` to what is logged, and sends it back.

    A request may bring its id in `X-Request-ID` (8 to 64 letters, digits, `._-`); else it is given one.
    """

    def __init__(self, app: App, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        identifier, start, status = _request_id(scope), perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                message["headers"] = _with_id(message.get("headers", ()), identifier)
            await send(message)

        with about(request_id=identifier.decode()):
            try:
                await self._app(scope, receive, sending)
            finally:
                self._account(scope, status, perf_counter() - start)

    def _account(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = _route(scope)
        self._metrics.request(method, route, status, seconds)
        level = logging.WARNING if status >= 500 else logging.INFO
        values = {"method": method, "route": route, "status": status, "ms": round(1000 * seconds, 1)}
        logger.log(level, "request", extra=values)


def _route(scope: Scope) -> str:
    """The template of the route that answered; `none` where there was none."""
    found = scope.get("route")
    return str(getattr(found, "path_format", None) or getattr(found, "path", None) or "none")


def _request_id(scope: Scope) -> bytes:
    given = next((bytes(value).decode("latin-1") for name, value in scope["headers"] if name == _HEADER), None)
    identifier = id_for(given).encode()
    scope["headers"] = [pair for pair in scope["headers"] if pair[0] != _HEADER] + [(_HEADER, identifier)]
    return identifier


def _with_id(headers: Any, identifier: bytes) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in headers if name.lower() != _HEADER]
    return [*kept, (_HEADER, identifier)]
