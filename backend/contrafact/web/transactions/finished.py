"""Finished orders: a wider use, later revenue, a challenge."""

from __future__ import annotations

from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.orders import Source
from contrafact.domain.terms import Terms, Use
from contrafact.errors import NotFound, NotPermitted
from contrafact.ledger.calls.orders import Finished
from contrafact.read_model import OrderRow
from contrafact.web.schemas import transactions as asking
from contrafact.web.schemas.prepared import WalletSteps
from contrafact.web.services import Given, Services
from contrafact.web.transactions.orders import steps
from contrafact.web.transactions.preparing import new_router

router = new_router()


@router.post("/raise-use")
def prepare_raise_use(asked: asking.Raise, services: Given) -> WalletSteps:
    """Raises a finished order to a wider use, at the difference of its pinned terms; anybody may pay."""
    row = services.read_model.order(from_hex(asked.order))
    terms = [_pinned(services, source) for source in row.quote.sources]
    use = Use.parse(asked.use)
    return WalletSteps.of(steps(services).raise_use(_finished(services, row), use, terms, asked.sender))


@router.post("/pay-downstream")
def prepare_pay_downstream(asked: asking.Downstream, services: Given) -> WalletSteps:
    """Shares later revenue from a piece with its sources, the rest to its maker; anybody may pay."""
    row = services.read_model.order(from_hex(asked.order))
    return WalletSteps.of(steps(services).pay_downstream(_finished(services, row), int(asked.amount), asked.sender))


@router.post("/challenge")
def prepare_challenge(asked: asking.Challenge, services: Given) -> WalletSteps:
    """Challenges what an operator committed, with the bond that the desk asks for; anybody may."""
    row = services.read_model.order(from_hex(asked.order))
    evidence = from_hex(asked.evidence)
    return WalletSteps.of(steps(services).challenge(_finished(services, row), evidence, asked.sender))


def _finished(services: Services, row: OrderRow) -> Finished:
    """Raises NotPermitted where the order is not settled."""
    if row.commit is None:
        raise NotPermitted(f"Order {to_hex(row.order_id)} is not settled.", "Wait until it is delivered.")
    ordered = Finished(row.quote, row.maker_salt, row.commit, row.quote.use)
    return steps(services).as_paid(ordered)


def _pinned(services: Services, source: Source) -> Terms:
    """The terms that an order pinned. Raises NotFound."""
    for version in services.read_model.terms_history(source.work_id):
        if version.version == source.terms_version:
            return version.terms
    text = f"Version {source.terms_version} of the terms of work {to_hex(source.work_id)} is not indexed."
    raise NotFound(text, "Wait until the index has caught up.")
