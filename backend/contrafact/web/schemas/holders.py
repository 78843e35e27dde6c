"""Documents of what rights holders earn, hold and were paid."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from contrafact.web.schemas.fields import Address, Digest, Ppm, Schema, Time, Transaction
from contrafact.web.schemas.quotes import UseName


class Amount(Schema):
    """An amount that may be below nothing, where a ruling took money back from an account."""

    units: str = Field(pattern=r"^-?[0-9]+$", max_length=80, examples=["1250000"])
    token: Address
    text: str = Field(examples=["1.25 USD"])


class Earning(Schema):
    """A line: `amount` came to a royalty account from an order, `due` is the holder's part of it.

    `use` is the order's, or the one that it was raised to, where that is what was paid for.

    Only what is `confirmed` is final; a reorganisation of the chain may undo the rest.
    """

    account: Digest
    work: Digest
    order: Digest | None
    use: UseName | None = Field(examples=["private"])
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


class Payment(Schema):
    """Money that reached the holder's wallet, from a work's account or from a model's training pool."""

    account: Digest
    work: Digest
    amount: Amount
    block: int = Field(examples=[41])
    at: Time
    transaction: Transaction
    confirmed: bool
