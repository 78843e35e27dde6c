"""How many blocks of logs a node is asked for at once. Public nodes refuse large ranges, each in its own words."""

from __future__ import annotations

from contrafact.ledger.failover import EndpointsFailed

CHUNK = 10_000  # blocks asked for at once, to begin with
FORGET_AFTER = 16  # accepted ranges: a node may refuse for the number of logs, which differs from place to place
_TOO_MUCH = ("HTTP 400", "HTTP 413", "HTTP 504", "ReadTimeout")  # of nodes that refuse a range so


class LogRange:
    """The size of the next range: halved when one is refused, doubled when one is accepted.

    It stays below what was refused, until that is a while ago.
    """

    def __init__(self, size: int = CHUNK) -> None:
        self.size = size
        self._largest, self._refused, self._accepted = size, 2 * size + 1, 0

    def refused(self, size: int) -> None:
        """A range of this many blocks was refused."""
        self._refused, self._accepted = size, 0
        self.size = max(size // 2, 1)

    def accepted(self) -> None:
        self._accepted += 1
        if self._accepted % FORGET_AFTER == 0:
            self._refused *= 2
        if self.size * 2 < self._refused:
            self.size = min(self.size * 2, self._largest)


def may_be_too_large(error: Exception) -> bool:
    """Whether the node may have refused a request for its size; what else hinders is not cured by a smaller one."""
    if not isinstance(error, EndpointsFailed):
        return True  # there is no common word for it
    return any(failure.reason in _TOO_MUCH for failure in error.failures.values())
