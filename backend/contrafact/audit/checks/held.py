"""Was money paid that a contest of the work held? What the escrow held is followed event by event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from contrafact.audit.checks.accounts import split_of
from contrafact.audit.evidence import Evidence
from contrafact.audit.order_events import Movement
from contrafact.audit.outcomes import Judge, Outcome, Outcomes, missing
from contrafact.audit.totals import AccountHistory
from contrafact.domain.history import Credited, HeldMoved, Paid
from contrafact.domain.holds import AccountHeld
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split


@dataclass
class _Balance:
    """An account as its events leave it, one after the other."""

    account: bytes
    received: int = 0
    hold: AccountHeld | None = None
    got: Counter[int] = field(default_factory=Counter)

    @property
    def held(self) -> int:
        return self.hold.of(self.received) if self.hold else 0

    def take(self, event: Movement) -> None:
        if isinstance(event, Paid):
            self.got[event.index] += event.amount
        elif isinstance(event, AccountHeld):
            self.hold = event
        elif isinstance(event, Credited):
            self.received += event.amount
        elif isinstance(event, HeldMoved):
            self.received += event.amount if event.to == self.account else -event.amount

    def overdrawn(self, index: int, share: int) -> int:
        """What the holder of the share has of the money that is held."""
        free, all_ = ((self.received - held) * share // PPM for held in (self.held, 0))
        return min(self.got[index], all_) - free


def held(evidence: Evidence, account: AccountHistory, judge: Judge) -> Outcomes:
    """After each payment its holder has no more than its share of what was free then."""
    balance, shares = _Balance(account.account), _shares(split_of(evidence, account))
    for event in account.movements:
        balance.take(event)
        if isinstance(event, Paid):
            yield _judged(event, balance.overdrawn(event.index, shares.get(event.index, PPM)), judge)
    stored = evidence.storage.held.get(account.account, 0)
    message = "The contract holds another amount of the account than its events leave."
    yield judge.equal("money.held", stored, balance.held, message)


def _judged(event: Paid, over: int, judge: Judge) -> Outcome:
    loss = missing(event.token, min(over, event.amount), "who contests the work")
    message = f"{event.holder} was paid what a contest of the work held."
    return judge.that("money.held", over <= 0, message, loss=loss, transaction=event.transaction)


def _shares(split: Split | None) -> Mapping[int, int]:
    """The shares by place. Of leaves with one index, which draw on one balance, the largest."""
    leaves = sorted(split.leaves, key=lambda leaf: leaf.share) if split else ()
    return {leaf.index: leaf.share for leaf in leaves}
