"""Whatever is tampered with is found, by the check that is there for it.

Each case names that check, the other checks that the same lie breaks, and the lie.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contrafact.audit import AuditVerdict, Loss
from contrafact.audit.calls import Disputed, SunsetSince, TokenMoves
from contrafact.audit.rules import RULES
from contrafact.domain import events
from contrafact.domain.allow_list import AllowList
from contrafact.domain.collections import Collection
from contrafact.domain.digests import cid, sha256
from contrafact.domain.generation import EventLedger, WeightChange
from contrafact.domain.grants import Grant
from contrafact.domain.history import Committed, Funded, Refunded
from contrafact.domain.models import ModelMetadata
from contrafact.domain.orders import Eip712Domain, Quote
from contrafact.domain.pool_rule import PoolRule, Rule
from contrafact.domain.protection import Protection, Sealed
from contrafact.domain.record import AttributionRecord
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms, Use
from contrafact.domain.works import WorkMetadata
from contrafact.ports import OrderStatus, PlaceStatus

from .fakes import TOKEN
from .history import BOND, DAY, WEIGHTS, World, address, derive, honest_world, sign, terms

ELSE = sha256(b"something else")
OPERATOR = (address("operator"), TOKEN)
Tamper = Callable[[World], object]


def edit(entries: list[Any], index: int, /, **changes: object) -> None:
    entries[index] = replace(entries[index], **changes)


def forget(world: World, digest: bytes) -> None:
    del world.store.held[cid(digest)]


def fund(world: World, **changes: object) -> bytes:
    """Funds a quote that an honest contract would refuse."""
    quote = replace(world.quote(50), **changes)
    return world.fund("bad", quote)


def source(quote: Quote, **changes: object) -> dict[str, object]:
    """The quote's first source, changed."""
    return {"sources": (replace(quote.sources[0], **changes), *quote.sources[1:])}


def as_composition(quote: Quote) -> dict[str, object]:
    """The quote's second source, paid through the first as if that were a recording of it."""
    first, second = quote.sources
    alone, through = replace(first, weight=PPM), replace(second, weight=0, min_share=0, through=1)
    return {"sources": (alone, through)}


def deliver(world: World, change: Callable[[AttributionRecord], AttributionRecord], order: bytes | None = None) -> None:
    """Commits a record that an honest operator would not make."""
    record = change(world.record(order or world.orders["open"]))
    world.store.put(record.to_bytes())
    world.ledger.commit(record.commit())


def deliver_events(world: World, change: Callable[[EventLedger], EventLedger]) -> None:
    """Commits a record of other notes than were generated; the rest of it is kept."""

    def changed(record: AttributionRecord) -> AttributionRecord:
        ledger = change(events.from_bytes(world.store.get(cid(record.events))))
        world.store.put(events.to_bytes(ledger))
        return replace(record, events=sha256(events.to_bytes(ledger)))

    deliver(world, changed)


def published_record(world: World) -> bytes:
    return world.store.get(cid(world.ledger.committed_list[0].commit.record_digest))


def grant_more(world: World) -> None:
    """An operator gives away what no licensor permitted."""

    def generous(record: AttributionRecord) -> AttributionRecord:
        text = world.store.held_by(record.licence).replace(b"For private use.", b"For any use.")
        world.store.put(text)
        return replace(record, licence=sha256(text))

    deliver(world, generous)


def shifted(record: AttributionRecord, ppm: int) -> AttributionRecord:
    """The record with `ppm` moved from the first source to the second."""
    first, second = record.sources
    moved = (replace(first, share=first.share - ppm), replace(second, share=second.share + ppm))
    return replace(record, sources=moved)


def opt_out_then_fund(world: World) -> None:
    quote = world.quote(50)
    world.ledger.set_terms(world.works[0], Terms.opted_out())
    world.fund("bad", quote)


def fund_under_terms(world: World, **changes: object) -> None:
    """An order under terms that refuse it, though the price is theirs."""
    world.ledger.set_terms(world.works[0], terms(200_003, **changes))
    world.fund("bad", world.quote(50))


def fund_an_opted_out_work(world: World) -> None:
    """Opted out, yet priced: the order pins the very version that refuses it."""
    fund_under_terms(world, inference=False)


def publish_other_split(world: World) -> None:
    other = Split.of([(address("thief"), PPM)])
    metadata = world.describe("The Blackbird", b"The Blackbird", other)
    edit(world.ledger.split_list, 0, metadata=metadata)


def name_other_content(world: World) -> None:
    content = b"another tune"
    split = world.splits[0]
    form = sha256(derive(content, ""))
    document = WorkMetadata("The Blackbird", "", "", (), "text/vnd.abc", sha256(content), form, split)
    world.store.put(document.to_bytes())
    edit(world.ledger.work_list, 0, metadata=document.digest())


