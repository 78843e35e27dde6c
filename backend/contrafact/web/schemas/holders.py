"""Documents of what rights holders earn, hold and were paid."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from contrafact.web.schemas.fields import Address, Digest, Ppm, Schema, Time, Transaction
from contrafact.web.schemas.quotes import UseName

Kind = Literal["private", "commercial", "broadcast", "live", "training", "ruling"]


class Amount(Schema):
    """An amount that may be below nothing, where a ruling took money back from an account."""

    units: str = Field(pattern=r"^-?[0-9]+$", max_length=80, examples=["1250000"])
    token: Address
    text: str = Field(examples=["1.25 USD"])


class Earning(Schema):
    """A line: `amount` came to a royalty account from an order, `due` is the holder's part of it.

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


class StatementLine(Schema):
    """What an order brought the holder; `usages` counts settlements, since a wider use or later revenue adds one."""

    kind: Kind = Field(examples=["private"])
    work: Digest
    title: str = Field(examples=["The Rakes of Mallow"])
    iswc: str = Field(examples=["T0345246801"])
    isrc: str = Field(examples=[""])
    order: Digest | None
    operator: Address | None
    share: Ppm
    usages: int = Field(examples=[1])
    amount: Amount
    due: Amount
    at: Time
    transactions: list[Transaction]


class StatementTotal(Schema):
    """opening + earned − paid = closing, to the unit."""

    opening: Amount
    earned: Amount
    paid: Amount
    closing: Amount


class Statement(Schema):
    """A month. `complete`: it is over, and every block of it is confirmed. What is pending is in no total."""

    holder: Address
    month: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}$", examples=["2026-01"])
    complete: bool
    totals: list[StatementTotal]
    lines: list[StatementLine]
    payments: list[Payment]
    pending_lines: list[StatementLine]
    pending_payments: list[Payment]
