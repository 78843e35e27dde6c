"""Heavy work, such as listening to a recording, is done a few at a time, so that light requests stay quick."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from contrafact.web.errors import Overloaded


class Gate:
    """Lets `most` through at once; who waits longer than `seconds` is sent away. For threads of one process."""

    def __init__(self, most: int = 2, seconds: float = 20.0) -> None:
        self._places, self._seconds = threading.BoundedSemaphore(most), seconds

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Raises Overloaded."""
        if not self._places.acquire(timeout=self._seconds):
            raise Overloaded("Too many files are being looked at.", "Send it again in a minute.")
        try:
            yield
        finally:
            self._places.release()