def described_model(world: World) -> ModelMetadata:
    return ModelMetadata.from_bytes(world.store.held_by(world.ledger.model_list[0].metadata))


def describe_model(world: World, **changes: object) -> None:
    """The model is described otherwise."""
    document = replace(described_model(world), **changes)  # type: ignore[arg-type]
    world.store.put(document.to_bytes())
    edit(world.ledger.model_list, 0, metadata=document.digest())


def edit_account(world: World, **changes: object) -> None:
    """The escrow describes the first account that was paid as another's."""
    account = paid(world)[0]
    world.ledger.account_map[account] = replace(world.ledger.account_map[account], **changes)  # type: ignore[arg-type]


def overpay(world: World) -> None:
    """The first holder is paid again what is already theirs, from everybody's money."""
    account = world.ledger.paid_list[0].account
    world.ledger.paid_list.append(replace(world.ledger.paid_list[0], transaction="0xagain"))
    amount = world.ledger.paid_list[0].amount
    world.ledger.draws[account, 0] += amount
    world.ledger.balances[world.ledger.domain.contract, TOKEN] -= amount


def hold(world: World, tamper: Callable[[], object]) -> None:
    """A contest holds all that the second work earns from now on."""
    world.ledger.hold(world.works[1], world.splits[1].root, TOKEN, 10**9)
    world.deliver(world.orders["open"])
    tamper()


def pay_held(world: World) -> None:
    def pay() -> None:
        account, held = world.ledger.holds_now.popitem()
        world.ledger.payout(world.works[1], world.splits[1], 0, TOKEN)
        world.ledger.holds_now[account] = held

    hold(world, pay)


def recover(world: World, wait: int, tamper: Callable[[], object] = lambda: None) -> None:
    """The second work's holder is replaced by its guardian, who waits so many seconds."""
    world.deliver(world.orders["open"])
    world.ledger.recover(address("cat"), address("heir of cat"), wait)
    world.ledger.readdress(world.works[1], world.splits[1], 0, TOKEN, address("heir of cat"))
    tamper()


def reorder_times(world: World, name: str, seconds: int) -> None:
    """Moves the block of an order's last event to `seconds` after its deadline."""
    order = world.orders[name]
    funded = next(e for e in world.ledger.funded_list if e.order_id == order)
    ends = [e.block for e in world.ledger.committed_list if e.commit.order_id == order]
    ends += [e.block for e in world.ledger.refunded_list if e.order_id == order]
    world.ledger.times[ends[0]] = funded.quote.deadline + seconds


def mostly_base(record: AttributionRecord) -> AttributionRecord:
    """All of the first source's share is said to be the base's."""
    first, second = record.sources
    sources = (replace(first, share=0), second)
    return replace(record, base_share=record.base_share + first.share, sources=sources)


def uncopied(record: AttributionRecord) -> AttributionRecord:
    """The first source is said not to have been copied from at all."""
    first, second = record.sources
    return replace(record, sources=(replace(first, longest_run=0), second))


def swap_stems(record: AttributionRecord) -> AttributionRecord:
    return replace(record, stems=(record.stems[1], *record.stems[1:]))


def alter_licence(world: World, by: int) -> None:
    """Changes the stored word of a version: the time is in its lowest 40 bits."""
    world.ledger.licences[world.works[0], 2] += by


def record_of_nothing(world: World) -> None:
    """A work that was ordered is a recording, whose composition nobody paid."""
    edit(world.ledger.work_list, 0, recording_of=ELSE)
    world.ledger.compositions[world.works[0]] = ELSE


def redescribe(world: World, title: str) -> None:
    """A new split of a work that was ordered comes with the description of another tune."""
    split = world.splits[1]
    world.ledger.change_split(world.works[1], split.root, world.describe(title, title.encode(), split))
    edit(world.ledger.work_list, 1, metadata=world.ledger.split_list[1].metadata)


def describe_as_recording(world: World) -> None:
    """A composition that was ordered is described as somebody's recording."""
    found = WorkMetadata.from_bytes(world.store.held_by(world.ledger.work_list[1].metadata))
    document = replace(found, recording_of=ELSE)
    world.store.put(document.to_bytes())
    edit(world.ledger.work_list, 1, metadata=document.digest())


def order_from_a_copy(world: World) -> None:
    """The model's weights once more, said to have learnt from one work only."""
    world.ledger.next_block(2 * DAY)
    leaves = world.consented("The First Lesson")
    original, world.model = world.model, world.register_model(WEIGHTS, leaves, registrant="thief")
    assert world.model != original
    world.fund("diverted", world.quote(80))


def publish_other_weights(world: World) -> None:
    world.tools = replace(world.tools, generator=None)
    world.store.held[cid(WEIGHTS)] = b"other weights"


