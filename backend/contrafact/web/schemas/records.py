"""Documents of attribution records, and of how far the index is."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from contrafact.web.schemas.fields import Address, Digest, Schema, Time
from contrafact.web.schemas.orders import OrderSummary
from contrafact.web.schemas.works import File


class Record(Schema):
    """The attribution record that settled an order; `document` is null where it is not in the content store."""

    record: File
    order: OrderSummary
    document: dict[str, Any] | None = Field(examples=[{"schema": "contrafact/record/4"}])


class Status(Schema):
    """How far the index is: blocks up to `confirmed` are there to stay; `lag` is what it is behind the chain's head."""

    chain_id: int = Field(examples=[1])
    contracts: dict[str, Address] = Field(examples=[{"Catalogue": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"}])
    block: int = Field(examples=[120])
    block_hash: Digest
    block_time: Time
    head: int = Field(examples=[121])
    lag: int = Field(examples=[1])
    confirmed: int = Field(examples=[109])
    events: int = Field(examples=[412])
    undescribed: int = Field(examples=[0])
    version: str = Field(examples=["0.1.0"])
