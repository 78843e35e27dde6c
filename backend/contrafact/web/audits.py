"""The port through which the service shows its own audits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Standing:
    """How the service's audits stand: `every` in hours, from one's end to the next one's beginning, 0 for never.

    `soon` is the same where orders were made since. `step` is what the one under way does now, `problem` is what
    hindered the last try, in words.
    """

    every: float
    soon: float
    step: str | None = None
    problem: str | None = None

    def next_at(self, finished_at: datetime, newer: bool) -> datetime | None:
        """When the audit after that one begins, with or without `newer` orders; None for never.

        Where that is over, it begins any moment.
        """
        rest = self.soon if newer else self.every
        return max(finished_at + timedelta(hours=rest), datetime.now(UTC)) if self.every else None


class Audits(Protocol):
    """What the service's own audit said. A document that cannot be read counts as none."""

    def standing(self) -> Standing: ...

    def latest(self) -> Mapping[str, Any] | None:
        """The summary of the newest report (`contrafact/own-audit/1`); None before the first was finished."""

    def order(self, order: str) -> Mapping[str, Any] | None:
        """What the newest report says of an order (`0x…`); None where it was not in it."""
