"""Frauds that nobody thinks of: what is done is known, to what is drawn by lot.

All but the last happen after an order that was honestly settled and paid out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from contrafact.domain.digests import to_hex
from contrafact.domain.generation import EventNote
from contrafact.domain.splits import account_id
from contrafact.wiring import Site
from tests.e2e.tampering.stage import Scene, file_of
from tests.e2e.town import operator

from .crooked import rpc
from .founding import split_of
from .nodes import lying, topics

Log = dict[str, Any]


@dataclass(frozen=True)
class Drawn:
    """What was done, in words, and the installation as an auditor of that chain has it."""

    what: str
    site: Site


@contextmanager
def word_of_storage(scene: Scene, lot: Random) -> Iterator[Drawn]:
    """A bit of an amount or a hash that the escrow stores is another."""
    site, quote = scene.site, scene.stage.quote
    escrow = site.connection.contract("GenerationEscrow", site.deployment.escrow)
    accounts = [account_id(work, split_of(i).root, quote.token) for i, work in enumerate(scene.stage.town.works)]
    views = [
        escrow.functions.orderState(scene.stage.order_id),
        escrow.functions.bondOf(operator().address, quote.token),
        *(escrow.functions.received(account) for account in accounts),
        *(escrow.functions.placeOf(account, place) for account in accounts[:2] for place in (0, 1)),
    ]
    view, bit = lot.choice(views), lot.randrange(100)
    call = {"to": view.address, "data": view._encode_transaction_data()}
    rows = rpc(site, "eth_createAccessList", call, "latest")["accessList"]
    (address, key), *_ = ((row["address"], key) for row in rows for key in row["storageKeys"])
    word = int(rpc(site, "eth_getStorageAt", address, key, "latest"), 16)
    rpc(site, "anvil_setStorageAt", address, key, "0x" + (word ^ 1 << bit).to_bytes(32).hex())
    yield Drawn(f"bit {bit} of {view.fn_name}{view.args}", site)


@contextmanager
def event_gone(scene: Scene, lot: Random) -> Iterator[Drawn]:
    """A node gives out all events of the contracts but one."""
    log = lot.choice(telling(scene.site))
    with lying(scene.site, lambda logs: [one for one in logs if place(one) != place(log)]) as site:
        yield Drawn(f"event {log['topics'][0]} of {log['address']} in block {int(log['blockNumber'], 16)}", site)


@contextmanager
def word_of_an_event(scene: Scene, lot: Random) -> Iterator[Drawn]:
    """A node changes a bit of an amount, a digest or an address in one event."""
    log = lot.choice([log for log in telling(scene.site) if log["topics"][0] in topics(*PLAIN)])
    words, bit = len(log["data"]) // 64, lot.randrange(16)
    at = lot.randrange(words)
    changed = int(log["data"], 16) ^ 1 << bit + 256 * (words - 1 - at)

    def tell(logs: list[Log]) -> list[Log]:
        return [{**one, "data": f"0x{changed:0{64 * words}x}"} if place(one) == place(log) else one for one in logs]

    with lying(scene.site, tell) as site:
        yield Drawn(f"bit {bit} of word {at} of event {log['topics'][0]}", site)


@contextmanager
def file_for_another(scene: Scene, lot: Random) -> Iterator[Drawn]:
    """One of the order's files has the bytes of another of them."""
    record = scene.stage.honest.record
    names = [record.digest(), *record.files]
    one, other = lot.sample(names, 2)
    file_of(scene.site, one).write_bytes(file_of(scene.site, other).read_bytes())
    yield Drawn(f"{to_hex(other)} in the place of {to_hex(one)}", scene.site)


@contextmanager
def a_note(scene: Scene, lot: Random) -> Iterator[Drawn]:
    """One note, or what a source has of it, is another; shares, sound and record all follow from it."""
    made, lies_of_one = scene.stage.attempts[0].generation, (_higher, _longer, _moved)
    notes, at = list(made.events.notes), lot.randrange(len(made.events.notes))
    change = lot.choice(lies_of_one)
    notes[at] = change(notes[at], lot)
    scene.deliver(scene.stage.retold(replace(made, events=replace(made.events, notes=tuple(notes)))))
    yield Drawn(f"note {at} {change.__name__}", scene.site)


def _higher(note: EventNote, lot: Random) -> EventNote:
    return replace(note, pitch=note.pitch + lot.randrange(1, 5))


def _longer(note: EventNote, lot: Random) -> EventNote:
    return replace(note, duration=note.duration + lot.randrange(1, 3))


def _moved(note: EventNote, lot: Random) -> EventNote:
    """What the first component has of it, in part to the last."""
    parts = list(note.responsibilities)
    giver = parts.index(max(parts))
    taker = lot.choice([i for i in range(len(parts)) if i != giver])
    amount = lot.randrange(1, 1_000)
    parts[giver], parts[taker] = parts[giver] - amount, parts[taker] + amount
    return replace(note, responsibilities=tuple(parts))


Lot = Callable[[Scene, Random], AbstractContextManager[Drawn]]
LOTS: dict[str, Lot] = {
    "a word of storage": word_of_storage,
    "an event gone": event_gone,
    "a word of an event": word_of_an_event,
    "a file for another": file_for_another,
    "a note": a_note,
}
PLAIN = ("AccountOpened", "Credited", "OrderCommitted", "Paid")
"""Events without lists in them: what a bit changes, stays an event."""
TELLING = (*PLAIN, "OrderFunded", "TermsSet")
"""Events that move rights or money. The others can be left out without gain: what they say is in the storage, too."""


def telling(site: Site) -> list[Log]:
    """The events of works and money, in their order."""
    contracts = site.deployment.contracts
    both = [contracts["Catalogue"], contracts["GenerationEscrow"]]
    query = {"fromBlock": "0x0", "toBlock": "latest", "address": both}
    return [log for log in map(_plain, rpc(site, "eth_getLogs", query)) if log["topics"][0] in topics(*TELLING)]


def _plain(log: Any) -> Log:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in dict(log).items()}


def place(log: Log) -> tuple[int, int]:
    return int(log["blockNumber"], 16), int(log["logIndex"], 16)
