"""JSON-RPC over WebSockets: requests one after the other, and what subscriptions send in between."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from contextlib import suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from .errors import LimitExceeded
from .jsonrpc import answer, encode, failure
from .node import Node
from .sessions import Session

TOO_SLOW = 1008  # the close code of RFC 6455 for a breach of the rules
GOODBYE_SECONDS = 1.0  # for the close of a connection that may be stuck


class Sockets:
    """The endpoint of all WebSockets."""

    def __init__(self, node: Node, evm: Executor) -> None:
        self._node = node
        self._evm = evm
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        if self._open >= self._node.limits.sockets:
            error = LimitExceeded(f"{self._node.limits.sockets} WebSockets are open; try again")
            await socket.send_denial_response(Response(encode(failure(None, error)), 429))
            return
        self._open += 1
        try:
            await socket.accept()
            await _Connection(socket, self._node, self._evm).run()
        finally:
            self._open -= 1


class _Connection:
    """One client. Messages go out in the order in which the node's thread hands them over."""

    def __init__(self, socket: WebSocket, node: Node, evm: Executor) -> None:
        self._socket = socket
        self._node = node
        self._evm = evm
        self._loop = asyncio.get_running_loop()
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue()
        self._overrun = asyncio.Event()
        self._session = Session(node, self._post)

    async def run(self) -> None:
        """Serve until the client leaves, or does not read what it gets."""
        work = (self._read(), self._write(), self._overrun.wait())
        tasks = [asyncio.create_task(part) for part in work]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.shield(self._loop.run_in_executor(self._evm, self._session.close))
        if self._overrun.is_set():
            with suppress(Exception):  # there may be nobody to say it to
                await asyncio.wait_for(self._socket.close(TOO_SLOW), GOODBYE_SECONDS)

    async def _read(self) -> None:
        limit = self._node.limits.body
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            body = message.get("bytes") or (message.get("text") or "").encode("utf-8", "surrogatepass")
            if len(body) > limit:
                self._post(encode(failure(None, LimitExceeded(f"message is larger than {limit} bytes"))))
            else:
                await self._loop.run_in_executor(self._evm, self._answer, body)

    def _answer(self, body: bytes) -> None:
        self._session.reply(lambda: answer(self._node, body, self._session))

    def _post(self, message: bytes) -> None:
        """Called from any thread."""
        self._loop.call_soon_threadsafe(self._deliver, message)

    def _deliver(self, message: bytes) -> None:
        if self._outbox.qsize() < self._node.limits.unread:
            self._outbox.put_nowait(message)
        else:
            self._overrun.set()

    async def _write(self) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):  # the client is gone
            while True:
                await self._socket.send_text((await self._outbox.get()).decode())
