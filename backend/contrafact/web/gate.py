"""Heavy work, such as listening to a recording, is done a few at a time, so that light requests stay quick.

Whoever waits holds a thread of those that answer everybody: few may wait, the others are sent away at once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from contrafact.web.errors import Overloaded


class Gate:
    """Lets `most` through at once, and `waiting` more wait at most `seconds`. For threads of one process."""

    def __init__(self, most: int = 2, seconds: float = 20.0, waiting: int = 8) -> None:
        self._places, self._seconds = threading.BoundedSemaphore(most), seconds
        self._inside = threading.BoundedSemaphore(most + waiting)

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Raises Overloaded."""
        if not self._inside.acquire(blocking=False):
            raise _overloaded()
        try:
            if not self._places.acquire(timeout=self._seconds):
                raise _overloaded()
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._inside.release()


def _overloaded() -> Overloaded:
    return Overloaded("Too many requests of this kind are being worked on.", "Send it again in a minute.")
