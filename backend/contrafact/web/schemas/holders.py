"""Documents of what rights holders earn, hold and were paid."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from contrafact.web.schemas.fields import Address, Digest, Ppm, Schema, Time, Transaction
from contrafact.web.schemas.quotes import UseName

Title = Annotated[str | None, Field(examples=["The Rakes of Mallow"], description="Null while no document told it.")]
EarnedBy = Literal["private", "commercial", "broadcast", "live", "revenue", "challenge", "fine", "ruling"]


class Amount(Schema):
    """An amount that may be below nothing, where a ruling took money back from an account."""

    units: str = Field(pattern=r"^-?[0-9]+$", max_length=80, examples=["1250000"])
    token: Address
    text: str = Field(examples=["1.25 USD"])


class Earning(Schema):
    """A line: `amount` came to a royalty account from an order, `due` is the holder's part of it.

    `use` is the order's, or the one that it was raised to, where that is what was paid for. `kind` is the use, or what
    else brought it: later `revenue`, a `challenge` or a `fine` that an operator's bond paid, a `ruling` on held money.

    Only what is `confirmed` is final; a reorganisation of the chain may undo the rest.
    """

    account: Digest
    work: Digest
    title: Title
    order: Digest | None
    use: UseName | None = Field(examples=["private"])
    kind: EarnedBy = Field(examples=["private"])
    operator: Address | None
    amount: Amount
    share: Ppm
    due: Amount
    block: int = Field(examples=[40])
    at: Time
    transaction: Transaction
    confirmed: bool


class Balance(Schema):
    """A holder's place in a royalty account. `earned` is final; `pending` has no confirmations yet, and is in no sum.

    `claimable` is what the chain would pay now. `status` says whether payouts reach the holder by themselves.
    """

    account: Digest
    work: Digest
    title: Title
    split_root: Digest
    place: int = Field(examples=[0])
    share: Ppm
    earned: Amount
    pending: Amount
    drawn: Amount
    held: Amount
    claimable: Amount
    status: Literal["unconfirmed", "confirmed", "readdressed"] = Field(examples=["confirmed"])


class TokenSum(Schema):
    """All places in one token: what is final, and what can be had now."""

    earned: Amount
    pending: Amount
    drawn: Amount
    held: Amount
    claimable: Amount


class Balances(Schema):
    """As of block `block`."""

    block: int = Field(examples=[120])
    totals: list[TokenSum]
    places: list[Balance]


class PaymentFields(Schema):
    """Money that left an account: a work's, or a model's training pool, whose account and work are the model."""

    account: Digest
    work: Digest
    amount: Amount
    block: int = Field(examples=[41])
    at: Time
    transaction: Transaction
    confirmed: bool


class Payment(PaymentFields):
    """Money that reached the holder's wallet. `training`: from a training pool; account and work are the model then."""

    title: Title
    training: bool


class EarningSum(Schema):
    """All lines of one work, kind, operator or month, in one token: what is final, and what has no confirmations yet.

    `key` is a work's id, a kind, an operator's address (null without an order), or a month as `2026-01`.
    """

    key: str | None = Field(examples=["2026-01"])
    title: Title
    lines: int = Field(examples=[3])
    earned: Amount
    pending: Amount


class OtherSums(Schema):
    """In one token, what `rows` leave out: how many keys, their lines, and what they sum to."""

    keys: int = Field(examples=[12])
    lines: int = Field(examples=[40])
    earned: Amount
    pending: Amount


class EarningSums(Schema):
    """The largest in each token first; months in their order."""

    rows: list[EarningSum]
    others: list[OtherSums]


class OwedAmount(Schema):
    """What waits because a transfer failed: at the `escrow`, or a bond that came back at the dispute `desk`."""

    at: Literal["escrow", "desk"] = Field(examples=["escrow"])
    amount: Amount


class EpochPart(Schema):
    """The holder's part of a training pool's epoch that nobody has claimed yet; at least until `open_until`."""

    model: Digest
    name: Title
    epoch: int = Field(examples=[3])
    amount: Amount
    open_until: Time
    transaction: Transaction


class Waiting(Schema):
    """What the chain keeps for a holder beside its royalty accounts, and its thresholds: below one, payouts leave
    its money where it is; 0 pays everything.
    """

    thresholds: list[Amount]
    owed: list[OwedAmount]
    epochs: list[EpochPart]
