"""The network face of a node: JSON-RPC at `/`, by POST or over a WebSocket."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from .errors import LimitExceeded, RpcError
from .jsonrpc import answer, encode, failure
from .limits import Limits
from .node import Node
from .origins import OriginGuard
from .sockets import Sockets

DRAIN = 4  # times the limit: so much of a larger body is read, and dropped, so that its sender can hear why

STACK = 64 * 2**20  # bytes; py-evm lifts Python's recursion limit to 12,288, which overflows the usual stack
ANY_ORIGIN = ("*",)


def evm_worker() -> Executor:
    """The one thread in which a node works; deep calls and deeply nested JSON cannot overflow its stack."""
    before = threading.stack_size(STACK)
    try:
        worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="evm")
        worker.submit(int).result()  # threads start with their first task
    finally:
        threading.stack_size(before)
    return worker


def create_app(node: Node, evm: Executor, origins: Sequence[str] = ANY_ORIGIN) -> Starlette:
    """An ASGI application for the node, for web pages of these origins (CORS) and everything that is none.

    `evm` is an `evm_worker()`: it puts all requests in one line, which py-evm needs. A batch runs as a whole.
    """
    cors = Middleware(CORSMiddleware, allow_origins=origins, allow_methods=["POST"], allow_headers=["*"])
    return Starlette(
        routes=[
            Route("/", _Http(node, evm), methods=["POST"]),
            WebSocketRoute("/", Sockets(node, evm)),
        ],
        middleware=[Middleware(OriginGuard, allowed=origins), cors],
    )


class _Http:
    """One request by POST. `in_flight` counts those that wait for their answers."""

    def __init__(self, node: Node, evm: Executor) -> None:
        self._node = node
        self._evm = evm
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._respond(Request(scope, receive))
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        limits = self._node.limits
        if self._in_flight >= limits.requests:
            return _refusal(LimitExceeded(f"{limits.requests} requests are in flight; try again"), 429)
        self._in_flight += 1
        try:
            body = await _body(request, limits)
            if body is None:
                return _refusal(LimitExceeded(f"request body is larger than {limits.body} bytes"), 413)
            reply = await asyncio.get_running_loop().run_in_executor(self._evm, answer, self._node, body)
        finally:
            self._in_flight -= 1
        return Response(status_code=204) if reply is None else _json(reply, 200)


async def _body(request: Request, limits: Limits) -> bytes | None:
    """The body, or None when it is larger than the limit."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size <= limits.body:
            parts.append(part)
        else:
            parts.clear()
        if size > limits.body * DRAIN:
            break
    return b"".join(parts) if size <= limits.body else None


def _refusal(error: RpcError, status: int) -> Response:
    return _json(encode(failure(None, error)), status)


def _json(content: bytes, status: int) -> Response:
    return Response(content, status, media_type="application/json")
