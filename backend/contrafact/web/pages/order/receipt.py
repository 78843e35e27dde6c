"""The receipt of an order: what was paid in, who got what, in the order's token. Exact amounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contrafact.domain.credit_lines import shown
from contrafact.domain.digests import to_hex
from contrafact.domain.money import decimal
from contrafact.domain.settlement import Settlement, units
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split, account_id, part_of
from contrafact.ports import OrderStatus
from contrafact.read_model import OrderRow, WorkRow
from contrafact.web.documents import Documents
from contrafact.web.money import Purse
from contrafact.web.orders import settlement, shares_of
from contrafact.web.pages.named import Name, names_in, own_names
from contrafact.web.schemas.fields import Money
from contrafact.web.services import Services
from contrafact.web.works import pinned_document, pinned_split, row_of


@dataclass(frozen=True, slots=True)
class Part:
    """A holder's part of what a work was paid, to the unit; `name` where anything says whose the address is."""

    holder: str
    share: int
    amount: Money
    name: Name | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody gets of an order. `kind`: source, pool, operator or maker; `colour` 1 to 8 for a source's place,
    0 for the model itself. `price` is that of a started half minute, None where the amount is no product of it;
    `share` and `amount` are None before the order is settled. `before` is what the song's account had received
    until then. `rest` is what of the amount is in no holder's part, `earlier` what the parts have beyond it, of units
    that had been left there. `name_of` is the name of operator or maker where anything says it.
    """

    kind: str
    colour: int
    name: str
    id: str
    note: str
    share: int | None
    asked: int | None
    amount: Money | None
    price: Money | None = None
    holders: tuple[Part, ...] = ()
    before: int = 0
    rest: Money | None = None
    earlier: Money | None = None
    credits: tuple[str, ...] = ()
    name_of: Name | None = None
    through: bool = False


@dataclass(frozen=True, slots=True)
class Back:
    """Of what went back to the maker, exactly: what was not used, and what rounding the others' parts down left.

    Texts, for both may have more decimals than the token; together they are whole units of it.
    """

    unused: str
    rounding: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """`lines` are sources, pool, operator and maker, and sum to `escrow` once settled. `most` says how `escrow` comes
    about, `count` is the number of started half minutes that are paid; `back` is None where nothing was rounded.
    """

    title: str
    titles: tuple[str, ...]
    escrow: Money
    most: str
    count: int
    spent: Money | None
    refunded: Money | None
    back: Back | None
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
        most=_most(row, money),
        count=units(row.commit.duration if row.commit else row.quote.duration),
        spent=money(due.total - due.refunded) if due else None,
        refunded=money(due.refunded) if due else None,
        back=_back(row, due, services) if due else None,
        lines=lines,
        funded_in=row.funded_in,
        closed_in=row.closed_in,
        is_paid=is_paid,
        is_settled=due is not None,
        status=_status(row),
    )


def _most(row: OrderRow, money: Purse) -> str:
    """The dearest part's price × half minutes + fee."""
    quote, count = row.quote, units(row.quote.duration)
    dearest = money((quote.escrow - quote.operator_fee) // count)
    fee = f" + {money(quote.operator_fee).text} for the operator" if quote.operator_fee else ""
    return f"the dearest part’s {dearest.text} × {count} started half minute{'' if count == 1 else 's'}{fee}"


def _back(row: OrderRow, due: Settlement, services: Services) -> Back | None:
    assert row.commit is not None
    prices, shares = (*row.quote.prices, row.quote.base_rate), (*shares_of(row), row.commit.base_share)
    count = units(row.commit.duration)
    cut = sum(price * count * share % PPM for price, share in zip(prices, shares, strict=True))
    currency = services.currency(row.quote.token)

    def exact(millionths: int) -> str:
        return f"{decimal(millionths, currency.decimals + 6)} {currency.symbol}"

    return Back(exact(due.refunded * PPM - cut), exact(cut)) if cut else None


def _lines(row: OrderRow, due: Settlement | None, money: Purse, services: Services) -> Iterator[Line]:
    own = own_names(services)
    shares, received = shares_of(row), {credit.account: credit.before for credit in row.credits}
    for place, source in enumerate(row.quote.sources):
        work = row_of(services, source.work_id)
        amount = due.sources[place] if due else None
        account = account_id(source.work_id, source.split_root, row.quote.token)
        before = received.get(account, 0)
        received[account] = before + (amount or 0)
        split = pinned_split(services, work, source.split_root) if work and due else None
        named = {**_names(services, work, source.split_root), **own} if work and split else {}
        parts = tuple(_parts(split, before, amount or 0, money, named)) if split else ()
        rest = (amount or 0) - sum(int(part.amount.units) for part in parts)
        yield Line(
            kind="source",
            colour=(source.through - 1 if source.through else place) % 8 + 1,
            name=(work.title if work else None) or "A work without a title",
            id=to_hex(source.work_id),
            note="the composition of a recording that was used, by the recording’s share" if source.through else "",
            share=shares[place] if shares else None,
            asked=None if source.through else source.weight,
            amount=None if amount is None else money(amount),
            price=money(source.price),
            holders=parts,
            before=before,
            rest=money(rest) if parts and rest > 0 else None,
            earlier=money(-rest) if parts and rest < 0 else None,
            credits=tuple(shown(credit) for credit in work.credits) if work else (),
            through=bool(source.through),
        )
    pool = money(due.pool) if due else None
    base = row.commit.base_share if row.commit else None
    note = "for the works that the model learnt from"
    rate = money(row.quote.base_rate)
    yield Line("pool", 0, "The model itself", to_hex(row.quote.model_id), note, base, None, pool, rate)
    fee, operator, maker = money(row.quote.operator_fee) if due else None, row.quote.operator, row.quote.maker
    made, back = "for making the piece", money(due.refunded) if due else None
    yield Line("operator", 0, "The operator", operator, made, None, None, fee, name_of=own.get(operator))
    left = "what the shares did not cost"
    yield Line("maker", 0, "Back to the maker", maker, left, None, None, back, name_of=own.get(maker))


def _names(services: Services, work: WorkRow, root: bytes) -> Mapping[str, Name]:
    """Of the work's holders, as its own document says: nobody may name the holders of others' works."""
    document = pinned_document(services, work, root)
    return names_in(Documents(services.published).work(document) if document else None)


def _parts(split: Split, before: int, amount: int, money: Purse, named: Mapping[str, Name]) -> Iterator[Part]:
    """As the contract counts: over all that the account received."""
    for leaf in split.leaves:
        units = part_of(before, amount, leaf.share)
        yield Part(leaf.holder, leaf.share, money(units), named.get(leaf.holder))


def _listed(titles: tuple[str, ...]) -> str:
    *first, last = titles
    return f"{', '.join(first)} and {last}" if first else last


def _status(row: OrderRow) -> str:
    """Whether what the chain says may still change, in words."""
    if row.status is OrderStatus.NONE:
        return "not paid"
    return "final" if row.confirmed else "waiting for the network’s confirmations"