def materialised_early(world: World) -> None:
    """A work of a collection is said to be licensed since a minute before that was anchored."""
    document = Collection.from_bytes(world.store.held_by(world.ledger.collection_list[0].document))
    collected = document.works[0]
    for data in (collected.metadata.to_bytes(), b"The First Lesson", derive(b"The First Lesson", "")):
        world.store.put(data)
    work = world.ledger.materialise(address("steward"), document, collected.content)
    world.ledger.licences[work, 1] -= 60


def swap_blocks(entries: list[Any], one: int, other: int) -> None:
    first, second = entries[one].block, entries[other].block
    edit(entries, one, block=second)
    edit(entries, other, block=first)


def edit_call(world: World, event: Funded | Committed, **changes: object) -> None:
    """The transaction of an event said something else."""
    world.ledger.calls[event.transaction] = replace(world.ledger.calls[event.transaction], **changes)  # type: ignore[arg-type]


def short_of(world: World, event: Funded | Committed | Refunded, who: str) -> None:
    """The token moved one unit less to somebody, or to the escrow, than the event says."""
    moved = world.ledger.moves[event.transaction]
    sent = {to: amount - (to == who) for to, amount in moved.sent.items()}
    world.ledger.moves[event.transaction] = TokenMoves(moved.arrived - (not who), sent)


def forged(digest: bytes) -> bytes:
    return sign(address("thief"), digest)


def fund_with_grants(world: World, *grants: Grant, **changes: object) -> None:
    """An order of a work whose terms ask for a grant, with other grants than they ask for."""
    if "allow" in changes:
        changes["allow"] = AllowList.of([address("operator")], [world.model, ELSE])
    world.ledger.set_terms(world.works[0], terms(200_003, **changes))
    world.fund("granted", world.quote(81))
    edit_call(world, world.ledger.funded_list[-1], grants=grants)


def raise_from(world: World, **changes: object) -> None:
    world.ledger.raise_use(world.orders["first"], Use.COMMERCIAL)
    edit(world.ledger.raised_list, 0, **changes)


def pay_later(world: World, units: int) -> None:
    world.ledger.pay_downstream(world.orders["first"], 1000)
    edit(world.ledger.downstream_list, 0, to_maker=1000 + units)


def prolonged(ledger: EventLedger) -> EventLedger:
    """The last note sounds on for a minute after the end."""
    *notes, last = ledger.notes
    return replace(ledger, notes=(*notes, replace(last, duration=4000)))


def last_bar(ledger: EventLedger) -> int:
    return max(note.bar for note in ledger.notes)


def paid(world: World) -> tuple[bytes, int]:
    """The first place that was paid."""
    event = world.ledger.paid_list[0]
    return event.account, event.index


