"""The port through which the service shows its own audits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Standing:
    """How the service's audits stand: `every` in hours, from one's end to the next one's beginning, 0 for never.

    `step` is what the one under way does now, `problem` is what hindered the last try, in words.
    """

    every: float
    step: str | None = None
    problem: str | None = None


class Audits(Protocol):
    """What the service's own audit said. A document that cannot be read counts as none."""

    def standing(self) -> Standing: ...

    def latest(self) -> Mapping[str, Any] | None:
        """The summary of the newest report (`contrafact/own-audit/1`); None before the first was finished."""

    def order(self, order: str) -> Mapping[str, Any] | None:
        """What the newest report says of an order (`0x…`); None where it was not in it."""
