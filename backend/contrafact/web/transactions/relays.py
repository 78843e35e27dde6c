"""Orders that the operator sends for makers who have signed them."""

from __future__ import annotations

from fastapi import APIRouter

from contrafact.domain.digests import to_hex
from contrafact.domain.orders import order_id
from contrafact.errors import InvalidInput, NotPermitted
from contrafact.ledger.calls import Call
from contrafact.ledger.calls.orders import Offer
from contrafact.web.errors import answers
from contrafact.web.routing import IDEMPOTENT, IdempotentRoute
from contrafact.web.schemas.fields import unhexed
from contrafact.web.schemas.transactions import Relayed, RelayOrder
from contrafact.web.services import Given, Relay, Services
from contrafact.web.transactions.preparing import calls, offer_of

router = APIRouter(prefix="/v1/relay", tags=["transactions"], route_class=IdempotentRoute)


@router.post("/orders", status_code=201, responses=answers(402, 403, 404, 409, 451), dependencies=IDEMPOTENT)
def relay_order(asked: RelayOrder, services: Given) -> Relayed:
    """Sends a maker's signed order from the operator's account, which pays the gas; only orders to this operator."""
    relay, offer = _relay(services), offer_of(asked)
    if offer.quote.operator.lower() != relay.operator.lower():
        text = f"The order is for the operator {offer.quote.operator}, and this service relays for {relay.operator}."
        raise NotPermitted(text, "Send it by your own transaction, or ask its operator.")
    transaction = relay.send(_call(services, asked, offer))
    return Relayed(order=to_hex(order_id(offer.quote, services.ledger.domain)), transaction=transaction)


def _call(services: Services, asked: RelayOrder, offer: Offer) -> Call:
    """Raises InvalidInput unless it is one of the two ways."""
    orders = calls(services).orders
    if asked.authorization and not (asked.order or asked.permit):
        return orders.fund_with_authorization(offer, unhexed(asked.authorization))
    if asked.order and not asked.authorization:
        permit = unhexed(asked.permit) if asked.permit else None
        return orders.fund_for(offer, unhexed(asked.order), permit)
    raise InvalidInput("It is either `authorization`, or `order` with or without `permit`.", "Send one of the two.")


def _relay(services: Services) -> Relay:
    if services.relay is None:
        raise NotPermitted("This service sends no orders for others.", "Send it from any account: fund-for.")
    return services.relay