CASES: list[tuple[str, set[str], Tamper]] = [
    ("code.published", set(), lambda w: edit(w.ledger.deployed, 3, problem="Its code is another.")),
    (
        "code.domain",
        {
            "commit.signed",
            "money.balance",
            "money.solvent",
            "order.id",
            "order.signed",
            "record.licence",
            "record.names",
        },
        lambda w: setattr(w.ledger, "domain", Eip712Domain(31337, address("elsewhere"))),
    ),
    (
        "work.id",
        {"work.storage", "record.licence"},
        lambda w: edit(w.ledger.licensor_list, 0, licensor=address("thief")),
    ),
    ("work.metadata", {"work.split", "work.derived"}, lambda w: forget(w, w.ledger.work_list[1].metadata)),
    ("work.metadata", set(), name_other_content),
    ("work.files", {"work.derived"}, lambda w: forget(w, w.ledger.work_list[0].content)),
    ("work.files", set(), lambda w: forget(w, w.ledger.work_list[0].source_form)),
    ("work.derived", set(), lambda w: setattr(w, "tools", replace(w.tools, derive=lambda content, kind: b"other"))),
    ("work.split", {"order.split", "work.storage"}, lambda w: edit(w.ledger.split_list, 0, split_root=ELSE)),
    ("work.split", set(), publish_other_split),
    ("work.splits", set(), lambda w: edit(w.ledger.split_list, 2, version=2)),
    ("work.splits", {"order.split", "work.split"}, lambda w: edit(w.ledger.split_list, 2, split_root=ELSE)),
    ("work.storage", set(), lambda w: w.ledger.licensor_now.update({w.works[0]: address("thief")})),
    ("work.storage", set(), lambda w: w.ledger.licences.update({(w.works[0], 1): 1})),
    ("work.storage", set(), lambda w: w.ledger.disputes.update({w.works[0]: (True, False)})),
    ("work.storage", set(), lambda w: w.ledger.compositions.update({w.works[0]: ELSE})),
    ("work.storage", set(), lambda w: w.ledger.licensor_now.pop(w.works[0])),
    ("work.described", set(), lambda w: redescribe(w, "Another Tune")),
    ("work.composition", set(), lambda w: describe_as_recording(w)),
    ("model.once", {"order.open"}, lambda w: order_from_a_copy(w)),
    ("model.weights", set(), lambda w: publish_other_weights(w)),
    ("model.rule", set(), lambda w: describe_model(w, pool=PoolRule(Rule.EQUAL, 1))),
    ("model.id", set(), lambda w: edit(w.ledger.model_list, 0, registrant=address("thief"))),
    ("model.metadata", set(), lambda w: forget(w, w.ledger.model_list[0].metadata)),
    ("model.metadata", {"model.manifest"}, lambda w: edit(w.ledger.model_list, 0, manifest=ELSE)),
    ("model.manifest", set(), lambda w: forget(w, described_model(w).manifest_document)),
    ("model.manifest", set(), lambda w: describe_model(w, training_works=3)),
    ("model.metadata", set(), lambda w: describe_model(w, manifest=ELSE)),
    ("model.consent", set(), lambda w: forget(w, w.ledger.collection_list[0].document)),
    ("model.consent", set(), lambda w: w.ledger.collection_list.clear()),
    ("model.consent", set(), lambda w: edit(w.ledger.collection_list, 0, withdrawn=w.ledger.model_list[0].block - 2)),
    ("model.consent", set(), lambda w: edit(w.ledger.collection_list, 0, block=w.ledger.model_list[0].block + 1)),
    ("model.consent", set(), lambda w: edit(w.ledger.collection_list, 0, licensor=address("thief"))),
    ("model.pool", set(), lambda w: w.ledger.offers.clear()),
    ("model.pool", {"order.model"}, lambda w: edit(w.ledger.model_list, 0, rates={TOKEN: 1})),
    ("model.pool", {"order.model"}, lambda w: edit(w.ledger.model_list, 0, sunset=1)),
    ("model.pool", {"order.model"}, lambda w: edit(w.ledger.model_list, 0, pool_split_root=ELSE)),
    ("terms.versions", {"order.permitted"}, lambda w: w.ledger.terms_list.pop(1)),
    ("terms.versions", set(), lambda w: w.ledger.versions.update({w.works[0]: 2})),
    ("terms.versions", set(), lambda w: w.ledger.versions.pop(w.works[1])),
    ("terms.hash", {"order.price", "record.licence"}, lambda w: edit(w.ledger.terms_list, 0, terms=terms(1))),
    ("terms.hash", set(), lambda w: alter_licence(w, 1 << 40)),
    ("terms.since", set(), lambda w: alter_licence(w, 1)),
    ("terms.since", set(), lambda w: alter_licence(w, -60)),
    ("terms.since", set(), lambda w: materialised_early(w)),
    ("terms.form", set(), lambda w: w.ledger.set_terms(w.works[0], terms(1, valid_from=9, valid_until=5))),
    ("terms.versions", {"order.permitted", "terms.since"}, lambda w: swap_blocks(w.ledger.terms_list, 0, 2)),
    ("order.signed", set(), lambda w: edit_call(w, w.ledger.funded_list[0], signature=bytes(65))),
    ("order.signed", set(), lambda w: edit_call(w, w.ledger.funded_list[0], signature=forged(w.orders["first"]))),
    ("order.signed", set(), lambda w: edit_call(w, w.ledger.funded_list[0], quote=w.quote(70))),
    ("order.asked", set(), lambda w: edit_call(w, w.ledger.funded_list[0], sender=address("thief"))),
    ("order.asked", set(), lambda w: edit_call(w, w.ledger.funded_list[0], maker_signature=forged(ELSE))),
    ("order.granted", set(), lambda w: fund_with_grants(w, Grant(approval=forged(ELSE)), approval=True)),
    ("order.granted", set(), lambda w: fund_with_grants(w, Grant(), approval=True)),
    ("order.granted", set(), lambda w: fund_with_grants(w, approval=True)),
    ("order.granted", set(), lambda w: fund_with_grants(w, Grant(operator_proof=(ELSE,)), allow=None)),
    ("order.granted", set(), lambda w: fund_with_grants(w, Grant(model_proof=(ELSE,)), allow=None)),
    ("order.undisputed", set(), lambda w: w.ledger.dispute_list.append(Disputed(w.works[0], True, 1))),
    ("order.raised", {"money.settlement"}, lambda w: raise_from(w, before=Use.COMMERCIAL)),
    ("order.raised", set(), lambda w: w.ledger.raise_use(w.orders["first"], Use.BROADCAST)),
    ("order.revenue", {"money.balance"}, lambda w: pay_later(w, -1)),
    ("commit.signed", set(), lambda w: edit_call(w, w.ledger.committed_list[0], signature=forged(ELSE))),
    ("commit.signed", set(), lambda w: edit_call(w, w.ledger.committed_list[0], quote=w.quote(70))),
    (
        "order.id",
        {"commit.signed", "order.signed"},
        lambda w: edit(w.ledger.funded_list, 0, quote=replace(w.ledger.funded_list[0].quote, nonce=99)),
    ),
    ("order.form", set(), lambda w: fund(w, **source(w.quote(50), weight=1))),
    ("order.once", {"money.balance"}, lambda w: w.ledger.committed_list.append(w.ledger.committed_list[0])),
    ("order.once", {"money.balance"}, lambda w: w.ledger.funded_list.append(w.ledger.funded_list[0])),
    ("order.once", set(), lambda w: edit(w.ledger.committed_list, 0, block=1)),
    ("order.once", {"money.bond", "money.solvent"}, lambda w: w.ledger.refund(w.orders["first"])),
    ("order.times", set(), lambda w: reorder_times(w, "first", 1)),
    ("order.times", set(), lambda w: reorder_times(w, "lost", 0)),
    ("order.times", set(), lambda w: fund(w, valid_until=0)),
    ("order.times", set(), lambda w: fund(w, deadline=w.ledger.timestamp() + 200)),
    ("order.times", set(), lambda w: fund(w, deadline=w.ledger.timestamp() + 9 * DAY)),
    ("order.works", {"work.composition", "work.described"}, record_of_nothing),
    ("order.works", {"order.permitted"}, lambda w: fund(w, **as_composition(w.quote(50)))),
    ("order.permitted", set(), opt_out_then_fund),
    ("order.permitted", set(), fund_an_opted_out_work),
    ("order.permitted", set(), lambda w: fund_under_terms(w, uses=frozenset({Use.LIVE}))),
    ("order.permitted", set(), lambda w: fund_under_terms(w, max_weight=100_000)),
    ("order.permitted", set(), lambda w: fund_under_terms(w, combinable=False)),
    ("order.permitted", set(), lambda w: fund_under_terms(w, valid_until=5)),
    ("order.permitted", set(), lambda w: fund(w, **source(w.quote(50), terms_version=9))),
    ("order.price", set(), lambda w: fund(w, **source(w.quote(50), price=1))),
    ("order.price", {"order.model", "money.bond"}, lambda w: fund(w, token=address("another token"))),
    ("order.split", set(), lambda w: fund(w, **source(w.quote(50), split_root=ELSE))),
    ("order.price", set(), lambda w: fund(w, **source(w.quote(50), downstream=1))),
    ("order.model", set(), lambda w: fund(w, base_rate=1)),
    ("order.model", set(), lambda w: w.ledger.sunset_list.append(SunsetSince(w.model, TOKEN, 1, 1))),
    ("order.model", set(), lambda w: fund(w, pool_root=ELSE)),
    ("order.model", set(), lambda w: fund(w, model_id=ELSE)),
    (
        "order.escrow",
        {"money.balance", "order.state"},
        lambda w: edit(w.ledger.funded_list, 0, escrowed=w.ledger.funded_list[0].escrowed - 1),
    ),
    (
        "order.status",
        {"money.bond", "money.solvent"},
        lambda w: w.ledger.statuses.update({w.orders["first"]: OrderStatus.FUNDED}),
    ),
    (
        "order.status",
        {"money.balance", "money.settlement", "order.once", "order.state"},
        lambda w: w.ledger.funded_list.pop(0),
    ),
    ("order.state", set(), lambda w: w.ledger.states.update({w.orders["first"]: ELSE})),
    ("order.state", {"order.signed"}, lambda w: edit(w.ledger.funded_list, 3, maker_salt=ELSE)),
    ("commit.bounds", {"events.shares"}, lambda w: deliver(w, lambda r: shifted(r, r.sources[0].share))),
    ("commit.bounds", {"events.shares"}, lambda w: deliver(w, mostly_base)),
    ("record.present", set(), lambda w: forget(w, w.ledger.committed_list[0].commit.record_digest)),
    ("record.names", set(), lambda w: deliver(w, lambda r: replace(r, chain_id=1))),
    ("record.names", set(), lambda w: deliver(w, lambda r: replace(r, contract=address("elsewhere")))),
    ("record.names", set(), lambda w: deliver(w, lambda r: replace(r, model_weights=ELSE))),
    ("record.names", set(), lambda w: deliver(w, lambda r: replace(r, maker_salt=ELSE))),
    ("record.generator", set(), lambda w: deliver(w, lambda r: replace(r, generator={"version": "my own"}))),
    ("record.request", set(), lambda w: deliver(w, lambda r: replace(r, request=replace(r.request, tempo=60)))),
    ("record.request", {"commit.bounds", "money.settlement"}, lambda w: fund_and_deliver(w, duration=30)),
    ("record.seed", {"replay.same"}, lambda w: deliver(w, lambda r: replace(r, secret=ELSE, attempt=0))),
    ("record.sources", set(), lambda w: deliver(w, lambda r: replace(r, max_base_share=900_000))),
    ("record.sources", {"audio.stems", "render.same"}, lambda w: deliver(w, lambda r: replace(r, stems=r.stems[1:]))),
    ("record.sources", set(), lambda w: deliver(w, lambda r: reweighted(r))),
    ("record.protected", set(), lambda w: deliver_encrypted(w)),
    ("record.commit", {"commit.signed", "order.state"}, lambda w: recommit(w, output_digest=ELSE)),
    (
        "record.commit",
        {"commit.signed", "events.ledger", "order.state"},
        lambda w: recommit(w, evidence_root=ELSE),
    ),
    ("record.licence", set(), grant_more),
    ("record.licence", set(), lambda w: forget(w, AttributionRecord.from_bytes(published_record(w)).licence)),
    ("events.ledger", set(), lambda w: forget(w, w.ledger.committed_list[0].commit.evidence_root)),
    (
        "events.ledger",
        {"replay.same"},
        lambda w: deliver_events(w, lambda e: replace(e, components=("base", "a", "b"))),
    ),
    ("events.changes", {"replay.same"}, lambda w: deliver_events(w, steered)),
    ("events.shares", set(), lambda w: deliver(w, lambda r: shifted(r, 1))),
    ("events.shares", {"render.same", "replay.same"}, lambda w: deliver_events(w, lambda e: replace(e, notes=()))),
    ("events.length", {"events.shares", "replay.same"}, lambda w: deliver_events(w, prolonged)),
    ("events.length", {"replay.same"}, lambda w: deliver_events(w, lambda e: replace(e, stopped=1 + last_bar(e)))),
    (
        "events.length",
        {"commit.bounds", "money.settlement"},
        lambda w: deliver(w, lambda r: replace(r, played_seconds=5)),
    ),
    ("audio.files", set(), lambda w: forget(w, w.record(w.orders["first"]).mix.flac) or None),
    ("audio.files", set(), lambda w: forget(w, w.record(w.orders["first"]).midi)),
    ("audio.files", set(), lambda w: forget(w, w.record(w.orders["first"]).stems[1].flac)),
    ("audio.pcm", {"render.same"}, lambda w: deliver(w, lambda r: replace(r, mix=replace(r.mix, pcm=ELSE)))),
    ("audio.pcm", {"audio.stems"}, lambda w: deliver(w, lambda r: replace(r, mix=replace(r.mix, flac=r.midi)))),
    ("audio.stems", {"render.same"}, lambda w: deliver(w, swap_stems)),
    ("replay.same", {"render.same"}, lambda w: deliver_events(w, transposed)),
    ("replay.same", {"record.seed"}, lambda w: deliver(w, lambda r: replace(r, secret=ELSE, attempt=0))),
    ("replay.runs", set(), lambda w: deliver(w, uncopied)),
    ("replay.first", set(), lambda w: w.deliver(w.orders["open"], skip=1)),
    ("replay.first", {"replay.same"}, lambda w: deliver(w, lambda r: replace(r, attempt=16))),
    ("replay.first", {"replay.same"}, lambda w: deliver(w, lambda r: replace(r, attempt=2**40))),
    ("render.same", {"replay.same"}, lambda w: deliver_events(w, transposed)),
    ("render.same", set(), lambda w: deliver(w, lambda r: replace(r, midi=r.mix.flac))),
    (
        "money.settlement",
        {"money.received"},
        lambda w: edit(w.ledger.credited_list, 0, amount=w.ledger.credited_list[0].amount - 1),
    ),
    (
        "commit.once",
        {"commit.signed", "record.commit", "order.state"},
        lambda w: recommitted_as_first(w, "output_digest"),
    ),
    (
        "commit.once",
        {
            "commit.signed",
            "order.state",
            "record.commit",
            "record.licence",
            "record.names",
            "record.seed",
            "record.sources",
        }
        | {"replay.same", "render.same"},
        lambda w: recommitted_as_first(w, "record_digest"),
    ),
    (
        "money.conserved",
        {"money.settlement", "money.received"},
        lambda w: edit(w.ledger.credited_list, 0, amount=w.ledger.credited_list[0].amount - 41),
    ),
    ("money.settlement", {"money.received"}, lambda w: w.ledger.credited_list.append(w.ledger.credited_list[0])),
    ("money.settlement", {"money.received"}, lambda w: w.ledger.credited_list.pop(2)),
    ("money.settlement", set(), lambda w: edit(w.ledger.credited_list, 1, beneficiary=ELSE)),
    (
        "money.settlement",
        {"money.balance", "money.transfers"},
        lambda w: edit(w.ledger.committed_list, 0, operator_fee=20_002),
    ),
    ("money.settlement", {"money.balance"}, lambda w: edit(w.ledger.committed_list, 0, refunded=0)),
    (
        "money.settlement",
        {"money.balance", "order.once", "order.state", "order.status"},
        lambda w: w.ledger.funded_list.pop(0),
    ),
    ("money.transfers", set(), lambda w: short_of(w, w.ledger.funded_list[0], "")),
    ("money.transfers", set(), lambda w: short_of(w, w.ledger.committed_list[0], address("maker"))),
    ("money.transfers", set(), lambda w: short_of(w, w.ledger.committed_list[0], address("operator"))),
    ("money.transfers", set(), lambda w: short_of(w, w.ledger.refunded_list[0], address("maker"))),
    (
        "money.refund",
        {"money.balance"},
        lambda w: edit(w.ledger.refunded_list, 0, amount=w.ledger.refunded_list[0].amount - 1),
    ),
    (
        "money.refund",
        {"money.balance", "money.bond"},
        lambda w: edit(w.ledger.refunded_list, 0, penalty=w.ledger.refunded_list[0].penalty - 1),
    ),
    ("money.origin", {"money.settlement"}, lambda w: edit(w.ledger.credited_list, 0, order_id=w.orders["open"])),
    (
        "money.received",
        {"money.holder", "money.paid"},
        lambda w: w.ledger.totals_received.update({w.ledger.credited_list[0].account: 1}),
    ),
    ("money.received", set(), lambda w: edit(w.ledger.credited_list, 0, account=ELSE)),
    ("money.received", set(), lambda w: edit_account(w, beneficiary=ELSE)),
    (
        "money.received",
        {"money.holder", "money.paid"},
        lambda w: w.ledger.totals_received.update({w.ledger.paid_list[-1].account: 1}),
    ),
    ("money.paid", {"money.balance", "money.holder"}, lambda w: w.ledger.paid_list.pop()),
    ("money.holder", {"money.paid", "money.solvent"}, lambda w: w.ledger.draws.update({paid(w): 1})),
    ("money.bond", {"money.solvent"}, lambda w: w.ledger.bonds_now.update({OPERATOR: BOND})),
    ("money.bond", set(), lambda w: w.ledger.locked_now.update({OPERATOR: 0})),
    ("money.bond", {"money.balance"}, lambda w: edit(w.ledger.bond_list, 0, amount=BOND + 1)),
    ("money.confirmed", set(), lambda w: w.ledger.place_status.update({paid(w): PlaceStatus.UNCONFIRMED})),
    ("money.holder", {"money.paid"}, overpay),
    ("money.payee", set(), lambda w: edit(w.ledger.paid_list, 0, holder=address("thief"))),
    ("money.payee", {"money.confirmed", "money.holder"}, lambda w: edit(w.ledger.paid_list, 0, index=7)),
    ("work.registered", set(), lambda w: w.ledger.dispute_list.append(Disputed(ELSE, False, 2))),
    ("model.registered", set(), lambda w: w.ledger.offers.update({(ELSE, ELSE, TOKEN): (1, 0)})),
    ("money.held", set(), pay_held),
    ("money.held", set(), lambda w: hold(w, w.ledger.hold_list.clear)),
    ("money.recovered", set(), lambda w: recover(w, 30 * DAY - 1)),
    ("money.recovered", set(), lambda w: recover(w, 30 * DAY, w.ledger.recovery_list.pop)),
    ("money.recovered", set(), lambda w: recover(w, 30 * DAY, lambda: w.ledger.recovery_list.pop(0))),
    ("money.recovered", {"money.confirmed"}, lambda w: recover(w, 30 * DAY, w.ledger.place_status.clear)),
    ("money.balance", {"money.solvent"}, lambda w: take(w, 1)),
    ("money.solvent", {"money.balance"}, lambda w: take(w, 1)),
]


