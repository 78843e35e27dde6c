"""HTTP servers in the main thread, until a signal: no new requests, those under way are finished, then done."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import FrameType

import uvicorn

from contrafact.errors import InvalidInput
from contrafact.operations.middleware import App

_BACKLOG = 2048


@dataclass(frozen=True, slots=True)
class Listener:
    """An app and the socket that it listens at."""

    app: App
    socket: socket.socket

    @property
    def url(self) -> str:
        host, port = self.socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def listen(app: App, host: str, port: int) -> Listener:
    """Raises InvalidInput where the address cannot be had."""
    try:
        made = _listening(host, port)
    except OSError as error:
        text = f"{host}:{port} cannot be listened at: {(error.strerror or str(error)).lower()}."
        raise InvalidInput(text, "Does another process have it? Choose with --host and --port.") from error
    return Listener(app, made)


def free_port(host: str, port: int) -> int:
    """The port, or a free one for 0. Raises InvalidInput where `listen` would."""
    made = listen(_nothing, host, port)
    with made.socket:
        return int(made.socket.getsockname()[1])


async def _nothing(scope: object, receive: object, send: object) -> None:
    """An app that nobody reaches."""


def _listening(host: str, port: int) -> socket.socket:
    """Its protocol is said, since asyncio sends small answers at once only over what it knows to be TCP."""
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(_BACKLOG)
    except OSError:
        made.close()
        raise
    return made


class Servers:
    """Serves all listeners in one event loop. `on_end` is called once, when the first signal comes.

    A second SIGINT ends requests at once. `should_exit` and the bound handler are what open event streams look at.
    """

    def __init__(self, listeners: Sequence[Listener], grace: float, on_end: Callable[[], None]) -> None:
        self._listeners, self._on_end = listeners, on_end
        self._servers = [_Server(_config(listener.app, grace)) for listener in listeners]
        self.should_exit = False

    def run(self) -> None:
        with self._signals():
            asyncio.run(self._serve())

    def end(self) -> None:
        """As a signal does."""
        if not self.should_exit:
            self.should_exit = True
            self._on_end()
        for server in self._servers:
            server.should_exit = True

    async def _serve(self) -> None:
        pairs = zip(self._servers, self._listeners, strict=True)
        await asyncio.gather(*(server.serve([listener.socket]) for server, listener in pairs))

    def handle_exit(self, number: int, frame: FrameType | None) -> None:
        if self.should_exit and number == signal.SIGINT:
            for server in self._servers:
                server.force_exit = True
        self.end()

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class _Server(uvicorn.Server):
    """Leaves the signals to `Servers`, which has several of them to tell."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: App, grace: float) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,  # ours
        access_log=False,  # `middleware` writes what is needed, and no path with what people asked for
        timeout_graceful_shutdown=max(1, round(grace)),
        server_header=False,
        proxy_headers=True,
    )
