"""Bars that workers report find their way to the thread that waits for the piece."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

from contrafact.compute.tasks import OnBar

Bar = tuple[str, int, int]
"""Of which call, the bar's number, and how many there are."""
BEGUN = (0, 0)
"""In place of a bar's numbers: a worker has begun with the call, which waited for its turn until then."""


class TooLong(Exception):
    """A worker has not come to the end of a call within its time."""


class Desk:
    """Calls under way, by a name of their own each. Thread-safe."""

    def __init__(self) -> None:
        self._inboxes: dict[str, SimpleQueue[tuple[int, int] | None]] = {}

    def follow(self, begin: Callable[[str], Future[Any]], on_bar: OnBar, seconds: float | None = None) -> Any:
        """The result of what `begin(name)` starts. `on_bar` is called in this thread; what it raises ends the wait.

        Bars are told as they come; the last ones may be missed where the result overtakes them. Raises TooLong where
        there is no result so many `seconds` after the call was begun.
        """
        name, inbox = uuid.uuid4().hex, SimpleQueue[tuple[int, int] | None]()
        self._inboxes[name] = inbox
        try:
            future = begin(name)
            future.add_done_callback(lambda _: inbox.put(None))
            for bar in _bars(inbox, seconds):
                on_bar(*bar)
            return future.result()
        finally:
            del self._inboxes[name]

    def deliver(self, bar: Bar) -> None:
        """Hands a bar to whoever waits for its call, if anybody still does."""
        name, number, count = bar
        if inbox := self._inboxes.get(name):
            inbox.put((number, count))


def _bars(inbox: SimpleQueue[tuple[int, int] | None], seconds: float | None) -> Iterator[tuple[int, int]]:
    """The bars of a call until its result is there. Raises TooLong."""
    end: float | None = None
    while True:
        try:
            bar = inbox.get(timeout=None if end is None else max(0.0, end - monotonic()))
        except Empty:
            raise TooLong from None
        if bar is None:
            return
        if bar != BEGUN:
            yield bar
        elif seconds is not None:
            end = monotonic() + seconds
