"""`/healthz`, `/readyz` and `/metrics`, in front of the API or on a port of their own."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections.abc import Sequence

from contrafact.errors import InvalidInput
from contrafact.operations.health import Readiness
from contrafact.operations.metrics import CONTENT_TYPE, Metrics
from contrafact.operations.middleware import App, Receive, Scope, Send

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
JSON = "application/json"


def networks(text: str) -> tuple[Network, ...]:
    """Networks and addresses with commas between. Raises InvalidInput."""
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        hint = "Write for example 127.0.0.0/8,10.0.0.0/8."
        raise InvalidInput(f"CONTRAFACT_METRICS_FROM cannot be read: {error}.", hint) from error


class Probes:
    """ASGI: answers the three paths, and hands everything else to `app`; without one, to nobody (404).

    `/metrics` is answered only to clients of the networks `allowed`; None allows everybody, for a port of its own.
    """

    def __init__(
        self, metrics: Metrics, readiness: Readiness, app: App | None = None, allowed: Sequence[Network] | None = None
    ) -> None:
        self._metrics, self._readiness, self._app, self._allowed = metrics, readiness, app, allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = {"/healthz": self._health, "/readyz": self._ready, "/metrics": self._measured}.get(
            scope["path"] if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else ""
        )
        if answer is not None:
            await answer(scope, send)
        elif self._app is not None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await _respond(send, scope, 404, _document({"code": "not_found", "message": "There is nothing here."}))
        else:
            await _no_lifespan(receive, send)

    async def _health(self, scope: Scope, send: Send) -> None:
        await _respond(send, scope, 200, _document({"alive": True}))

    async def _ready(self, scope: Scope, send: Send) -> None:
        ready, document = await asyncio.to_thread(self._readiness.answer)
        await _respond(send, scope, 200 if ready else 503, _document(document))

    async def _measured(self, scope: Scope, send: Send) -> None:
        if not self._may_measure(scope):
            document = _document({"code": "not_permitted", "message": "Metrics are not for this address."})
            await _respond(send, scope, 403, document)
            return
        await _respond(send, scope, 200, await asyncio.to_thread(self._metrics.text), CONTENT_TYPE)

    def _may_measure(self, scope: Scope) -> bool:
        if self._allowed is None:
            return True
        try:
            client = ipaddress.ip_address((scope.get("client") or ("",))[0])
        except ValueError:
            return False
        return any(client in network for network in self._allowed if network.version == client.version)


def _document(value: object) -> bytes:
    return json.dumps(value).encode()


async def _respond(send: Send, scope: Scope, status: int, body: bytes, media_type: str = JSON) -> None:
    headers = [
        (b"content-type", media_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


async def _no_lifespan(receive: Receive, send: Send) -> None:
    """Answers a server's start and end where there is no app that would."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
