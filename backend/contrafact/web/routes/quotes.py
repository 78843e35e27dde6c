"""What a piece may cost: looked at freely, signed by the operator for a maker that has signed in."""

from __future__ import annotations

import json

from fastapi import APIRouter, Request, Response

from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.orders import order_id
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.terms import NATIVE
from contrafact.errors import InvalidInput, NotFound, NotPermitted, Payment
from contrafact.ledger.calls.orders import Offer
from contrafact.ledger.prepared.orders import OrderSteps
from contrafact.web import conditional
from contrafact.web.auth.sessions import SignedIn
from contrafact.web.errors import answers
from contrafact.web.offers import licence_offered, offered, order_request
from contrafact.web.orders import quoted
from contrafact.web.routing import IDEMPOTENT, IdempotentRoute
from contrafact.web.schemas.fields import Digest, Issue
from contrafact.web.schemas.prepared import WalletSteps
from contrafact.web.schemas.quotes import FundingRequest, Preview, PreviewRequest, QuoteAnswer, QuoteRequest
from contrafact.web.services import Given, Services, desk_of

router = APIRouter(prefix="/v1/quotes", tags=["quotes"], route_class=IdempotentRoute)
_REFUSALS = (InvalidInput, NotFound, NotPermitted, Payment)


@router.post("/preview", responses=answers(403, 404, 409, 451), dependencies=IDEMPOTENT)
def preview_quote(asked: PreviewRequest, services: Given) -> Preview:
    """Whether a piece may be ordered, what it costs at most, and who would get what. Nothing is kept."""
    desk = desk_of(services)
    try:
        with services.quoting.passed():
            quote, selection = desk.preview(order_request(asked, NATIVE, services))
    except _REFUSALS as refusal:
        return Preview(permitted=False, reason=Issue(**refusal.to_dict()), offer=None)
    return Preview(permitted=True, reason=None, offer=offered(quote, selection.terms, services))


@router.post("", status_code=201, responses=answers(401, 402, 403, 404, 409, 451), dependencies=IDEMPOTENT)
def create_quote(asked: QuoteRequest, caller: SignedIn, services: Given, response: Response) -> QuoteAnswer:
    """An offer to the wallet that has signed in, signed by the operator; it waits to be funded."""
    desk = desk_of(services)
    with services.quoting.passed():
        signed = desk.offer(order_request(asked, caller.wallet, services))
    made = _answer(signed, services)
    response.headers["Location"] = f"/v1/quotes/{made.order}"
    return made


@router.get("/{order}", responses=answers(304, 404))
def get_quote(order: Digest, services: Given, request: Request, response: Response) -> QuoteAnswer:
    """An offer that was made here, as it was signed."""
    signed = quoted(desk_of(services), from_hex(order))
    conditional.fresh(request, response, conditional.tag_of(order, signed.signature))
    return _answer(signed, services)


@router.post("/{order}/funding", responses=answers(403, 404, 402, 409), dependencies=IDEMPOTENT)
def prepare_funding(order: Digest, asked: FundingRequest, services: Given) -> WalletSteps:
    """What the maker's wallet sends, or signs, to pay an offer in; approvals of its token come first."""
    signed = quoted(desk_of(services), from_hex(order))
    offer, steps = Offer.of(signed, from_hex(asked.maker_salt)), OrderSteps(services.preparer)
    return WalletSteps.of(steps.fund(offer) if asked.by == "transaction" else steps.fund_by_signature(offer))


def _answer(signed: SignedQuote, services: Services) -> QuoteAnswer:
    return QuoteAnswer(
        order=to_hex(order_id(signed.quote, services.ledger.domain)),
        maker=signed.quote.maker,
        offer=offered(signed.quote, signed.terms, services),
        licence=licence_offered(signed, services),
        document=json.loads(signed.to_bytes()),
    )
