"""The HTTP face of a node: POST JSON-RPC to `/`, from any origin."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Executor, ThreadPoolExecutor

from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware

from .errors import INVALID_REQUEST, RpcError
from .jsonrpc import answer, encode, failure
from .node import Node

MAX_BODY = 5 * 2**20  # bytes
DRAIN = 4  # times the limit: so much of a larger body is read, and dropped, so that its sender can hear why

STACK = 64 * 2**20  # bytes; py-evm lifts Python's recursion limit to 12,288, which overflows the usual stack


def evm_worker() -> Executor:
    """The one thread in which a node works; deep calls and deeply nested JSON cannot overflow its stack."""
    before = threading.stack_size(STACK)
    try:
        worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="evm")
        worker.submit(int).result()  # threads start with their first task
    finally:
        threading.stack_size(before)
    return worker


def create_app(node: Node, evm: Executor, max_body: int = MAX_BODY) -> FastAPI:
    """An ASGI application for the node.

    `evm` is an `evm_worker()`: it puts all requests in one line, which py-evm needs. A batch runs as a whole.
    """
    app = FastAPI(title="hardhat-free-devnet", openapi_url=None)
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["POST"], allow_headers=["*"])

    @app.post("/")
    async def rpc(request: Request) -> Response:
        body = await _body(request, max_body)
        if body is None:
            error = RpcError(INVALID_REQUEST, f"request body is larger than {max_body} bytes")
            return _json(encode(failure(None, error)), 413)
        reply = await asyncio.get_running_loop().run_in_executor(evm, answer, node, body)
        return Response(status_code=204) if reply is None else _json(reply, 200)

    return app


async def _body(request: Request, limit: int) -> bytes | None:
    """The body, or None when it is larger than the limit."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size <= limit:
            parts.append(part)
        else:
            parts.clear()
        if size > limit * DRAIN:
            break
    return b"".join(parts) if size <= limit else None


def _json(content: bytes, status: int) -> Response:
    return Response(content, status, media_type="application/json")
