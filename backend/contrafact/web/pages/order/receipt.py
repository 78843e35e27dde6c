"""The receipt of an order: what was paid in, who got what, in the order's token. Exact amounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contrafact.domain.digests import to_hex
from contrafact.domain.orders import Source
from contrafact.domain.settlement import Settlement
from contrafact.domain.shares import PPM
from contrafact.ports import OrderStatus
from contrafact.read_model import OrderRow, WorkRow
from contrafact.web.money import Purse
from contrafact.web.orders import settlement, shares_of
from contrafact.web.schemas.fields import Money
from contrafact.web.services import Services
from contrafact.web.works import pinned_split, row_of


@dataclass(frozen=True, slots=True)
class Part:
    """A holder's part of what a work was paid, rounded down."""

    holder: str
    share: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody gets of an order. `kind`: source, pool, operator or maker; `colour` 1 to 8 for a source's place,
    0 for the model itself. `share` and `amount` are None before the order is settled.
    """

    kind: str
    colour: int
    name: str
    id: str
    note: str
    share: int | None
    asked: int | None
    amount: Money | None
    holders: tuple[Part, ...] = ()
    through: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """`lines` are sources, pool, operator and maker, and sum to `escrow` once settled."""

    title: str
    titles: tuple[str, ...]
    escrow: Money
    spent: Money | None
    refunded: Money | None
    lines: tuple[Line, ...]
    funded_in: str
    closed_in: str | None
    is_paid: bool
    is_settled: bool
    status: str

    @property
    def sources(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.kind == "source")


def receipt(row: OrderRow, services: Services) -> Receipt:
    money, due = Purse(row.quote.token, services.currency), settlement(row)
    is_paid = row.status is not OrderStatus.NONE
    escrowed = row.escrowed if is_paid else row.quote.escrow
    lines = tuple(_lines(row, due, money, services))
    titles = tuple(line.name for line in lines if line.kind == "source" and not line.through)
    return Receipt(
        title=f"A piece made of {_listed(titles)}",
        titles=titles,
        escrow=money(escrowed),
        spent=money(due.total - due.refunded) if due else None,
        refunded=money(due.refunded) if due else None,
        lines=lines,
        funded_in=row.funded_in,
        closed_in=row.closed_in,
        is_paid=is_paid,
        is_settled=due is not None,
        status=_status(row),
    )


def _lines(row: OrderRow, due: Settlement | None, money: Purse, services: Services) -> Iterator[Line]:
    shares = shares_of(row)
    for place, source in enumerate(row.quote.sources):
        work = row_of(services, source.work_id)
        amount = due.sources[place] if due else None
        parts = _parts(work, source.split_root, amount, money, services)
        yield Line(
            kind="source",
            colour=(source.through - 1 if source.through else place) % 8 + 1,
            name=(work.title if work else None) or "A work without a title",
            id=to_hex(source.work_id),
            note=_note(source, amount, parts, money),
            share=shares[place] if shares else None,
            asked=None if source.through else source.weight,
            amount=None if amount is None else money(amount),
            holders=parts,
            through=bool(source.through),
        )
    pool = money(due.pool) if due else None
    base = row.commit.base_share if row.commit else None
    note = "for the works that the model learnt from"
    yield Line("pool", 0, "The model itself", to_hex(row.quote.model_id), note, base, None, pool)
    fee = money(row.quote.operator_fee)
    yield Line(
        "operator", 0, "The operator", row.quote.operator, "for making the piece", None, None, fee if due else None
    )
    back = money(due.refunded) if due else None
    yield Line("maker", 0, "Back to the maker", row.quote.maker, "what the shares did not cost", None, None, back)


def _note(source: Source, amount: int | None, parts: tuple[Part, ...], money: Purse) -> str:
    """What a song costs, and what of its amount is in no holder's part: those are rounded down."""
    said = ["the composition of a recording that was used"] if source.through else []
    said.append(f"{money(source.price).text} for each started 30 s of a piece made wholly of it")
    rest = (amount or 0) - sum(int(part.amount.units) for part in parts)
    if parts and rest:
        said.append(f"left by rounding, in the work’s account: {money(rest).text}")
    return "; ".join(said)


def _parts(work: WorkRow | None, root: bytes, amount: int | None, money: Purse, services: Services) -> tuple[Part, ...]:
    split = pinned_split(services, work, root) if work else None
    if split is None or amount is None:
        return ()
    return tuple(Part(leaf.holder, leaf.share, money(amount * leaf.share // PPM)) for leaf in split.leaves)


def _listed(titles: tuple[str, ...]) -> str:
    *first, last = titles
    return f"{', '.join(first)} and {last}" if first else last


def _status(row: OrderRow) -> str:
    """Whether what the chain says may still change, in words."""
    if row.status is OrderStatus.NONE:
        return "not paid"
    return "final" if row.confirmed else "waiting for the network’s confirmations"
