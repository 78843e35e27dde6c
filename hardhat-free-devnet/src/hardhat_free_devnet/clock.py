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
    interval: int | None = None  # seconds from each block to the next, instead of wall-clock time
    exact: int | None = None  # timestamp demanded for the next block alone
    now: Callable[[], float] = field(default=time.time, repr=False)

    @property
    def settings(self) -> tuple[int, int | None, int | None]:
        """(offset, exact, interval), for a snapshot."""
        return self.offset, self.exact, self.interval

    @settings.setter
    def settings(self, value: tuple[int, int | None, int | None]) -> None:
        self.offset, self.exact, self.interval = value

    def next_timestamp(self, parent: int) -> int:
        """Wall clock plus offset, but always later than the parent block, as consensus demands."""
        if self.exact is not None:
            return self.exact
        if self.interval is not None:
            return parent + self.interval
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

    def set_now(self, timestamp: int) -> int:
        """Make it this time now; blocks stay later than their parents. Returns by how much the offset grew.

        Raises:
            InvalidParams: beyond what the clock can show.
        """
        before = self.offset
        self.advance(timestamp - int(self.now()) - before)
        return self.offset - before

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