def fund_and_deliver(world: World, **changes: object) -> None:
    world.deliver(fund(world, **changes))


def reweighted(record: AttributionRecord) -> AttributionRecord:
    first, second = record.sources
    return replace(record, sources=(replace(first, weight=second.weight), replace(second, weight=first.weight)))


def deliver_encrypted(world: World) -> None:
    """A piece for commercial use whose sound is not published; somebody holds its key."""
    order = world.fund("hidden", world.quote(95, use=Use.COMMERCIAL))
    cipher = world.store.put(b"age-encryption.org/v1 ...")
    key = "age1" + "q" * 58

    def hidden(record: AttributionRecord) -> AttributionRecord:
        world.store.held.pop(cid(record.mix.flac))
        sealed = Sealed(record.mix.flac, sha256(world.store.get(cipher)), key)
        return replace(record, protection=Protection(key, (sealed,)))

    deliver(world, hidden, order)


def recommit(world: World, **changes: object) -> None:
    edit(world.ledger.committed_list, 0, commit=replace(world.ledger.committed_list[0].commit, **changes))


def recommitted_as_first(world: World, field: str) -> None:
    """The second order is committed with something of the first one's."""
    first, second = (event.commit for event in world.ledger.committed_list[:2])
    edit(world.ledger.committed_list, 1, commit=replace(second, **{field: getattr(first, field)}))


