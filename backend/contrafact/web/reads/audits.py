"""The service's audit of its own ledger over HTTP: its newest report, and what that says of one order."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from contrafact.errors import NotFound
from contrafact.web.conditional import kept
from contrafact.web.errors import answers
from contrafact.web.schemas.audits import OrderAudit, OwnAudit
from contrafact.web.schemas.fields import Digest, time
from contrafact.web.services import Given, Services

router = APIRouter(prefix="/v1", tags=["audit"])
_HINT = "Audit it yourself: contrafact audit, with a node, the addresses and a content store."


@router.get("/audit", responses=answers(304, 404))
def get_audit(request: Request, response: Response, services: Given) -> OwnAudit:
    """The newest report of the operator's own audit; `contrafact audit` makes one that you need believe nobody for."""
    if (found := latest_audit(services)) is None:
        raise NotFound("This service has not audited its ledger.", _HINT)
    return kept(request, response, found)


@router.get("/orders/{order}/audit", responses=answers(304, 404))
def get_order_audit(order: Digest, request: Request, response: Response, services: Given) -> OrderAudit:
    """What that report says of an order. One that was paid since is not in it yet."""
    if (found := order_audit(services, order)) is None:
        raise NotFound(f"The service's newest audit does not know order {order}.", _HINT)
    return kept(request, response, found)


def latest_audit(services: Services) -> OwnAudit | None:
    """None before the first one, where there are no audits, and for a report of another version."""
    said = services.audits.latest() if services.audits else None
    if said is None:
        return None
    fields = {name: said[name] for name in OwnAudit.model_fields if name in said}
    try:
        return OwnAudit.model_validate(fields | {"finished_at": time(said["finished_at"])})
    except (ValidationError, KeyError):
        return None


def order_audit(services: Services, order: str) -> OrderAudit | None:
    """None where the newest audit has nothing of the order."""
    said = services.audits.order(order) if services.audits else None
    try:
        return OrderAudit.model_validate(said) if said is not None else None
    except ValidationError:
        return None
