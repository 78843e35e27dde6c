"""Open event streams, which cost something as long as they last: so many, and so many of one client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from contrafact.web.errors import Overloaded, TooManyRequests


class Streams:
    """Counts for one event loop."""

    def __init__(self, most: int = 100, most_of_one: int = 20) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._open: Counter[str] = Counter()

    def require_room(self, client: str) -> None:
        """Raises TooManyRequests or Overloaded where a further stream of the client's is one too many."""
        hint = "Close one, or ask for the order itself now and then."
        if self._open[client] >= self._most_of_one:
            raise TooManyRequests(f"You follow {self._most_of_one} orders already.", hint)
        if self._open.total() >= self._most:
            raise Overloaded("Too many orders are being followed.", "Ask for the order itself now and then.")

    @contextmanager
    def counted(self, client: str) -> Iterator[None]:
        """A stream that is open as long as the block runs."""
        self._open[client] += 1
        try:
            yield
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]
