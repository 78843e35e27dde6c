"""What the escrow sent in one transaction, as the token tells it, beside what the escrow's events say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sendings:
    """Units by lower-case addresses. `moved`: by token and receiver, what the token's events say left the escrow, and
    what the escrow owes since. `told`: by account and holder, what the escrow's events say was paid.
    """

    moved: Mapping[tuple[str, str], int] = field(default_factory=dict)
    told: Mapping[tuple[bytes, str], int] = field(default_factory=dict)

    def to(self, receiver: str, token: str) -> int:
        return self.moved.get((token.lower(), receiver.lower()), 0)
