"""Documents of months: of a holder, of an operator, of everybody."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from contrafact.web.schemas.fields import Address, Digest, Ppm, Schema, Time, Transaction
from contrafact.web.schemas.holders import Amount, PaymentFields
from contrafact.web.schemas.quotes import UseName

Kind = Literal[
    "private", "commercial", "broadcast", "live", "revenue", "challenge", "fine", "ruling", "training", "other"
]


class StatedBlock(Schema):
    """The newest confirmed block, of the month or before it, in which anything happened to the contracts."""

    number: int = Field(examples=[120])
    hash: Digest
    at: Time


class Stated(Schema):
    """A month. `complete`: it is over, and every block of it is confirmed; else `status` begins with PROVISIONAL."""

    month: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}$", examples=["2026-01"])
    complete: bool
    status: str = Field(examples=["final"])
    chain_id: int = Field(examples=[31337])
    contracts: dict[str, Address] = Field(examples=[{"GenerationEscrow": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"}])
    block: StatedBlock | None


class StatementLine(Schema):
    """What an order brought the holder; `usages` counts settlements, of which an order may have several."""

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


class StatedPayment(PaymentFields):
    """A payment from a place of the holder's, to `payee`: another address where the place was readdressed."""

    payee: Address


class StatementTotal(Schema):
    """opening + earned − paid = closing = claimable + held, to the unit.

    `unconfirmed` is the part of `claimable` at places that the holder has not confirmed.
    """

    opening: Amount
    earned: Amount
    paid: Amount
    closing: Amount
    held: Amount
    claimable: Amount
    unconfirmed: Amount


class Statement(Stated):
    """A holder's month. What is pending is not confirmed, and in no total.

    `unpublished` counts accounts with money whose rights split is not published: parts in them are not in here.
    """

    holder: Address
    totals: list[StatementTotal]
    lines: list[StatementLine]
    payments: list[StatedPayment]
    pending_lines: list[StatementLine]
    pending_payments: list[StatedPayment]
    unpublished: int = Field(examples=[0])


class LedgerItem(Schema):
    """What came in, or went out (below nothing), and in how many entries."""

    name: str = Field(examples=["escrowed"])
    count: int = Field(examples=[3])
    amount: Amount


class StatedLedger(Schema):
    """opening + items = closing, to the unit of one token."""

    ledger: Literal["orders", "later", "works", "pools", "bonds", "bond", "owed"] = Field(examples=["orders"])
    token: Address
    opening: Amount
    items: list[LedgerItem]
    closing: Amount


class StatedPieces(Schema):
    """Pieces that were delivered for one use by one model."""

    use: UseName = Field(examples=["private"])
    model: Digest
    name: str = Field(examples=["contrafact-1"])
    orders: int = Field(examples=[3])
    seconds: int = Field(examples=[180])
    fees: list[Amount]


class StatedOrder(Schema):
    """An order as it was funded, at `at` in `transaction`."""

    order: Digest
    use: UseName = Field(examples=["private"])
    model: Digest
    seconds: int = Field(examples=[60])
    at: Time
    transaction: Transaction
    escrowed: Amount


class DeliveredOrder(StatedOrder):
    """The same as it was delivered."""

    fee: Amount


class RefundedOrder(StatedOrder):
    """The same as it was refunded; `penalty` came from the bond."""

    penalty: Amount


class OperatorStatement(Stated):
    """An operator's month: its orders, fees and bonds."""

    operator: Address
    ledgers: list[StatedLedger]
    generated: list[StatedPieces]
    delivered: list[DeliveredOrder]
    refunded: list[RefundedOrder]
    open: list[StatedOrder]


class OpenOrders(Schema):
    """Orders of one token that are open."""

    orders: int = Field(examples=[2])
    escrowed: Amount


class PublicStatement(Stated):
    """Everybody's month. `held` are the parts of the closing `works` that contests hold."""

    ledgers: list[StatedLedger]
    held: list[Amount]
    generated: list[StatedPieces]
    open: list[OpenOrders]
