"""Telling watchers what happens to the chain and the pool."""

from __future__ import annotations

from eth.abc import SignedTransactionAPI

from .mined import Mined


class Watcher:
    """Somebody who wants to know; each kind overrides what it cares about."""

    def added(self, mined: Mined) -> None:
        """A block became the latest one."""

    def removed(self, mined: Mined) -> None:
        """The latest block was taken back, by a revert or a reorganisation."""

    def pending(self, transaction: SignedTransactionAPI) -> None:
        """A transaction waits for the next block."""


class Feed:
    """Passes every event to all watchers, in order."""

    def __init__(self) -> None:
        self._watchers: list[Watcher] = []

    def join(self, watcher: Watcher) -> None:
        self._watchers.append(watcher)

    def leave(self, watcher: Watcher) -> None:
        self._watchers.remove(watcher)

    def added(self, mined: Mined) -> None:
        for watcher in tuple(self._watchers):
            watcher.added(mined)

    def removed(self, mined: Mined) -> None:
        for watcher in tuple(self._watchers):
            watcher.removed(mined)

    def pending(self, transaction: SignedTransactionAPI) -> None:
        for watcher in tuple(self._watchers):
            watcher.pending(transaction)
