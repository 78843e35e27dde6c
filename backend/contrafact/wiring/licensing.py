"""The licence of an order as the chain has it now: before it is paid, as recorded, and as it was raised since."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from contrafact.contents import record_document
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.licence_facts import Licence
from contrafact.domain.licence_text import TEMPLATE, licence_text, template_of
from contrafact.domain.quotes import SignedQuote
from contrafact.errors import NotFound, OrderClosed, StoreError
from contrafact.order.licensing import licence_of, licence_to_come
from contrafact.ports import OrderStatus
from contrafact.wiring.site import Site


@dataclass(frozen=True, slots=True)
class InForce:
    """The licence of an order for the use that it is paid for now, and what its record names.

    `recorded` is None before the commit; `follows` says whether it is the digest of the text for the ordered use, in
    `template` then.
    """

    licence: Licence
    committed: bool
    recorded: bytes | None
    follows: bool | None
    template: str = TEMPLATE

    @property
    def text(self) -> bytes:
        return licence_text(self.licence, paid=self.committed, template=self.template)

    def to_dict(self) -> dict[str, object]:
        """For machines; `sha256` is of the text as it is here."""
        return {
            "order": to_hex(self.licence.order_id),
            "use": self.licence.use.name.lower(),
            "ordered_use": self.licence.quote.use.name.lower(),
            "in_force": self.committed,
            "sha256": to_hex(sha256(self.text)),
            "recorded": to_hex(self.recorded) if self.recorded else None,
            "follows": self.follows,
            "text": self.text.decode(),
        }


def licence_in_force(site: Site, order_id: bytes) -> InForce:
    """The licence of a funded order. Raises NotFound for another, OrderClosed for one that was refunded, and NotFound,
    StoreError or InvalidInput where a document that it quotes cannot be had.
    """
    funded = next(iter(site.reader.funded(order_id)), None)
    if funded is None:
        text = f"Order {to_hex(order_id)} was never funded on this chain."
        raise NotFound(text, "Give the quote's file to read its licence before paying.")
    status = site.reader.order_status(order_id)
    if status is OrderStatus.REFUNDED:
        raise OrderClosed(f"Order {to_hex(order_id)} was refunded: it licenses nothing.", "Quote again.")
    ordered = licence_of(funded, None, site.reader, site.store)
    if status is not OrderStatus.COMMITTED:
        return InForce(ordered, False, None, None)
    raised, recorded = site.reader.raised(order_id), _recorded(site, order_id)
    now = replace(ordered, use=raised[-1].use) if raised else ordered
    if recorded is None:
        return InForce(now, True, None, None)
    template = template_of(ordered, recorded)
    return InForce(now, True, recorded, template is not None, template or TEMPLATE)


def licence_offered(site: Site, signed: SignedQuote) -> InForce:
    """What an offer will license, before anybody pays."""
    return InForce(licence_to_come(signed.quote, signed.terms, site.reader, site.store), False, None, None)


def _recorded(site: Site, order_id: bytes) -> bytes | None:
    """The digest in the order's record; None where that cannot be had."""
    with suppress(NotFound, StoreError):
        (committed,) = site.reader.committed(order_id)
        return record_document(site.store, committed.commit.record_digest).licence
    return None
