"""Bars that workers report find their way to the thread that waits for the piece."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any

from contrafact.compute.tasks import OnBar

Bar = tuple[str, int, int]
"""Of which call, the bar's number, and how many there are."""


class Desk:
    """Calls under way, by a name of their own each. Thread-safe."""

    def __init__(self) -> None:
        self._inboxes: dict[str, SimpleQueue[tuple[int, int] | None]] = {}

    def follow(self, begin: Callable[[str], Future[Any]], on_bar: OnBar) -> Any:
        """The result of what `begin(name)` starts. `on_bar` is called in this thread; what it raises ends the wait.

        Bars are told as they come; the last ones may be missed where the result overtakes them.
        """
        name, inbox = uuid.uuid4().hex, SimpleQueue[tuple[int, int] | None]()
        self._inboxes[name] = inbox
        try:
            future = begin(name)
            future.add_done_callback(lambda _: inbox.put(None))
            while (bar := inbox.get()) is not None:
                on_bar(*bar)
            return future.result()
        finally:
            del self._inboxes[name]

    def deliver(self, bar: Bar) -> None:
        """Hands a bar to whoever waits for its call, if anybody still does."""
        name, number, count = bar
        if inbox := self._inboxes.get(name):
            inbox.put((number, count))
