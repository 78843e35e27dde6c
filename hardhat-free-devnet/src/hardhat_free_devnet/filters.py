"""Polling filters: what happened since the client asked last."""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .errors import LimitExceeded, Rejected
from .feed import Feed, Watcher
from .requests import LogFilter
from .watchers import Emit, HeadWatcher, LogWatcher, PendingWatcher

EXPIRY = 300.0  # seconds without a poll, after which a filter is forgotten, as in geth
MAX_WAITING = 100_000  # changes that a filter holds; one that is polled never gets there


@dataclass
class _Filter:
    watcher: Watcher
    changes: deque[Any]
    wanted: LogFilter | None
    polled: float = field(default_factory=time.monotonic)

    def is_stale(self) -> bool:
        return time.monotonic() - self.polled > EXPIRY or len(self.changes) == MAX_WAITING


class Filters:
    """The filters that clients installed, by id."""

    def __init__(self, feed: Feed, limit: int) -> None:
        self._feed = feed
        self._limit = limit
        self._filters: dict[str, _Filter] = {}

    def watch_blocks(self) -> str:
        """A new filter of block hashes; returns its id. Like all of these, raises LimitExceeded."""
        return self._install(lambda emit: HeadWatcher(emit, hashes=True))

    def watch_logs(self, wanted: LogFilter) -> str:
        return self._install(lambda emit: LogWatcher(emit, wanted), wanted)

    def watch_pending(self) -> str:
        return self._install(PendingWatcher)

    def changes(self, filter_id: str) -> list[Any]:
        """What came since the last call. Raises Rejected when there is no such filter."""
        found = self._find(filter_id)
        changes = list(found.changes)
        found.changes.clear()
        return changes

    def wanted_logs(self, filter_id: str) -> LogFilter:
        """The logs that a filter is about. Raises Rejected when it is not about logs, or not there."""
        wanted = self._find(filter_id).wanted
        if wanted is None:
            raise Rejected("filter not found: it is not one of logs")
        return wanted

    def uninstall(self, filter_id: str) -> bool:
        """Forget a filter; False when there is none."""
        found = self._filters.pop(filter_id, None)
        if found is not None:
            self._feed.leave(found.watcher)
        return found is not None

    def _find(self, filter_id: str) -> _Filter:
        self._forget_stale()
        if filter_id not in self._filters:
            raise Rejected("filter not found")
        self._filters[filter_id].polled = time.monotonic()
        return self._filters[filter_id]

    def _install(self, make: Callable[[Emit], Watcher], wanted: LogFilter | None = None) -> str:
        self._forget_stale()
        if len(self._filters) >= self._limit:
            raise LimitExceeded(f"{self._limit} filters are installed; uninstall some")
        changes: deque[Any] = deque(maxlen=MAX_WAITING)
        watcher = make(changes.append)
        filter_id = hex(secrets.randbits(128))
        self._filters[filter_id] = _Filter(watcher, changes, wanted)
        self._feed.join(watcher)
        return filter_id

    def _forget_stale(self) -> None:
        for filter_id in [name for name, entry in self._filters.items() if entry.is_stale()]:
            self.uninstall(filter_id)
