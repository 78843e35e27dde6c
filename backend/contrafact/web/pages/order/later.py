"""What may be done with a finished piece later, at what price, and what was: a wider use, and shared revenue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from contrafact.domain.orders import Commit
from contrafact.domain.settlement import downstream, raised
from contrafact.domain.terms import Terms, Use
from contrafact.read_model import OrderRow
from contrafact.statement_reads import Happening
from contrafact.web.money import Purse
from contrafact.web.pages.words import percent, use
from contrafact.web.schemas.fields import Money, time
from contrafact.web.services import Services

_EVENTS = ("OrderRaised", "DownstreamPaid")


@dataclass(frozen=True, slots=True)
class Wider:
    """A wider use, and what it costs now."""

    use: str
    cost: Money


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment after the delivery; `parts` are what the sources got of it, by their places in the order, and
    `to_maker` what was left of revenue.
    """

    what: str
    at: datetime
    payer: str
    amount: Money
    parts: tuple[tuple[int, Money], ...]
    to_maker: Money | None
    transaction: str


@dataclass(frozen=True, slots=True)
class Later:
    """`use` is what the piece may be used for now; `asks`: the part of later revenue that each source's terms ask for,
    by its place, where they ask for any. `why` no wider use is to be had, in words.
    """

    use: str
    wider: tuple[Wider, ...]
    why: str
    asks: tuple[tuple[int, str], ...]
    paid: tuple[Paid, ...]
    symbol: str
    decimals: int


def later(row: OrderRow, services: Services) -> Later:
    """Of a committed order."""
    commit, currency = row.commit, services.currency(row.quote.token)
    assert commit is not None
    happened = services.read_model.happenings_about([row.order_id], _EVENTS)
    now = max([row.quote.use, *(Use(each.arguments["to"]) for each in happened if each.name == "OrderRaised")])
    terms, money = _pinned(row, services), Purse(row.quote.token, services.currency)
    wider = tuple(_wider(row, commit, now, terms, money)) if terms and now is not Use.LIVE else ()
    return Later(
        use=now.name.lower(),
        wider=wider,
        why="" if wider else _why(now, terms),
        asks=tuple((i, percent(s.downstream)) for i, s in enumerate(row.quote.sources) if s.downstream),
        paid=tuple(_paid(row, commit, each, terms, money) for each in reversed(happened)),
        symbol=currency.symbol,
        decimals=currency.decimals,
    )


def _pinned(row: OrderRow, services: Services) -> Sequence[Terms]:
    """The terms that the order pinned, one for each source; empty where one of them is not indexed."""
    history = [(source, services.read_model.terms_history(source.work_id)) for source in row.quote.sources]
    found = [each.terms for source, known in history for each in known if each.version == source.terms_version]
    return found if len(found) == len(history) else ()


def _wider(row: OrderRow, commit: Commit, now: Use, terms: Sequence[Terms], money: Purse) -> Iterator[Wider]:
    for to in Use:
        if now < to < Use.LIVE and all(to in pinned.uses for pinned in terms):
            yield Wider(to.name.lower(), money(sum(_raise(row, commit, now, to, terms))))


def _why(now: Use, terms: Sequence[Terms]) -> str:
    if now is Use.LIVE:
        return "A live piece stays what it is: its use cannot be widened."
    if now is Use.BROADCAST:
        return "There is no wider use than broadcast."
    if not terms:
        return "The songs’ terms are not read yet. Load this page again in a minute."
    return "Not all songs in it permit a wider use, so nobody can buy one."


def _raise(row: OrderRow, commit: Commit, before: Use, to: Use, terms: Sequence[Terms]) -> tuple[int, ...]:
    """What each source gets of it."""
    was, becomes = (tuple(each.price(kind, row.quote.token) for each in terms) for kind in (before, to))
    return raised(replace(row.quote.rates, prices=was), becomes, commit.duration, commit.shares)


def _paid(row: OrderRow, commit: Commit, event: Happening, terms: Sequence[Terms], money: Purse) -> Paid:
    said, back = event.arguments, None
    if event.name == "OrderRaised":
        to, amount = Use(said["to"]), said["paid"]
        what = f"A wider use: {use(to.name.lower())}"
        parts = _raise(row, commit, Use(said["from"]), to, terms) if terms else ()
    else:
        what, amount, back = "Later revenue", said["amount"], money(said["toMaker"])
        asked = [source.downstream for source in row.quote.sources]
        parts = downstream(amount, commit.shares, asked, row.quote.through).sources
    got = tuple((place, money(units)) for place, units in enumerate(parts) if units)
    return Paid(what, time(event.at), said["payer"], money(amount), got, back, event.transaction)
