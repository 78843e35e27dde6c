"""Orders until they are settled: paid in, approved, refunded."""

from __future__ import annotations

from contrafact.domain.digests import from_hex
from contrafact.domain.history import Funded
from contrafact.domain.orders import order_id
from contrafact.errors import InvalidInput
from contrafact.ledger.prepared.orders import OrderSteps
from contrafact.read_model import OrderRow
from contrafact.web.schemas import transactions as asking
from contrafact.web.schemas.fields import unhexed
from contrafact.web.schemas.prepared import WalletSteps
from contrafact.web.services import Given, Services
from contrafact.web.transactions.preparing import calls, new_router, offer_of, prepared, quote_of

router = new_router()


@router.post("/fund")
def prepare_fund(asked: asking.Funding, services: Given) -> WalletSteps:
    """Pays an order in by its maker's own transaction, after the approval that its token needs."""
    return WalletSteps.of(steps(services).fund(offer_of(asked)))


@router.post("/fund-signatures")
def prepare_fund_signatures(asked: asking.Funding, services: Given) -> WalletSteps:
    """What the maker signs so that somebody else may send the order: one message, or a permit and the order."""
    return WalletSteps.of(steps(services).fund_by_signature(offer_of(asked)))


@router.post("/fund-for")
def prepare_fund_for(asked: asking.FundFor, services: Given) -> WalletSteps:
    """Sends an order with its maker's signatures; anybody may."""
    permit = unhexed(asked.permit) if asked.permit else None
    return WalletSteps.of(steps(services).fund_for(offer_of(asked), asked.sender, unhexed(asked.order), permit))


@router.post("/fund-with-authorization")
def prepare_fund_with_authorization(asked: asking.FundWithAuthorization, services: Given) -> WalletSteps:
    """Sends an order with its maker's single signature; anybody may."""
    signature = unhexed(asked.authorization)
    return WalletSteps.of(steps(services).fund_with_authorization(offer_of(asked), asked.sender, signature))


@router.post("/approve-order")
def prepare_approve_order(asked: asking.Approve, services: Given) -> WalletSteps:
    """What the licensor of a work signs where its terms ask for its approval of each order."""
    quote = quote_of(asked.quote).quote
    work = from_hex(asked.work)
    if work not in {source.work_id for source in quote.sources}:
        raise InvalidInput(f"The order does not use the work {asked.work}.", "Name one of its sources.")
    licensor = services.read_model.work(work).licensor
    return WalletSteps.of(steps(services).approval(order_id(quote, services.ledger.domain), work, licensor))


@router.post("/refund")
def prepare_refund(asked: asking.OfOrder, services: Given) -> WalletSteps:
    """Gives an order's escrow back to its maker after the deadline; anybody may."""
    row = services.read_model.order(from_hex(asked.order))
    return prepared(services, calls(services).orders.refund(funded(row)), asked.sender)


def steps(services: Services) -> OrderSteps:
    return OrderSteps(services.preparer)


def funded(row: OrderRow) -> Funded:
    """The order as it was funded."""
    return Funded(row.order_id, row.quote, row.maker_salt, row.escrowed, row.block, row.funded_in)
