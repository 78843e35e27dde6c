"""A TCP relay before a server, which can be shut, or take connections and answer nothing, as a network does."""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import suppress
from enum import StrEnum
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class State(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    """Connections end at once, also those that were open."""
    STALLED = "stalled"
    """Connections are taken, and nothing passes."""


class Gate:
    """Between clients and the server at an http URL, until the end of the `with`; `url` is where clients go.

    `trap(word, passes)` shuts the gate when a client says the word: after the words have passed, or instead.
    """

    def __init__(self, server_url: str) -> None:
        parts = urlsplit(server_url)
        self._server = (str(parts.hostname), int(parts.port or 80))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.state = State.OPEN
        self.sprung = threading.Event()
        self._trap: tuple[bytes, bool] | None = None
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.set(State.SHUT)

    def set(self, state: State) -> None:
        self.state = state
        if state is State.SHUT:
            with self._lock:
                found = list(self._open)
            for one in found:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def trap(self, word: bytes, *, passes: bool) -> None:
        self.sprung.clear()
        self._trap = (word, passes)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.state is State.SHUT:
                client.close()
            else:
                threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(self._server) as server:
            with self._lock:
                self._open |= {client, server}
            try:
                self._pump(client, server)
            finally:
                with self._lock:
                    self._open -= {client, server}

    def _pump(self, client: socket.socket, server: socket.socket) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            while self.state is not State.SHUT:
                if self.state is State.STALLED:
                    threading.Event().wait(0.02)
                    continue
                for key, _ in ready.select(0.05):
                    data = key.fileobj.recv(1 << 16)  # type: ignore[union-attr]
                    if not data or not self._passes(data, key.fileobj is client):
                        return
                    key.data.sendall(data)
                    if self.sprung.is_set() and self.state is State.OPEN and self._trap:
                        self._trap = None
                        self.set(State.SHUT)

    def _passes(self, data: bytes, from_client: bool) -> bool:
        """False where these words are kept, and the gate is shut."""
        trap = self._trap
        if trap is None or not from_client or trap[0] not in data:
            return True
        if not trap[1]:
            self._trap = None
            self.set(State.SHUT)
        self.sprung.set()
        return trap[1]
