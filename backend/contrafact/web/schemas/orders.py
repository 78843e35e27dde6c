"""Documents of orders: what the chain says, where the work on them stands, and what was made."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from contrafact.web.schemas.fields import Address, Digest, Issue, Money, Ppm, Schema, Time, Transaction
from contrafact.web.schemas.quotes import UseName

StatusName = Literal["none", "funded", "committed", "refunded"]
StageName = Literal[
    "waiting", "paid", "verified", "generating", "rendering", "recorded", "settled", "paid out", "delivered",
    "expired", "refunded", "stopped",
]  # fmt: skip


class OrderHead(Schema):
    """An order as the chain knows it. `confirmed`: its newest event has the network's confirmations.

    `status` is `none` for a quote that was made here and is not funded. `played` are the seconds that a live order was
    played and paid for, once it is settled; no other order has them.
    """

    order: Digest
    status: StatusName = Field(examples=["committed"])
    confirmed: bool
    maker: Address
    operator: Address
    model: Digest
    use: UseName = Field(examples=["private"])
    seconds: int = Field(examples=[30])
    played: int | None = Field(default=None, examples=[None])
    escrow: Money
    funded_at: Time | None
    deadline: Time
    closed_at: Time | None
    record: Digest | None


class OrderSummary(OrderHead):
    """An order in a list. `titles` are those of the works that its maker chose, in their places; null for one that is
    not known (yet).
    """

    titles: list[str | None] = Field(examples=[["The Rakes of Mallow"]])


class OrderSource(Schema):
    """A source as it is pinned; `share` and `paid` once the order is settled. Prices per started 30 s."""

    work: Digest
    title: str | None = Field(examples=["The Rakes of Mallow"])
    terms_version: int = Field(examples=[2])
    weight: Ppm
    min_share: Ppm
    price: Money
    through: int = Field(examples=[0])
    share: Ppm | None
    paid: Money | None


class Settled(Schema):
    """Where the escrow went."""

    base_share: Ppm
    pool: Money
    operator_fee: Money
    refunded: Money
    transaction: Transaction


class JobView(Schema):
    """Where the operator's work stands: its step, the bars made so far, and what hindered the last try."""

    status: Literal["waiting", "running", "finished", "stopped", "cancelled"] = Field(examples=["running"])
    step: str | None = Field(examples=["generate"])
    bar: int = Field(examples=[7])
    bars: int = Field(examples=[16])
    tries: int = Field(examples=[1])
    next_try: Time | None
    error: Issue | None
    updated: Time


class RefundPath(Schema):
    """How the maker's money comes back if nothing is delivered: after `possible_from`, by anybody's transaction.

    `amount` is the whole escrow; `penalty` comes on top, from the operator's bond. `open` says whether it is now.
    """

    possible_from: Time
    open: bool
    by: Literal["anyone"] = Field("anyone", examples=["anyone"])
    amount: Money
    penalty: Money


class Progress(Schema):
    """A stage that the order has come to. While `generating`, `bar` of `bars` are made; `error` where it stopped."""

    stage: StageName = Field(examples=["generating"])
    bar: int | None = Field(None, examples=[7])
    bars: int | None = Field(None, examples=[16])
    error: Issue | None = None
    is_final: bool = Field(False, examples=[False])


class Order(OrderHead):
    """All of an order. `stage` is where it stands; `refund` is there while the money can still come back."""

    stage: Progress
    sources: list[OrderSource]
    settled: Settled | None
    refund: RefundPath | None
    penalty: Money | None
    """What the operator's bond paid to the maker, where the order was refunded."""
    job: JobView | None


class OrderFile(Schema):
    """A file of a finished order; `url` takes range requests, `cid` names it in the content store."""

    name: str = Field(examples=["stems/1-the-rakes-of-mallow.flac"])
    media_type: str = Field(examples=["audio/flac"])
    sha256: Digest
    cid: str = Field(examples=["bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"])
    url: str = Field(examples=["/v1/orders/0x3f/files/piece.flac"])


class OrderFiles(Schema):
    files: list[OrderFile]
