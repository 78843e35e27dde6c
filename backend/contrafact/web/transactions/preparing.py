"""What all prepared transactions share: how their operations are declared, and what their requests name."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from contrafact.domain.digests import canonical_json, from_hex, to_hex
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.splits import Split
from contrafact.domain.works import WorkMetadata
from contrafact.errors import NotFound
from contrafact.ledger.calls import Call, Calls
from contrafact.ledger.calls.orders import Offer
from contrafact.read_model import WorkRow
from contrafact.web.errors import answers
from contrafact.web.routing import IDEMPOTENT, IdempotentRoute
from contrafact.web.schemas.prepared import WalletSteps
from contrafact.web.schemas.transactions import Funding
from contrafact.web.services import Services
from contrafact.web.works import pinned_split

RESPONSES = answers(402, 403, 404, 409, 451)


def new_router() -> APIRouter:
    """A router of prepared transactions."""
    return APIRouter(
        prefix="/v1/transactions",
        tags=["transactions"],
        route_class=IdempotentRoute,
        dependencies=IDEMPOTENT,
        responses=RESPONSES,
    )


def calls(services: Services) -> Calls:
    return services.preparer.calls


def prepared(services: Services, call: Call, sender: str) -> WalletSteps:
    return WalletSteps.of(services.preparer.steps(call, sender))


def work_document(document: dict[str, Any]) -> WorkMetadata:
    """A work's document as JSON. Raises InvalidInput."""
    return WorkMetadata.from_bytes(canonical_json(document))


def quote_of(document: dict[str, Any]) -> SignedQuote:
    """A signed quote as JSON. Raises InvalidInput."""
    return SignedQuote.from_bytes(canonical_json(document))


def offer_of(asked: Funding) -> Offer:
    """Raises InvalidInput for a malformed quote, NotPermitted where an approval or a list is missing."""
    return Offer.of(quote_of(asked.quote), from_hex(asked.maker_salt))


def known_split(services: Services, row: WorkRow, root: bytes) -> Split:
    """The split of `root` that the work has or had. Raises NotFound."""
    if (found := pinned_split(services, row, root)) is None:
        text = f"The holders of the rights split {to_hex(root)} are not known here."
        raise NotFound(text, "Its document must be in the content store.")
    return found