def transposed(ledger: EventLedger) -> EventLedger:
    return replace(ledger, notes=tuple(replace(note, pitch=note.pitch + 1) for note in ledger.notes))


def steered(ledger: EventLedger) -> EventLedger:
    return replace(ledger, changes=(WeightChange(2, (PPM, 0)),))


def take(world: World, units: int) -> None:
    world.ledger.balances[world.ledger.domain.contract, TOKEN] -= units


CONSERVED = "money.conserved"
"""It says of a whole token what other checks say of an order, so it comes with many of them."""


@pytest.mark.parametrize(
    ("rule", "others", "tamper"), CASES, ids=[f"{i}-{rule}" for i, (rule, _, _) in enumerate(CASES)]
)
def test_tampering_is_found_and_nothing_else_is_blamed(rule: str, others: set[str], tamper: Tamper) -> None:
    world = honest_world()
    tamper(world)
    report = world.audit()
    assert {finding.check for finding in report.findings} - ({CONSERVED} - {rule}) == {rule} | others
    assert rule in {finding.check for finding in report.errors}
    assert report.verdict is AuditVerdict.FAILED
    assert not [finding for finding in report.findings if "cannot be checked" in finding.message]


def test_every_rule_has_a_tampered_history() -> None:
    warned_only = {
        "work.once",
        "order.distinct",
        "order.open",
        "order.parties",
        "order.secret",
    }  # tested below, in test_later, in test_across
    of_epochs = {rule for rule in RULES if rule.startswith("pool.")}  # tested on a real chain, in tests/pooling
    on_a_chain = of_epochs | {"money.sent", "money.fine"}  # the latter in tests/frauds, by contracts that were crooked
    assert {rule for rule, _, _ in CASES} | warned_only | on_a_chain == set(RULES)


