"""Everybody's month: what was generated, and where the money of orders went. It names no person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from contrafact.statement_reads import Happening
from contrafact.statements import holds, postings
from contrafact.statements.frame import Frame
from contrafact.statements.holds import Holds
from contrafact.statements.ledgers import Generated, Ledger, generated, ledgers
from contrafact.statements.postings import LEDGERS, Bookkeeper, Entry, Piece

NAMES = tuple(dict.fromkeys((*postings.NAMES, *holds.NAMES)))


@dataclass(frozen=True, slots=True)
class Open:
    """Orders of one token that are open at the month's end: how many, and what is escrowed for them."""

    token: str
    orders: int
    escrowed: int


@dataclass(frozen=True, slots=True)
class PublicStatement:
    """Ledgers by token. `held` (units by token) is the part of the closing `works` that contests hold."""

    frame: Frame
    ledgers: tuple[Ledger, ...]
    generated: tuple[Generated, ...]
    held: Mapping[str, int]
    open_orders: tuple[Open, ...]
    names: Mapping[bytes, str] = field(default_factory=dict)


def public_statement(frame: Frame, escrow_name: str, pools_name: str, events: Iterable[Happening]) -> PublicStatement:
    """From all events up to the frame's block. Raises DatabaseError where a settlement does not sum."""
    keeper, held = Bookkeeper(escrow_name, frame.chain.contracts.get(pools_name, "")), Holds()
    entries: list[Entry] = []
    pieces: list[Piece] = []
    for event in events:
        held.take(event)
        for each in keeper.take(event):
            if isinstance(each, Entry):
                entries.append(each)
            elif each.at >= frame.month.start:
                pieces.append(each)
    return PublicStatement(
        frame=frame,
        ledgers=ledgers(entries, frame.month, LEDGERS),
        generated=generated(pieces),
        held={token: units for token, units in sorted(held.by_token().items()) if units},
        open_orders=_open(keeper),
    )


def _open(keeper: Bookkeeper) -> tuple[Open, ...]:
    orders = list(keeper.open_orders.values())
    tokens = sorted({order.quote.token for order in orders}, key=str.lower)
    mine = {token: [order for order in orders if order.quote.token == token] for token in tokens}
    return tuple(Open(token, len(found), sum(order.escrowed for order in found)) for token, found in mine.items())
