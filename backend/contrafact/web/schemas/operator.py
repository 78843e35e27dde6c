"""Documents about the operator."""

from __future__ import annotations

from pydantic import Field

from contrafact.web.schemas.fields import Address, Digest, Money, Ppm, Schema
from contrafact.web.schemas.orders import JobView, OrderSummary


class TokenStanding(Schema):
    """In one token: what the model's own part costs per started 30 s, and what of the bond covers another order."""

    token: Address
    base_rate: Money
    bond_free: Money
    bond_locked: Money


class OperatorView(Schema):
    """Who makes the pieces here, with which model, for what, and how much there is to do."""

    operator: Address
    signer: Address | None
    model: Digest
    fee: Money
    max_base_share: Ppm
    tokens: list[TokenStanding]
    open_orders: int = Field(examples=[3])
    work: list[OpenWork] | None = None
    """The open orders, for the operator itself when it has signed in."""


class OpenWork(Schema):
    order: OrderSummary
    job: JobView | None


OperatorView.model_rebuild()
