"""What the journal can be asked of an event: whom it is about, and what it adds to a sum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import singledispatch

from contrafact.audit.order_events import OrderEvent
from contrafact.domain.digests import to_hex
from contrafact.domain.history import (
    BondMoved,
    Committed,
    Credited,
    DownstreamPaid,
    Fined,
    Funded,
    HeldMoved,
    Paid,
    Raised,
    Refunded,
    Ruled,
)
from contrafact.domain.holds import AccountHeld


@dataclass(frozen=True, slots=True)
class Row:
    """`amount` is what the event brought into the escrow, or took from it, in units; its sign is the sum's business.

    `other` is a second thing: the account that held money moved to, a refund's penalty, a fine's finder, a payout's
    place.
    """

    kind: str
    amount: int
    order: str | None = None
    account: str | None = None
    other: str | None = None
    operator: str | None = None
    token: str | None = None


def row_of(event: OrderEvent) -> Row:
    """The row of an event."""
    return replace(_row(event), kind=type(event).__name__)


def digests_of(event: Committed) -> Iterator[tuple[str, bytes]]:
    """What no two commits have in common, by what it is."""
    commit = event.commit
    yield "attribution record", commit.record_digest
    yield "sound", commit.output_digest
    yield "list of notes", commit.evidence_root


@singledispatch
def _row(event: object) -> Row:
    raise TypeError(f"{type(event).__name__} is no event of orders and money")


@_row.register
def _(event: Funded) -> Row:
    quote = event.quote
    return Row("", event.escrowed, to_hex(event.order_id), operator=quote.operator, token=quote.token)


@_row.register
def _(event: Committed) -> Row:
    return Row("", event.operator_fee + event.refunded, to_hex(event.commit.order_id))


@_row.register
def _(event: Refunded) -> Row:
    return Row("", event.amount, to_hex(event.order_id), other=str(event.penalty))


@_row.register
def _(event: Raised) -> Row:
    return Row("", event.paid, to_hex(event.order_id))


@_row.register
def _(event: DownstreamPaid) -> Row:
    return Row("", event.amount - event.to_maker, to_hex(event.order_id))


@_row.register
def _(event: Ruled) -> Row:
    return Row("", sum(event.to_sources), to_hex(event.order_id))


@_row.register
def _(event: Fined) -> Row:
    return Row("", event.to_pool, to_hex(event.consent_id), other=event.finder, token=event.token)


@_row.register
def _(event: BondMoved) -> Row:
    return Row("", event.amount, operator=event.operator, token=event.token)


@_row.register
def _(event: Credited) -> Row:
    return Row("", event.amount, to_hex(event.order_id), to_hex(event.account), token=event.token)


@_row.register
def _(event: AccountHeld) -> Row:
    return Row("", 0, account=to_hex(event.account))


@_row.register
def _(event: HeldMoved) -> Row:
    return Row("", event.amount, account=to_hex(event.account), other=to_hex(event.to))


@_row.register
def _(event: Paid) -> Row:
    return Row("", event.amount, account=to_hex(event.account), other=str(event.index), token=event.token)
