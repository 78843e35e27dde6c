"""The outermost layer: the request's id, headers that every answer has, and the answer to what nobody expected."""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contrafact.web.request_ids import HEADER, id_for, request_id

_log = logging.getLogger(__name__)
_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-site",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_TRANSPORT = {"Strict-Transport-Security": "max-age=31536000"}


class Outermost:
    """Gives every answer its id and its headers; an unexpected error becomes a 500 that names the id, and a log line.

    `secure`: the service is reached over https. `unexpected` makes the answer to a request from its id.
    """

    def __init__(self, app: ASGIApp, *, secure: bool, unexpected: Callable[[Scope, str], ASGIApp]) -> None:
        self._app, self._unexpected = app, unexpected
        self._headers = {**_SECURITY, **(_TRANSPORT if secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(HEADER.lower().encode())
        mine = id_for(given.decode("latin-1") if given else None)
        token = request_id.set(mine)
        sending = _Sending(send, {HEADER: mine, **self._headers})
        try:
            await self._app(scope, receive, sending)
        except Exception:
            _log.exception("unexpected error in %s %s (request %s)", scope["method"], scope["path"], mine)
            if sending.started:
                raise
            await self._unexpected(scope, mine)(scope, receive, sending)
        finally:
            request_id.reset(token)


class _Sending:
    """Passes messages on, with these headers on the first; a header that the app set itself stays."""

    def __init__(self, send: Send, headers: dict[str, str]) -> None:
        self._send, self._added, self.started = send, headers, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in self._added.items():
                headers.setdefault(name, value)
        await self._send(message)
