"""Who makes the pieces here."""

from __future__ import annotations

from fastapi import APIRouter, Response

from contrafact.domain.digests import to_hex
from contrafact.errors import NotFound
from contrafact.read_model import ModelRow, OrderRow
from contrafact.web import conditional
from contrafact.web.auth.sessions import ANYBODY, Anybody
from contrafact.web.errors import answers
from contrafact.web.money import Purse
from contrafact.web.orders import job_view, summary
from contrafact.web.schemas.operator import OpenWork, OperatorView, TokenStanding
from contrafact.web.services import Desk, Given, Services, desk_of

router = APIRouter(prefix="/v1/operator", tags=["operator"])


@router.get("", responses=answers(403, 404), openapi_extra=ANYBODY)
def get_operator(services: Given, caller: Anybody, response: Response) -> OperatorView:
    """The operator: address, model, fee, free bond, open orders; each of them for the operator itself."""
    desk = desk_of(services)
    model = _model(services, desk)
    orders = services.read_model.open_orders(desk.operator)
    is_operator = caller is not None and caller.wallet.lower() == desk.operator.lower()
    response.headers["Cache-Control"] = conditional.PRIVATE
    return OperatorView(
        operator=desk.operator,
        signer=services.ledger.signer_of(desk.operator),
        model=to_hex(model.model.model_id),
        fee=Purse(services.token, services.currency)(desk.policy.operator_fee),
        max_base_share=desk.policy.max_base_share,
        tokens=[_standing(services, desk, token, rate) for token, rate in model.model.rates.items()],
        open_orders=len(orders),
        work=[_work(services, row) for row in orders] if is_operator else None,
    )


def _model(services: Services, desk: Desk) -> ModelRow:
    for row in services.read_model.models():
        if row.model.weights == desk.model_digest:
            return row
    raise NotFound("The operator's model is not registered on this chain.", "Try again once it is.")


def _standing(services: Services, desk: Desk, token: str, rate: int) -> TokenStanding:
    bond, money = services.ledger.bond(desk.operator, token), Purse(token, services.currency)
    return TokenStanding(
        token=token, base_rate=money(rate), bond_free=money(max(0, bond.free)), bond_locked=money(bond.locked)
    )


def _work(services: Services, row: OrderRow) -> OpenWork:
    return OpenWork(order=summary(row, services), job=job_view(services.jobs.get(row.order_id)))
