"""Works: registration, terms, splits, and whose they are to license."""

from __future__ import annotations

from contrafact.domain.digests import from_hex
from contrafact.domain.terms import Terms
from contrafact.web.describing import told
from contrafact.web.schemas import transactions as asking
from contrafact.web.schemas.prepared import WalletSteps
from contrafact.web.services import Given
from contrafact.web.transactions.preparing import calls, new_router, prepared, work_document
from contrafact.web.transactions.terms import terms_of

router = new_router()


@router.post("/register")
def prepare_register(asked: asking.Register, services: Given) -> WalletSteps:
    """Registers a work with the sender as its licensor."""
    document = work_document(asked.document)
    steps = services.preparer.steps(calls(services).works.register(document), asked.sender)
    return WalletSteps.of(told(steps, document))


@router.post("/set-terms")
def prepare_set_terms(asked: asking.SetTerms, services: Given) -> WalletSteps:
    """A new version of a work's licence terms; it counts from the next order on."""
    row = services.read_model.work(from_hex(asked.work))
    call = calls(services).works.set_terms(row.work_id, row.split_root, terms_of(asked.terms))
    return prepared(services, call, asked.sender)


@router.post("/opt-out")
def prepare_opt_out(asked: asking.OfWork, services: Given) -> WalletSteps:
    """Terms that permit nothing: no new order, and no model's next version may use the work."""
    row = services.read_model.work(from_hex(asked.work))
    call = calls(services).works.set_terms(row.work_id, row.split_root, Terms.opted_out())
    return prepared(services, call, asked.sender)


@router.post("/change-split")
def prepare_change_split(asked: asking.ChangeSplit, services: Given) -> WalletSteps:
    """Another rights split, for what comes in from the next order on."""
    row = services.read_model.work(from_hex(asked.work))
    terms = terms_of(asked.terms) if asked.terms else row.terms
    document = work_document(asked.document)
    call = calls(services).works.change_split(row.work_id, document, terms)
    return WalletSteps.of(told(services.preparer.steps(call, asked.sender), document))


@router.post("/transfer-licensor")
def prepare_transfer_licensor(asked: asking.Transfer, services: Given) -> WalletSteps:
    """Offers a work to another licensor; nothing changes until that one accepts."""
    call = calls(services).works.transfer_licensor(from_hex(asked.work), asked.to)
    return prepared(services, call, asked.sender)


@router.post("/accept-licensor")
def prepare_accept_licensor(asked: asking.OfWork, services: Given) -> WalletSteps:
    """Takes over a work that was offered to the sender."""
    return prepared(services, calls(services).works.accept_licensor(from_hex(asked.work)), asked.sender)
