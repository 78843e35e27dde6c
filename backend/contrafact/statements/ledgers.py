"""Entries summed: ledgers that open, move and close, and what was generated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from contrafact.domain.terms import Use
from contrafact.statements.month import Month
from contrafact.statements.postings import Entry, Piece


@dataclass(frozen=True, slots=True)
class Item:
    """What came in under one name, or went out (below nothing): how many entries, and their sum."""

    name: str
    count: int
    units: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger of one token over the month: opening + the items = closing, in units."""

    name: str
    token: str
    opening: int
    items: tuple[Item, ...]

    @property
    def closing(self) -> int:
        return self.opening + sum(item.units for item in self.items)


@dataclass(frozen=True, slots=True)
class Generated:
    """Pieces that were delivered in the month for one use by one model: how many, how long, and their fees by token."""

    use: Use
    model_id: bytes
    orders: int
    seconds: int
    fees: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class _Sums:
    opening: int = 0
    items: dict[str, Item] = field(default_factory=dict)


def ledgers(entries: Iterable[Entry], month: Month, names: Iterable[str]) -> tuple[Ledger, ...]:
    """The ledgers by `names` and token; those in which nothing ever happened are left out, and entries of nothing."""
    order = {name: place for place, name in enumerate(names)}
    found: dict[tuple[str, str], _Sums] = {}
    for entry in entries:
        if not entry.units or entry.at >= month.end:
            continue
        sums = found.setdefault((entry.ledger, entry.token), _Sums())
        if entry.at < month.start:
            sums.opening += entry.units
        else:
            before = sums.items.get(entry.item) or Item(entry.item, 0, 0)
            sums.items[entry.item] = Item(entry.item, before.count + 1, before.units + entry.units)
    keys = sorted(found, key=lambda key: (key[1].lower(), order[key[0]]))
    return tuple(_ledger(*key, found[key]) for key in keys)


def _ledger(name: str, token: str, sums: _Sums) -> Ledger:
    items = sorted(sums.items.values(), key=lambda item: (item.units < 0, item.name))
    return Ledger(name, token, sums.opening, tuple(items))


def generated(pieces: Iterable[Piece]) -> tuple[Generated, ...]:
    """Pieces by use, then model."""
    found: dict[tuple[Use, bytes], list[Piece]] = {}
    for piece in pieces:
        found.setdefault((piece.use, piece.model_id), []).append(piece)
    return tuple(_generated(*key, found[key]) for key in sorted(found))


def _generated(use: Use, model_id: bytes, pieces: list[Piece]) -> Generated:
    tokens = sorted({piece.token for piece in pieces}, key=str.lower)
    fees = tuple((token, sum(piece.fee for piece in pieces if piece.token == token)) for token in tokens)
    return Generated(use, model_id, len(pieces), sum(piece.seconds for piece in pieces), fees)
