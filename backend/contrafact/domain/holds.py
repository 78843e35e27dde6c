"""What contests hold of royalty accounts, as the escrow says it."""

from __future__ import annotations

from dataclasses import dataclass

from contrafact.domain.decoding import Event


@dataclass(frozen=True, slots=True)
class AccountHeld:
    """From now on what an account received above `start` is held, up to `cap`; a cap of 0 holds nothing."""

    account: bytes
    start: int
    cap: int
    block: int

    def of(self, received: int) -> int:
        """What is held of an account that has received so much."""
        return min(max(received - self.start, 0), self.cap)


def account_held(event: Event) -> AccountHeld:
    a = event.arguments
    return AccountHeld(a["accountId"], a["from"], a["cap"], event.block)
