"""Money that no order's job sends: of wider uses, later revenue and rulings, and what waited for its holder's word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from contrafact.domain.history import Claim
from contrafact.errors import ContrafactError
from contrafact.jobs.events import Happened, JobEvent, OnEvent
from contrafact.jobs.ports import OpenOrders
from contrafact.order.payouts import Payable, confirmed, pay_out
from contrafact.ports import LedgerReader, LedgerWriter


@dataclass(slots=True)
class Paying:
    """Pays out what waits for an operator's rights holders, whatever brought it.

    The chain says what is due, so that nothing is paid twice, and a round that was cut short is just begun again.
    """

    orders: OpenOrders
    reader: LedgerReader
    writer: LedgerWriter
    on_event: OnEvent
    _refused: Mapping[Claim, int] = field(default_factory=dict)
    """What a wallet did not take the last time. It costs gas to try, so it is tried again once there is more."""

    def run(self) -> None:
        """One round. What fails is told, and left to the next one."""
        try:
            due = list(self._due())
            left = pay_out([Payable(claim) for claim in due], self.reader, self.writer)
            self._refused = dict(self._refused) | {waiting.claim: waiting.amount for waiting in left}
        except (ContrafactError, OSError) as error:
            self.on_event(JobEvent(Happened.HINDERED, error=error))

    def _due(self) -> Iterator[Claim]:
        """Claims that a payout would send now: confirmed, and not below the minimum that the holder has set."""
        least: dict[tuple[str, str], int] = {}
        for claim in self.orders.unpaid():
            key = claim.leaf.holder, claim.token
            if key not in least:
                least[key] = self.reader.threshold(*key)
            amount = self.reader.claimable(claim)
            is_new = amount > 0 and self._refused.get(claim) != amount
            if is_new and amount >= least[key] and confirmed(claim, self.reader):
                yield claim
