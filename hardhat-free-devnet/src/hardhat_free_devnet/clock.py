"""The chain's clock: wall-clock time plus an offset that tests may push forward."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .errors import InvalidParams

LATEST = 2**40  # seconds since the epoch: the year 36812. Nothing on the chain may be later.


@dataclass
class Clock:
    """Decides the timestamp of the next block (seconds since the epoch)."""

    offset: int = 0
    exact: int | None = None  # timestamp demanded for the next block alone
    now: Callable[[], float] = field(default=time.time, repr=False)

    def next_timestamp(self, parent: int) -> int:
        """Wall clock plus offset, but always later than the parent block, as consensus demands."""
        if self.exact is not None:
            return self.exact
        return max(parent + 1, int(self.now()) + self.offset)

    def advance(self, seconds: int) -> int:
        """Move every later block forward; returns the whole offset so far.

        Raises:
            InvalidParams: beyond what the clock can show.
        """
        if int(self.now()) + self.offset + seconds > LATEST:
            raise InvalidParams(f"the clock cannot be pushed beyond {LATEST}")
        self.offset += seconds
        return self.offset

    def set_next(self, timestamp: int, parent: int) -> None:
        """Demand the timestamp of the next block.

        Raises:
            InvalidParams: it is not later than that of the latest block, or beyond what the clock can show.
        """
        if not parent < timestamp <= LATEST:
            raise InvalidParams(f"timestamp {timestamp} is not later than {parent}, or beyond {LATEST}")
        self.exact = timestamp

    def sealed(self, timestamp: int) -> None:
        """A block was made; after a demanded timestamp, time runs on from there."""
        if self.exact is not None:
            self.offset = timestamp - int(self.now())
            self.exact = None
