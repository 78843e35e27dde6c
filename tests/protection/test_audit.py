"""An audit with and without keys: what it cannot read it says, and everything else it checks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from contrafact.audit import AuditVerdict, Report, audit
from contrafact.contents import named
from contrafact.domain.digests import cid, sha256
from contrafact.domain.protection import Protection
from contrafact.domain.terms import Use
from contrafact.domain.withdrawals import Withdrawal
from contrafact.domain.works import WorkMetadata
from contrafact.records.folder import FolderStore
from tests.audit.history import World, honest_world

from .people import SUBJECT, Party, party

OF_THE_PIECE = {
    "record.licence",
    "events.ledger",
    "events.length",
    "events.shares",
    "audio.files",
    "audio.pcm",
    "audio.stems",
    "render.same",
}
OF_TRYING = {"replay.same", "replay.runs"}


@pytest.fixture
def owner(tmp_path: Path) -> Party:
    return party(tmp_path / "owner")


@pytest.fixture
def world() -> World:
    return honest_world()


def audited(world: World, reader: Party | None = None) -> Report:
    return audit(world.ledger, reader.view(world.store) if reader else world.store, world.tools)  # type: ignore[arg-type]


def seal_files(world: World, owner: Party, plain: list[bytes]) -> Protection:
    """Puts ciphertexts in the place of plain files, and keeps the key for the owner."""
    key, secret = owner.sealing.new_key()
    ciphers = [owner.sealing.seal(data, key) for data in plain]
    for data, cipher in zip(plain, ciphers, strict=True):
        world.store.held.pop(cid(sha256(data)), None)
        world.store.put(cipher)
    sealed = named(plain, ciphers, key)
    owner.sealing.keep(owner.sealing.release(SUBJECT, secret, sealed, [owner.reader]))
    return Protection(owner.reader, sealed)


def protect_work(world: World, owner: Party, index: int = 0) -> Protection:
    """The work as its licensor would have registered it, had it been protected."""
    entry = world.ledger.work_list[index]
    plain = [world.store.held_by(entry.content), world.store.held_by(entry.source_form)]
    protection = seal_files(world, owner, plain)
    document = WorkMetadata.from_bytes(world.store.held_by(entry.metadata))
    guarded = replace(document, protection=protection)
    world.store.put(guarded.to_bytes())
    world.ledger.work_list[index] = replace(entry, metadata=guarded.digest())
    versions = world.ledger.split_list
    for i, split in enumerate(versions):
        if split.metadata == entry.metadata:
            versions[i] = replace(split, metadata=guarded.digest())
    return protection


def protect_order(world: World, owner: Party, use: Use = Use.PRIVATE) -> Protection:
    """One order more, whose files are protected."""
    order = world.fund("guarded", world.quote(90, use=use))
    record = world.record(order)
    protection = seal_files(world, owner, [world.store.held_by(digest) for digest in record.files])
    guarded = replace(record, protection=protection)
    world.store.put(guarded.to_bytes())
    world.ledger.commit(guarded.commit())
    return protection


def gaps(report: Report) -> set[str]:
    return {gap.check for gap in report.not_checked}


def test_without_the_key_of_a_work_all_but_reading_it_is_checked(world: World, owner: Party) -> None:
    protect_work(world, owner)
    before = honest_world().audit()
    report = audited(world)
    assert (report.verdict, report.findings) == (AuditVerdict.INCOMPLETE, ())
    assert gaps(report) == {"work.files", "work.derived", "order.distinct", *OF_TRYING}
    assert all("no key" in gap.reason for gap in report.not_checked)
    assert report.tallies["replay.same"].done == 0
    untouched = before.tallies.keys() - gaps(report)
    assert {name: report.tallies[name] for name in untouched} == {name: before.tallies[name] for name in untouched}


def test_with_the_key_everything_is_replayed(world: World, owner: Party) -> None:
    protect_work(world, owner)
    report = audited(world, owner)
    assert (report.verdict, report.not_checked) == (AuditVerdict.OK, ())
    assert {order.replay for order in report.orders} == {order.replay for order in honest_world().audit().orders}


def test_a_private_pieces_record_and_money_are_checked_without_its_key(world: World, owner: Party) -> None:
    protect_order(world, owner)
    report = audited(world)
    assert (report.verdict, report.findings) == (AuditVerdict.INCOMPLETE, ())
    assert gaps(report) == OF_THE_PIECE | OF_TRYING
    assert report.tallies["record.commit"].done == 3
    assert report.tallies["money.settlement"].done > honest_world().audit().tallies["money.settlement"].done
    assert report.tallies["replay.same"].done == 2
    assert audited(world, owner).verdict is AuditVerdict.OK


def test_a_lie_in_a_private_piece_is_found_by_whoever_has_the_key(world: World, owner: Party) -> None:
    order = world.fund("guarded", world.quote(90))
    record = world.record(order)
    lie = replace(record, base_share=record.base_share + 1, sources=tuple(_less(record.sources)))
    protection = seal_files(world, owner, [world.store.held_by(digest) for digest in record.files])
    guarded = replace(lie, protection=protection)
    world.store.put(guarded.to_bytes())
    world.ledger.commit(guarded.commit())
    assert audited(world).verdict is AuditVerdict.INCOMPLETE
    assert {finding.check for finding in audited(world, owner).errors} == {"events.shares"}


def _less(sources: tuple) -> list:  # type: ignore[type-arg]
    return [replace(sources[0], share=sources[0].share - 1), *sources[1:]]


def test_a_public_piece_that_is_encrypted_is_a_finding(world: World, owner: Party) -> None:
    protect_order(world, owner, Use.COMMERCIAL)
    assert {finding.check for finding in audited(world).errors} == {"record.protected"}


def test_a_protected_work_whose_ciphertext_is_missing_is_a_finding(world: World, owner: Party) -> None:
    protection = protect_work(world, owner)
    world.store.held.pop(cid(protection.contents[0].cipher))
    for reader in (None, owner):
        assert "work.files" in {finding.check for finding in audited(world, reader).errors}


def test_a_record_is_never_taken_for_protected(world: World, owner: Party) -> None:
    """Somebody registers a work that claims the record of an order, which is then not published, as its own file."""
    committed = world.ledger.committed_list[0].commit
    record = world.store.held_by(committed.record_digest)
    world.add_work("decoy", "vandal", world.splits[0])
    entry = world.ledger.work_list[-1]
    protection = seal_files(world, owner, [record])
    document = WorkMetadata.from_bytes(world.store.held_by(entry.metadata))
    decoy = replace(document, content=sha256(record), protection=protection)
    world.store.put(decoy.to_bytes())
    world.ledger.work_list[-1] = replace(entry, content=sha256(record), metadata=decoy.digest())
    assert "record.present" in {finding.check for finding in audited(world).errors}


@pytest.mark.parametrize("what", ["work", "record"])
def test_what_was_withdrawn_is_not_checked_with_its_reason_and_the_money_is(tmp_path: Path, what: str) -> None:
    world = honest_world()
    store = FolderStore(tmp_path / "store")
    for data in world.store.held.values():
        store.put(data)
    committed = world.ledger.committed_list[0].commit
    digest = committed.record_digest if what == "record" else world.ledger.work_list[0].source_form
    notice = Withdrawal(cid(digest), "by order of a court", "2030-01-31")
    store.withdraw(cid(digest), notice.to_bytes())
    report = audit(world.ledger, store, world.tools)  # type: ignore[arg-type]
    assert (report.verdict, report.findings) == (AuditVerdict.INCOMPLETE, ())
    named_ = {gap.check for gap in report.not_checked if "by order of a court" in gap.reason}
    assert named_ == ({"record.present"} if what == "record" else {"work.files", "order.distinct", *OF_TRYING})
    assert report.tallies["money.settlement"].findings == 0
    assert report.tallies["money.balance"].done == 2  # of the orders' token, and of the coin of the chain
