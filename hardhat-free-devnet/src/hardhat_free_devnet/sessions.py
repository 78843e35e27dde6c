"""One WebSocket connection, as the node sees it: its subscriptions, and the way messages go out."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

from .errors import LimitExceeded
from .feed import Watcher
from .node import Node
from .watchers import Emit

Send = Callable[[bytes], None]


class Session:
    """Used by the node's thread alone. `send` may be called from there at any time until `close`."""

    def __init__(self, node: Node, send: Send) -> None:
        self.node = node
        self._send = send
        self._watchers: dict[str, Watcher] = {}
        self._held: list[bytes] | None = None

    def reply(self, make: Callable[[], bytes | None]) -> None:
        """Send an answer; what subscriptions say while it is made comes after it."""
        self._held = []
        answer = make()
        held, self._held = self._held, None
        for message in ([] if answer is None else [answer]) + held:
            self._send(message)

    def subscribe(self, make: Callable[[Emit], Watcher]) -> str:
        """Send what the watcher emits from now on; returns the subscription's id.

        Raises:
            LimitExceeded: this connection has too many.
        """
        if len(self._watchers) >= self.node.limits.filters:
            raise LimitExceeded(f"this connection has {self.node.limits.filters} subscriptions")
        name = hex(secrets.randbits(128))
        watcher = make(lambda item: self._notify(name, item))
        self._watchers[name] = watcher
        self.node.feed.join(watcher)
        return name

    def unsubscribe(self, name: str) -> bool:
        """Stop a subscription; False when there is none with this id."""
        watcher = self._watchers.pop(name, None)
        if watcher is not None:
            self.node.feed.leave(watcher)
        return watcher is not None

    def close(self) -> None:
        """The connection is gone: stop all subscriptions."""
        for name in list(self._watchers):
            self.unsubscribe(name)

    def _notify(self, name: str, item: Any) -> None:
        params = {"subscription": name, "result": item}
        message = {"jsonrpc": "2.0", "method": "eth_subscription", "params": params}
        encoded = json.dumps(message, separators=(",", ":")).encode()
        if self._held is None:
            self._send(encoded)
        else:
            self._held.append(encoded)