def test_same_content_registered_twice_is_a_warning() -> None:
    world = honest_world()
    world.add_work("The Blackbird", "thief", Split.of([(address("thief"), PPM)]))
    report = world.audit()
    assert {finding.check for finding in report.warnings} == {"work.once"}
    assert report.verdict is AuditVerdict.OK


def test_one_address_in_several_roles_is_a_warning_with_the_amounts() -> None:
    world = honest_world()
    work = world.add_work("My Own", "operator", Split.of([(address("operator"), 250_000), (address("ann"), 750_000)]))
    world.ledger.set_terms(work, terms(100_000))
    world.works[0] = work
    order = fund(world, maker=address("operator"))
    world.deliver(order)
    (finding,) = world.audit().findings
    earned = sum(e.amount for e in world.ledger.credited_list if (e.order_id, e.beneficiary) == (order, work))
    assert (finding.check, finding.severity) == ("order.parties", "warning")
    assert finding.evidence["units_to_operator"] == str(earned // 4) != "0"
    assert finding.evidence["fee_units"] == str(world.ledger.committed_list[-1].operator_fee)


def test_unexplained_money_is_a_warning_and_nobodys_loss() -> None:
    world = honest_world()
    take(world, -5)
    (finding,) = world.audit().findings
    assert (finding.check, finding.severity, finding.loss) == ("money.balance", "warning", None)
    assert world.audit().verdict is AuditVerdict.OK


def test_missing_credit_names_the_loss_to_the_unit() -> None:
    world = honest_world()
    event = world.ledger.credited_list[0]
    edit(world.ledger.credited_list, 0, amount=event.amount - 41)
    finding = next(f for f in world.audit().errors if f.check == "money.settlement")
    assert finding.loss == Loss(TOKEN, 41, f"account of 0x{event.beneficiary.hex()}")


def test_underpriced_source_names_what_its_holders_lost() -> None:
    world = honest_world()
    order = fund(world, **source(world.quote(50), price=1))
    world.deliver(order)
    finding = next(f for f in world.audit().errors if f.check == "order.price")
    shares = world.ledger.committed_list[-1].commit.shares
    prices = {v.work_id: v.terms.prices[0].prices[0] for v in world.ledger.terms_list}
    work = world.ledger.funded_list[-1].quote.sources[0].work_id
    got = sum(e.amount for e in world.ledger.credited_list if (e.order_id, e.beneficiary) == (order, work))
    assert finding.loss is not None
    assert finding.loss.amount == prices[work] * 2 * shares[0] // PPM - got
