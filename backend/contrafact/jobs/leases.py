"""Which running jobs their owner has left: a lease that stands still, by this process's own stopwatch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

from contrafact.jobs.ports import Lease


class LeaseWatch:
    """Compares no clocks: it measures how long it has itself seen a lease unchanged. `clock` in seconds, monotonic."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._seen: dict[bytes, tuple[Lease, float]] = {}

    def abandoned(self, leases: Mapping[bytes, Lease]) -> Iterator[tuple[bytes, Lease]]:
        """Of the leases as they are now, those that have not changed for the time of a lease."""
        now = self._clock()
        before, self._seen = self._seen, {}
        for order_id, lease in leases.items():
            known, since = before.get(order_id, (None, now))
            self._seen[order_id] = (lease, since if known == lease else now)
            if now - self._seen[order_id][1] >= self._seconds:
                yield order_id, lease
