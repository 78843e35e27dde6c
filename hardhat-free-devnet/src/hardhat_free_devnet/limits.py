"""How much clients may ask for, so that none can exhaust the node."""

from __future__ import annotations

from dataclasses import dataclass, fields

from .errors import DevnetError


@dataclass(frozen=True)
class Limits:
    """Beyond each of these the answer is error -32005, "limit exceeded", but for `unread`."""

    body: int = 5 * 2**20  # bytes of one request or message
    batch: int = 1000  # requests in one batch
    requests: int = 1024  # HTTP requests in flight
    sockets: int = 256  # open WebSockets
    unread: int = 10_000  # messages that a WebSocket leaves unread before it is closed
    log_blocks: int = 100_000  # blocks that one eth_getLogs may search
    filters: int = 1000  # polling filters, and subscriptions of one WebSocket

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) < 1:
                raise DevnetError(f"the limit of {field.name} must be at least 1")
