"""The three things clients watch, for polling filters and subscriptions alike. Each emits JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eth.abc import SignedTransactionAPI

from .feed import Watcher
from .hexes import data
from .logs import matching_logs
from .mined import Mined
from .requests import LogFilter
from .views import head_view, pending_transaction_view

Emit = Callable[[Any], None]


class HeadWatcher(Watcher):
    """New blocks: their headers, or their hashes alone."""

    def __init__(self, emit: Emit, hashes: bool = False) -> None:
        self._emit = emit
        self._hashes = hashes

    def added(self, mined: Mined) -> None:
        self._emit(data(mined.header.hash) if self._hashes else head_view(mined.block))


class LogWatcher(Watcher):
    """Logs that match, once they are in a block, and again with `removed` when that block is taken back."""

    def __init__(self, emit: Emit, wanted: LogFilter) -> None:
        self._emit = emit
        self._wanted = wanted

    def added(self, mined: Mined) -> None:
        for log in self._logs(mined):
            self._emit(log)

    def removed(self, mined: Mined) -> None:
        for log in reversed(self._logs(mined)):
            self._emit(log | {"removed": True})

    def _logs(self, mined: Mined) -> list[dict[str, Any]]:
        inside = self._wanted.includes(mined.header.block_number)
        return matching_logs(mined, self._wanted) if inside else []


class PendingWatcher(Watcher):
    """Transactions that become ready for a block: their hashes, or the whole of them."""

    def __init__(self, emit: Emit, full: bool = False) -> None:
        self._emit = emit
        self._full = full

    def pending(self, transaction: SignedTransactionAPI) -> None:
        self._emit(pending_transaction_view(transaction) if self._full else data(transaction.hash))
