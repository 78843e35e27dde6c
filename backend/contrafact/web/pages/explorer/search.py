"""What people mean by what they type: an id or its beginning, an address, a digest, a CID, a transaction, a title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from contrafact.domain.addresses import written
from contrafact.domain.digests import digest_of_cid, from_hex, to_hex
from contrafact.errors import ChainError, InvalidInput, NotFound
from contrafact.explorer_reads import MOST_NAMED, Kind, Named
from contrafact.ledger.connection import Connection
from contrafact.ledger.receipts import Receipts
from contrafact.read_model import OrderQuery, OrderRow, Page, WorkQuery
from contrafact.web.pages.explorer.views import at, order_line
from contrafact.web.services import Services

LONGEST = 200
SHORTEST_BEGINNING = 4
"""Hex digits from which on the beginning of an id is looked up."""
_HEX = re.compile(r"^0[xX]([0-9a-fA-F]{1,64})$")
_BARE = re.compile(rf"^[0-9a-fA-F]{{{SHORTEST_BEGINNING},64}}$")
"""The same without `0x`; a title may be such a word, too."""
_WHERE: dict[Kind, str] = {
    "order": "/orders/", "work": "/works/", "model": "/models/", "record": "/orders/", "file": "/works/",
}  # fmt: skip
_WORDS: dict[Kind, str] = {
    "order": "Order", "work": "Work", "model": "Model", "record": "Attribution record of an order",
    "file": "File of a work",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: what it is, its id or address, its title where it has one, and its page."""

    what: str
    id: str
    path: str
    title: str | None = None


def search(services: Services, asked: str) -> list[Hit]:
    """What is meant, without doubles. Raises InvalidInput for what cannot be looked for, and Overloaded."""
    text = asked.strip()[:LONGEST]
    with suppress(InvalidInput):
        if text.startswith("bafkrei"):
            text = to_hex(digest_of_cid(text))
    if found := _HEX.match(text):
        return list(dict.fromkeys(_of_hex(services, found[1].lower())))
    ids = _of_hex(services, text.lower()) if _BARE.match(text) else ()
    return list(dict.fromkeys([*ids, *_titled(services, text)]))


def _titled(services: Services, text: str) -> list[Hit]:
    rows = services.read_model.works(WorkQuery(text=text), Page(MOST_NAMED)).rows
    return [Hit("Work", to_hex(row.work_id), f"/works/{to_hex(row.work_id)}", row.title) for row in rows]


def _of_hex(services: Services, digits: str) -> Iterator[Hit]:
    if len(digits) < SHORTEST_BEGINNING:
        raise InvalidInput(f"0x{digits} is too short.", f"Write 0x and at least {SHORTEST_BEGINNING} digits.")
    yield from (_hit(services, named) for named in services.read_model.named(digits))
    if len(digits) == 40:
        yield from _of_address(services, written(f"0x{digits}"))
    if len(digits) == 64:
        yield from _of_transaction(services, f"0x{digits}")


def _hit(services: Services, named: Named) -> Hit:
    model = services.read_model
    title = None
    if named.kind in ("work", "file"):
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
    model, one = services.read_model, Page(1)
    if model.is_holder(address) or model.works(WorkQuery(holder=address), one).rows:
        yield Hit("Rights holder: its works, and the orders of them", address, f"/holders/{address}")
    if model.works(WorkQuery(licensor=address), one).rows:
        yield Hit("Licensor of works", address, f"/works?licensor={address}")
    with services.figures.read(model) as as_of:
        is_operator = address in as_of.figures.operators
    if is_operator:
        yield Hit("Operator", address, f"/operators/{address}")
    if model.orders(OrderQuery(maker=address), one).rows:
        yield Hit("Maker of orders", address, f"/orders?maker={address}")


def _of_transaction(services: Services, transaction: str) -> Iterator[Hit]:
    """What happened in a transaction to orders, works and models. The node says in which block it is.

    Raises Overloaded.
    """
    with suppress(ChainError, NotFound):
        with services.reporting.passed():  # the node may be slow, and anybody may ask for any hash
            block = block_of(services.preparer.connection, transaction)
        for event in services.read_model.in_transaction(block, transaction):
            for value in event.arguments.values():
                if isinstance(value, bytes) and len(value) == 32:
                    for hit in _named_exactly(services, value):
                        yield Hit(f"{hit.what} in this transaction", hit.id, hit.path, hit.title)


def _named_exactly(services: Services, digest: bytes) -> list[Hit]:
    found = services.read_model.named(digest.hex())
    return [_hit(services, named) for named in found if named.kind in ("order", "work", "model")]


def block_of(connection: Connection, transaction: str) -> int:
    """The block that a transaction is in. Raises NotFound, and ChainError where the node cannot be asked."""
    with connection.failures():
        receipt = Receipts(connection.web3, confirmations=1).find([from_hex(transaction)])
    if receipt is None:
        raise NotFound(f"No block has the transaction {transaction}.", "Check its hash, and the chain.")
    return int(receipt["blockNumber"])
