"""Orders that were not delivered in time: their makers have their money back without having to ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contrafact.domain.digests import to_hex
from contrafact.domain.refunds import RefundRight, refund_right
from contrafact.errors import ContractError, ContrafactError, NotFound
from contrafact.jobs.events import Happened, JobEvent, OnEvent
from contrafact.jobs.ports import JobStore, OpenOrder
from contrafact.ports import LedgerReader, LedgerWriter, OrderStatus


def right_of(reader: LedgerReader, order_id: bytes) -> RefundRight | None:
    """What the maker of an order gets back, and from when on; None for one that is committed or refunded.

    Raises NotFound for an order that was never paid: an offer that nobody paid expires by itself, and costs nobody.
    """
    funded = next(iter(reader.funded(order_id)), None)
    if funded is None:
        raise NotFound(f"Order {to_hex(order_id)} was never paid.", "There is nothing to refund.")
    if reader.order_status(order_id) is not OrderStatus.FUNDED:
        return None
    quote = funded.quote
    return refund_right(order_id, quote.maker, quote.token, funded.escrowed, quote.deadline)


@dataclass(frozen=True, slots=True)
class Refunding:
    """Sends the refunds of one operator's expired orders, whether or not their secrets are here."""

    reader: LedgerReader
    writer: LedgerWriter
    store: JobStore
    on_event: OnEvent

    def expired(self, orders: Iterable[OpenOrder]) -> list[OpenOrder]:
        """Those that nobody can commit any more, by the chain's time."""
        waiting = [order for order in orders if not order.is_committed]
        now = self.reader.timestamp() if waiting else 0
        return [order for order in waiting if now > order.deadline]

    def run(self, orders: Iterable[OpenOrder]) -> None:
        """One that fails is told, does not hinder the others, and is tried again with the next look."""
        for order in orders:
            try:
                self._refund(order)
            except ContrafactError as error:
                self.on_event(JobEvent(Happened.HINDERED, order.order_id, error=error))

    def _refund(self, order: OpenOrder) -> None:
        order_id = order.order_id
        if (right := right_of(self.reader, order_id)) is None:
            return
        funded = next(iter(self.reader.funded(order_id)))
        try:
            self.writer.refund(funded)
        except ContractError:
            if self.reader.order_status(order_id) is not OrderStatus.REFUNDED:
                raise  # else somebody else was faster
        self.store.add(order_id, order.deadline)
        self.store.stop(order_id, _refunded(right))
        self.on_event(JobEvent(Happened.REFUNDED, order_id))


def _refunded(right: RefundRight) -> dict[str, str]:
    text = f"Its deadline passed: {right.maker} has {right.escrowed} units back, and {right.penalty} from the bond."
    return {"code": "order_closed", "message": text, "hint": "Nothing is to be done for it any more."}
