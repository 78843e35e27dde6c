"""Fines for a work without consent come into the model's pool, and epochs and audit explain them."""

from __future__ import annotations

from typing import Any

from contrafact import registration
from contrafact.audit import audit
from contrafact.consent import read_manifest
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.epochs import EpochRecord
from contrafact.domain.manifests import Leaf, Manifest
from contrafact.domain.models import Model
from contrafact.domain.pot import Kind
from contrafact.pooling import claimable
from contrafact.wiring.audited_ledger import ChainToAudit

from .conftest import HOLDERS, TUNES
from .scene import BASE_RATE, MAKER, OPERATOR, PoolScene

DAY = 86_400


def asked_without_answer(scene: PoolScene, model: Model, leaf: Leaf) -> tuple[Any, ...]:
    """Somebody asks for the consent of a training work, nobody shows it in time. Returns the `ManifestLeaf` struct."""
    connection, manifest = scene.connection, read_manifest(model, scene.site.store)
    desk = connection.contract("DisputeDesk", scene.site.deployment.contracts["DisputeDesk"])
    struct = (leaf.registrant, leaf.content, int.from_bytes(leaf.licence))
    bond = connection.call(desk.functions.MIN_BOND())
    ask = desk.functions.questionConsent(model.model_id, struct, list(manifest.proof(leaf)))
    connection.send(ask, MAKER, bond)
    scene.pass_until(scene.reader.timestamp() + 7 * DAY)
    connection.send(desk.functions.finishQuestion(model.model_id, struct), MAKER)
    return struct


def fine(scene: PoolScene, model: Model, leaf: tuple[Any, ...]) -> None:
    desk = scene.connection.contract("DisputeDesk", scene.site.deployment.contracts["DisputeDesk"])
    ask = desk.functions.fineRegistrant(model.model_id, leaf, model.pool_split_root, scene.token)
    scene.connection.send(ask, MAKER)


def with_a_work_of_nobody(scene: PoolScene) -> tuple[Model, Leaf]:
    """A model whose manifest names, beside the scene's works, one that nobody ever registered."""
    honest = read_manifest(scene.model, scene.site.store)
    stray = Leaf(MAKER.address, sha256(b"nobody's"), bytes(27))
    manifest = Manifest.of([*honest.leaves, stray])
    metadata = scene._described(manifest, sha256(b"learnt too much"), scene.reader.pool_rules()[scene.model.model_id])
    writer, rates = scene.site.writer(OPERATOR), {scene.token: BASE_RATE}
    model_id = registration.register_model(metadata, manifest, rates, scene.site.store, writer)
    return next(model for model in scene.site.reader.models() if model.model_id == model_id), stray


def test_a_fine_is_shared_with_the_next_epoch_and_the_audit_explains_it(scene: PoolScene) -> None:
    model, stray = with_a_work_of_nobody(scene)
    (order,) = scene.earn(100_000, model=model)
    fine(scene, model, asked_without_answer(scene, model, stray))
    (event,) = scene.site.reader.fines()
    record = scene.closer().close(model, scene.token).record
    assert [(credit.kind, credit.source, credit.amount) for credit in record.credits] == [
        (Kind.ORDER, order, 100_000),
        (Kind.FINE, event.consent_id, event.to_pool),
    ]
    assert event.to_pool > 0
    for holder in HOLDERS:
        scene.writer(MAKER).claim_epochs([part.claim for part in claimable(scene.reader, scene.site.store, holder)])
    report = audit(ChainToAudit(scene.connection, scene.site.deployment), scene.site.store)
    assert {finding.check for finding in report.errors if finding.check.startswith(("pool.", "money."))} == set()
    assert to_hex(event.consent_id) not in {finding.subject.id for finding in report.findings}  # it is no order


def test_a_work_that_nobody_registered_has_nobody_to_pay(scene: PoolScene) -> None:
    model, stray = with_a_work_of_nobody(scene)
    scene.earn(100_000, model=model)
    record: EpochRecord = scene.closer().close(model, scene.token).record
    assert len(record.works) == TUNES
    assert record.tree.total == 100_000
    assert stray.registrant not in {work.owner for work in record.works}
