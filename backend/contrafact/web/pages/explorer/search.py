"""What people mean by what they type: an id or its beginning, an address, a digest, a CID, a transaction, a title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from contrafact.domain.addresses import written
from contrafact.domain.digests import digest_of_cid, to_hex
from contrafact.errors import InvalidInput
from contrafact.explorer_reads import MOST_NAMED, Kind, Named
from contrafact.read_model import OrderQuery, OrderRow, Page, WorkQuery
from contrafact.web.pages.explorer.views import at, order_line
from contrafact.web.pages.words import short
from contrafact.web.reads.network import own_accounts
from contrafact.web.services import Services

LONGEST = 200
SHORTEST_BEGINNING = 4
"""Hex digits from which on the beginning of an id is looked up."""
_HEX = re.compile(r"^0[xX]([0-9a-fA-F]{1,64})$")
_BARE = re.compile(rf"^[0-9a-fA-F]{{{SHORTEST_BEGINNING},64}}$")
"""The same without `0x`; a title may be such a word, too."""
_WORD = re.compile(r"[^\W_]+")
_WHERE: dict[Kind, str] = {
    "order": "/orders/", "work": "/works/", "model": "/models/", "record": "/orders/", "file": "/works/",
    "account": "/works/",
}  # fmt: skip
_WORDS: dict[Kind, str] = {
    "order": "Order", "work": "Work", "model": "Model", "record": "Attribution record of an order",
    "file": "File of a work", "account": "Royalty account of a work",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: what it is, its id or address, its page, and its title or name where it has one."""

    what: str
    id: str
    path: str
    title: str | None = None


def search(services: Services, asked: str) -> list[Hit]:
    """What is meant, without doubles. Raises InvalidInput for what cannot be looked for."""
    text = asked.strip()[:LONGEST]
    with suppress(InvalidInput):
        if text.startswith("bafkrei"):
            text = to_hex(digest_of_cid(text))
    if found := _HEX.match(text):
        return list(dict.fromkeys(_of_hex(services, found[1].lower())))
    ids = _of_hex(services, text.lower()) if _BARE.match(text) else ()
    return list(dict.fromkeys([*ids, *_titled(services, text)]))


def _titled(services: Services, text: str) -> Iterator[Hit]:
    """Works, models, and people by what is known of their names."""
    for row in services.read_model.works(WorkQuery(text=text), Page(MOST_NAMED)).rows:
        yield Hit("Work", to_hex(row.work_id), f"/works/{to_hex(row.work_id)}", row.title)
    for known in services.read_model.models():
        if _is_called(known.name, text):
            model = to_hex(known.model.model_id)
            yield Hit(_WORDS["model"], model, f"/models/{model}", known.name)
    for address, name in own_accounts(services).items():
        if _is_called(name, text):
            yield from _of_address(services, address)


def _is_called(name: str | None, text: str) -> bool:
    """Whether each word of the text begins a word of the name."""
    words, asked = (_WORD.findall((each or "").casefold()) for each in (name, text))
    return bool(asked) and all(any(word.startswith(one) for word in words) for one in asked)


def _of_hex(services: Services, digits: str) -> Iterator[Hit]:
    if len(digits) < SHORTEST_BEGINNING:
        raise InvalidInput(f"0x{digits} is too short.", f"Write 0x and at least {SHORTEST_BEGINNING} digits.")
    yield from (_hit(services, named) for named in services.read_model.named(digits))
    for address in _addressed(services, digits):
        yield from _of_address(services, address)
    yield from _of_transactions(services, digits)


def _addressed(services: Services, digits: str) -> list[str]:
    """The addresses that begin so: an operator may have done nothing but deposit a bond."""
    if len(digits) == 40:
        return [written(f"0x{digits}")]
    with services.figures.read(services.read_model) as as_of:
        operators = [each for each in as_of.figures.operators if each.lower().startswith(f"0x{digits}")]
    return list(dict.fromkeys([*operators[:MOST_NAMED], *services.read_model.addressed(digits)]))


def _hit(services: Services, named: Named) -> Hit:
    model = services.read_model
    title = None
    if named.kind in ("work", "file", "account"):
        title = model.work(named.leads_to).title
    elif named.kind == "model":
        title = model.model(named.leads_to).name
    else:
        title = _of_works(services, model.order(named.leads_to))
    return Hit(_WORDS[named.kind], to_hex(named.id), f"{_WHERE[named.kind]}{to_hex(named.leads_to)}", title)


def _of_works(services: Services, order: OrderRow) -> str:
    """An order by its works and its time, for others may be of the same works."""
    works = " · ".join(title or "Untitled" for title in order_line(order, services).titles)
    return f"{works}, {at(order.funded_at):%Y-%m-%d %H:%M} UTC"


def _of_address(services: Services, address: str) -> Iterator[Hit]:
    """Whatever somebody with this address is: rights holder, licensor, operator, maker, or nobody here."""
    model, one, name = services.read_model, Page(1), own_accounts(services).get(address)
    if model.is_holder(address) or model.works(WorkQuery(holder=address), one).rows:
        yield Hit("Rights holder: its works, and the orders of them", address, f"/holders/{address}", name)
    if model.works(WorkQuery(licensor=address), one).rows:
        yield Hit("Licensor of works", address, f"/works?licensor={address}", name)
    with services.figures.read(model) as as_of:
        is_operator = address in as_of.figures.operators
    if is_operator:
        yield Hit("Operator", address, f"/operators/{address}", name)
    if model.orders(OrderQuery(maker=address), one).rows:
        yield Hit("Maker of orders", address, f"/orders?maker={address}", name)


def _of_transactions(services: Services, beginning: str) -> Iterator[Hit]:
    """What happened in these transactions to orders, works and models."""
    for event in services.read_model.in_transactions(beginning):
        for value in event.arguments.values():
            if isinstance(value, bytes) and len(value) == 32:
                for hit in _named_exactly(services, value):
                    yield Hit(f"{hit.what} in transaction {short(event.transaction)}", hit.id, hit.path, hit.title)


def _named_exactly(services: Services, digest: bytes) -> list[Hit]:
    found = services.read_model.named(digest.hex())
    return [_hit(services, named) for named in found if named.kind in ("order", "work", "model", "account")]
