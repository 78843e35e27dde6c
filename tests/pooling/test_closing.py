"""Closing epochs: what they consist of, who is paid, interruptions, races and refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from contrafact.domain.digests import cid, sha256
from contrafact.domain.epochs import EpochRecord
from contrafact.domain.pool_history import PotKey
from contrafact.domain.pool_rule import Rule
from contrafact.domain.pot import Kind
from contrafact.domain.splits import Split
from contrafact.errors import ChainError, InvalidInput, NotFound, NotPermitted, Payment
from contrafact.ledger.pool_writer import PoolWriter
from contrafact.pooling import claimable, require_published
from contrafact.pooling.folder import PotFolder

from .conftest import HOLDERS, TUNES
from .scene import LICENSOR, MAKER, OPERATOR, PoolScene


class Stopped(Exception):
    """The process ends here."""


class StopsBeforeClosing(PoolWriter):
    def close_epoch(self, pot: PotKey, root: bytes, total: int, evidence: bytes) -> str:
        raise Stopped


class StopsAfterClosing(PoolWriter):
    """The transaction is sent and mined; nobody is told."""

    def close_epoch(self, pot: PotKey, root: bytes, total: int, evidence: bytes) -> str:
        super().close_epoch(pot, root, total, evidence)
        raise Stopped


class StopsAfterCollecting(PoolWriter):
    def collect(self, pot: PotKey) -> str:
        super().collect(pot)
        raise Stopped


def stopping(scene: PoolScene, kind: type[PoolWriter]) -> None:
    """A run that is interrupted."""
    with pytest.raises(Stopped):
        scene.close(writer=kind(scene.connection, scene.site.deployment, OPERATOR))


def dollars(scene: PoolScene, address: str) -> int:
    return scene.reader.balance(address, scene.token)


def claim_all(scene: PoolScene, holders: Sequence[str] = HOLDERS) -> None:
    for holder in holders:
        if parts := list(claimable(scene.reader, scene.site.store, holder)):
            scene.writer(MAKER).claim_epochs([part.claim for part in parts])


def test_what_orders_earned_becomes_an_epoch_that_the_chain_has(scene: PoolScene) -> None:
    orders = scene.earn(100_000, 250_000, 333_333)
    closed = scene.close()
    record = closed.record
    assert [(credit.kind, credit.source) for credit in record.credits] == [(Kind.ORDER, order) for order in orders]
    assert [credit.amount for credit in record.credits] == [100_000, 250_000, 333_333]
    (event,) = scene.reader.pool_history().closed
    assert (event.number, event.root, event.total) == (1, record.tree.root, 683_333)
    assert event.transaction == closed.transaction
    assert require_published(event, scene.site.store) == record
    assert record.manifest == scene.model.manifest
    assert len(record.works) == TUNES
    assert {work.owner for work in record.works} == {owner for owner, *_ in _owners(scene)}
    assert scene.reader.pot(*scene.pot) == (0, 1)


def test_every_holder_is_paid_its_leaf_and_nothing_is_left(scene: PoolScene) -> None:
    scene.earn(123_457)
    record = scene.close().record
    before = {holder: dollars(scene, holder) for holder in HOLDERS}
    assert dollars(scene, scene.reader.pool_address) == 123_457
    claim_all(scene)
    got = {holder: dollars(scene, holder) - before[holder] for holder in HOLDERS}
    assert got == {leaf.holder: leaf.amount for leaf in record.tree.leaves}
    assert dollars(scene, scene.reader.pool_address) == 0
    assert scene.reader.epoch(*scene.pot, 1).left == 0
    assert [*claimable(scene.reader, scene.site.store, HOLDERS[0])] == []


def test_a_holder_claims_several_epochs_at_once_and_each_once(scene: PoolScene) -> None:
    for share in (100_000, 50_000):
        scene.earn(share)
        scene.close()
    parts = list(claimable(scene.reader, scene.site.store, HOLDERS[2].lower()))
    assert [part.claim.number for part in parts] == [1, 2]
    scene.writer(MAKER).claim_epochs([parts[0].claim])
    before = dollars(scene, HOLDERS[2])
    scene.writer(MAKER).claim_epochs([part.claim for part in parts])  # the first is left out
    assert dollars(scene, HOLDERS[2]) - before == parts[1].amount


def test_an_address_that_is_no_holder_has_nothing_to_claim(scene: PoolScene) -> None:
    scene.earn(100_000)
    scene.close()
    assert [*claimable(scene.reader, scene.site.store, LICENSOR.address)] == []


# Races


def test_what_is_collected_between_computing_and_closing_is_the_next_epochs(scene: PoolScene) -> None:
    (first,) = scene.earn(100_000)
    later: list[bytes] = []

    class Hurried(PoolWriter):
        def close_epoch(self, pot: PotKey, root: bytes, total: int, evidence: bytes) -> str:
            later.extend(scene.earn(70_000))
            scene.writer(MAKER).collect(pot)
            return super().close_epoch(pot, root, total, evidence)

    one = scene.close(writer=Hurried(scene.connection, scene.site.deployment, OPERATOR)).record
    assert [credit.source for credit in one.credits] == [first]
    assert scene.reader.pot(*scene.pot) == (70_000, 1)
    two = scene.close().record
    assert [(credit.source, credit.amount) for credit in two.credits] == [(later[0], 70_000)]
    history = scene.reader.pool_history()
    assert [history.credits(event) for event in history.closed] == [one.credits, two.credits]


def test_whoever_collects_before_changes_nothing(scene: PoolScene) -> None:
    orders = scene.earn(100_000, 200_000)
    scene.writer(MAKER).collect(scene.pot)
    orders += scene.earn(50_000)
    record = scene.close().record
    assert [credit.source for credit in record.credits] == orders
    assert record.total == 350_000


def test_an_epoch_that_another_home_closed_meanwhile_is_not_closed_again(scene: PoolScene, tmp_path: Path) -> None:
    """Two homes, one key: there is money in the pot again when the second is about to close the same record."""
    scene.earn(100_000)

    def overtaken(step: str) -> None:
        if step == "publish":
            replace(scene.closer(), home=tmp_path / "another").close(scene.model, scene.token)
            scene.earn(400_000)
            scene.writer(MAKER).collect(scene.pot)

    assert scene.close(on_step=overtaken).transaction is None
    assert len(scene.reader.pool_history().closed) == 1
    record = scene.close().record
    assert (record.key.number, record.total) == (2, 400_000)


def test_a_record_that_was_overtaken_by_another_is_not_closed(scene: PoolScene, tmp_path: Path) -> None:
    scene.earn(100_000)

    def overtaken(step: str) -> None:
        if step == "publish":
            scene.earn(50_000)
            replace(scene.closer(), home=tmp_path / "another").close(scene.model, scene.token)
            scene.earn(400_000)
            scene.writer(MAKER).collect(scene.pot)

    with pytest.raises(NotPermitted, match="closed meanwhile"):
        scene.close(on_step=overtaken)
    assert len(scene.reader.pool_history().closed) == 1
    record = scene.close().record
    assert (record.key.number, record.total) == (2, 400_000)


def test_two_processes_of_one_home_do_not_close_at_once(scene: PoolScene) -> None:
    scene.earn(100_000)
    key = scene.closer()._key(scene.model, scene.token, 0)
    with PotFolder(scene.home, key).alone(), pytest.raises(NotPermitted, match="Another process"):
        scene.close()
    scene.close()


# Interruptions


def test_a_record_that_was_made_is_the_one_that_is_closed(scene: PoolScene) -> None:
    scene.earn(100_000)
    stopping(scene, StopsBeforeClosing)
    (kept,) = scene.home.rglob("epoch-1.json")
    made = kept.read_bytes()
    scene.earn(200_000)  # comes too late for it
    closed = scene.close()
    assert closed.record.to_bytes() == made == kept.read_bytes()
    assert (closed.record.total, scene.close().record.total) == (100_000, 200_000)


def test_an_epoch_that_was_closed_unseen_is_not_closed_again(scene: PoolScene) -> None:
    scene.earn(100_000)
    stopping(scene, StopsAfterClosing)
    scene.earn(100_000)  # as much as the first: it would do
    scene.writer(MAKER).collect(scene.pot)
    again = scene.close()
    assert (again.transaction, again.record.key.number) == (None, 1)
    assert len(scene.reader.pool_history().closed) == 1
    assert scene.close().record.key.number == 2


def test_what_was_collected_by_a_run_that_stopped_is_shared_by_the_next(scene: PoolScene) -> None:
    scene.earn(100_000)
    stopping(scene, StopsAfterCollecting)
    assert scene.close().record.total == 100_000


def test_a_record_of_another_chain_is_set_aside(scene: PoolScene) -> None:
    """A development chain that was started anew has the old ids, and other orders."""
    with scene.undone():
        scene.earn(90_000)
        stopping(scene, StopsBeforeClosing)
    scene.earn(100_000)
    assert scene.close().record.total == 100_000
    assert len([*scene.home.rglob("*.unused")]) == 1


def test_a_record_that_was_not_published_yet_is_published_by_the_next_run(scene: PoolScene) -> None:
    scene.earn(100_000)
    stopping(scene, StopsBeforeClosing)
    (kept,) = scene.home.rglob("epoch-1.json")
    address = cid(sha256(kept.read_bytes()))
    _file(scene, address).unlink()
    scene.close()
    assert scene.site.store.get(address) == kept.read_bytes()


# Refusals


def test_only_the_registrant_closes(scene: PoolScene) -> None:
    scene.earn(100_000)
    with pytest.raises(NotPermitted, match="registered by"):
        scene.close(who=LICENSOR)
    assert scene.reader.pot(*scene.pot) == (0, 0)  # and nothing was collected


def test_there_must_be_something_in_the_pot(scene: PoolScene) -> None:
    with pytest.raises(Payment, match="nothing to share"):
        scene.close()
    scene.earn(100_000)
    scene.close()
    with pytest.raises(Payment, match="nothing to share"):
        scene.close()


def test_the_manifest_must_be_published(scene: PoolScene) -> None:
    scene.earn(100_000)
    document = scene.site.store.get(cid(scene.model.metadata))
    file = _file(scene, cid(sha256(document)))
    data = file.read_bytes()
    file.unlink()
    try:
        with pytest.raises(NotFound):
            scene.close()
    finally:
        file.write_bytes(data)
    assert [*scene.home.rglob("epoch-*")] == []
    assert scene.close().record.total == 100_000


def test_a_model_with_a_fixed_split_has_no_epochs(scene: PoolScene) -> None:
    fixed = replace(scene.model, pool_split_root=Split.of([(LICENSOR.address, 1_000_000)]).root)
    with pytest.raises(NotPermitted, match="fixed split"):
        scene.closer().close(fixed, scene.token)


def test_a_record_that_is_not_what_was_closed_is_not_claimed_by(scene: PoolScene) -> None:
    scene.earn(100_000)
    scene.writer().collect(scene.pot)
    scene.earn(100_000)
    record = scene.close().record
    scene.earn(100_000)
    scene.writer().collect(scene.pot)
    scene.writer().close_epoch(scene.pot, sha256(b"other"), 50_000, record.digest)
    told: list[int] = []
    found = [*claimable(scene.reader, scene.site.store, HOLDERS[0], lambda epoch, error: told.append(epoch.number))]
    assert ([part.claim.number for part in found], told) == ([1], [2])
    with pytest.raises(InvalidInput):
        require_published(scene.reader.pool_history().closed[1], scene.site.store)


def test_a_node_that_fails_loses_nothing(scene: PoolScene) -> None:
    scene.earn(100_000)

    class Unreachable(PoolWriter):
        def close_epoch(self, pot: PotKey, root: bytes, total: int, evidence: bytes) -> str:
            raise ChainError("The node does not answer.")

    with pytest.raises(ChainError):
        scene.close(writer=Unreachable(scene.connection, scene.site.deployment, OPERATOR))
    assert scene.close().record.total == 100_000


# Carrying


def test_what_nobody_claimed_is_carried_and_shared_anew(scene: PoolScene) -> None:
    scene.earn(100_000)
    first = scene.close().record
    claim_all(scene, HOLDERS[:1])
    left = scene.reader.epoch(*scene.pot, 1).left
    scene.pass_until(scene.reader.epoch(*scene.pot, 1).open_until)
    scene.writer(MAKER).carry(scene.pot, 1)
    assert [*claimable(scene.reader, scene.site.store, HOLDERS[1])] == []
    (order,) = scene.earn(30_000)
    record = scene.close().record
    assert [(credit.kind, credit.source, credit.amount) for credit in record.credits] == [
        (Kind.CARRIED, (1).to_bytes(32), left),
        (Kind.ORDER, order, 30_000),
    ]
    assert left == 100_000 - first.tree.leaf_of(HOLDERS[0]).amount
    claim_all(scene)
    assert dollars(scene, scene.reader.pool_address) == 0


def test_the_applied_rule_is_equal_unless_another_was_licensed(scene: PoolScene) -> None:
    scene.earn(100_000)
    record = scene.close().record
    assert (record.applied, record.scores) == (Rule.EQUAL, None)
    assert EpochRecord.from_bytes(record.to_bytes()) == record


def _owners(scene: PoolScene) -> list[tuple[str, int]]:
    return [(anchored.licensor, anchored.block) for anchored in scene.site.reader.collections()]


def _file(scene: PoolScene, address: str) -> Path:
    (found,) = (path for path in (scene.folder / "store").rglob("*") if path.name.startswith(address))
    return found
