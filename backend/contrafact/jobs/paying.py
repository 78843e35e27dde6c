"""Money that no order's job sends: of wider uses, later revenue and rulings, and what waited for its holder's word."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from threading import Event, Lock

from contrafact.domain.history import Claim
from contrafact.errors import ContractError, ContrafactError, Payment
from contrafact.jobs.events import Happened, JobEvent, OnEvent
from contrafact.jobs.ports import OpenOrders
from contrafact.order.job import FEW_ORDERS, GAS_OF_AN_ORDER
from contrafact.order.payouts import BATCH, Payable, due, place_of, send
from contrafact.ports import LedgerReader, LedgerWriter

SOON = 60.0
"""Seconds, at most, until a round that was hindered is followed by another."""
HOUR = 3600.0
DAY = 24 * HOUR
_LONGEST = 32 * DAY

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Rest:
    """Until when, by the payer's clock, a place is left alone that has drawn this much, and for how many seconds."""

    drawn: int
    until: float
    seconds: float


@dataclass(slots=True)
class Paying:
    """Pays out what waits for an operator's rights holders, whatever brought it. `turn` is that of `payouts.send`.

    The chain says what is due, so that nothing is paid twice, and a round that was cut short is just begun again.
    A try costs gas, and anybody can bring in a unit of money: so a place that was sent something rests for an hour, one
    whose wallet did not take it for a day, then two, four, up to 32; unless it was drawn on meanwhile. Nothing is sent
    from the coin that orders may need.
    """

    orders: OpenOrders
    reader: LedgerReader
    writer: LedgerWriter
    turn: Lock
    on_event: OnEvent
    clock: Callable[[], float] = time.monotonic
    _rests: dict[Claim, _Rest] = field(default_factory=dict)

    def work(self, stop: Event, every: float) -> None:
        """Rounds until `stop` is set, so many seconds apart."""
        while not stop.is_set():
            stop.wait(every if self.run(stop) else min(every, SOON))

    def run(self, stop: Event) -> bool:
        """One round; whether it went through. What fails is told, and left to the next one."""
        through = True
        try:
            found = self._due(stop)
            while claims := list(islice(found, BATCH)):
                if stop.is_set():
                    return False
                self._require_reserve()
                through &= self._pay(claims)
        except (ContrafactError, OSError) as error:
            return self._tell(error)
        except Exception:
            _log.exception("A round of payouts ended with an error that was not foreseen.")
            return False
        return through and not stop.is_set()

    def _due(self, stop: Event) -> Iterator[Claim]:
        """What a payout would send now, without the places that rest. A claim that a contract refuses is left out."""
        claims = self.orders.unpaid()
        self._forget(set(claims))
        for claim in claims:
            if stop.is_set():
                return
            try:
                is_due = not self._rests_now(claim) and due(claim, self.reader) > 0
            except ContractError as error:
                self._tell(error)
                continue
            if is_due:
                yield claim

    def _pay(self, claims: Sequence[Claim]) -> bool:
        """One transaction. Another one may do where this one fails."""
        try:
            before = {claim: self._drawn(claim) for claim in claims}
            for claim in send([Payable(claim) for claim in claims], self.reader, self.writer, self.turn):
                self._rests[claim] = self._rest(claim, before[claim])
        except (ContrafactError, OSError) as error:
            return self._tell(error)
        return True

    def _rest(self, claim: Claim, before: int) -> _Rest:
        """After a try; `before`: what its place had drawn until then."""
        drawn, seconds, known = self._drawn(claim), HOUR, self._rests.get(claim)
        if drawn == before:  # the wallet did not take it
            seconds = min(max(DAY, 2 * known.seconds), _LONGEST) if known and known.drawn == drawn else DAY
        return _Rest(drawn, self.clock() + seconds, seconds)

    def _rests_now(self, claim: Claim) -> bool:
        rest = self._rests.get(claim)
        return rest is not None and self.clock() < rest.until and self._drawn(claim) == rest.drawn

    def _forget(self, claims: set[Claim]) -> None:
        now = self.clock()
        self._rests = {claim: rest for claim, rest in self._rests.items() if claim in claims or now < rest.until}

    def _drawn(self, claim: Claim) -> int:
        return place_of(claim, self.reader).drawn

    def _require_reserve(self) -> None:
        """Raises Payment where less than a few orders' gas is left: an order that is late costs a part of the bond."""
        if not self.writer.affords(FEW_ORDERS * GAS_OF_AN_ORDER):
            text = f"{self.writer.address} can pay the gas of fewer than {FEW_ORDERS} orders: payouts wait."
            raise Payment(text, "Send it more of the chain's coin.")

    def _tell(self, error: Exception) -> bool:
        self.on_event(JobEvent(Happened.HINDERED, error=error))
        return False
