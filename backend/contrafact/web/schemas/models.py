"""Documents of models and their training pools."""

from __future__ import annotations

from pydantic import Field

from contrafact.web.schemas.fields import Address, Digest, Money, Ppm, Schema, Time
from contrafact.web.schemas.works import File


class Pool(Schema):
    """A model's training pool in one token: what came in, what epochs took of it, and what is left in the pot."""

    token: Address
    credited: Money
    closed: Money
    claimed: Money
    pot: Money
    epochs: int = Field(examples=[3])


class Rate(Schema):
    """What a piece made wholly of the model's base costs for each started 30 seconds."""

    price: Money
    sunset: Time | None = Field(examples=[None])


class Model(Schema):
    """A model as the chain knows it; name and number of training works are null while its document was not had."""

    model: Digest
    name: str | None = Field(examples=["folk-1"])
    registrant: Address
    weights: Digest
    manifest: Digest
    metadata: File
    rates: list[Rate]
    sunset: Time | None
    training_works: int | None = Field(examples=[1200])
    block: int = Field(examples=[20])
    confirmed: bool
    pools: list[Pool]


class PoolRule(Schema):
    """How an epoch is shared out: `rule` is `equal` or `influence`; `owner_cap` is the most for one owner."""

    rule: str = Field(examples=["equal"])
    owner_cap: Ppm


class ModelDetail(Model):
    note: str = Field(examples=[""])
    pool_rule: PoolRule | None
    manifest_document: File | None


class Epoch(Schema):
    """A closed epoch: `left` was not claimed yet; it can be until `open_until`. A carried one has a root of zeros."""

    number: int = Field(examples=[1])
    root: Digest
    total: Money
    left: Money
    open_until: Time | None


class ModelPool(Schema):
    """One pot, and its latest epochs, newest first."""

    pool: Pool
    epochs: list[Epoch]


class ModelPools(Schema):
    pools: list[ModelPool]
