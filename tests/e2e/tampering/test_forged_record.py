"""The operator generates honestly, and commits a record that says something else about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from contrafact.domain.digests import sha256
from contrafact.domain.orders import Commit
from contrafact.domain.record import AttributionRecord
from contrafact.wiring.auditing import audit_site

from . import lies
from .stage import Scene, Stage
from .verdicts import blamed, only_about

pytestmark = pytest.mark.slow

Words = Callable[[AttributionRecord, Stage], AttributionRecord]


def _weights(record: AttributionRecord, stage: Stage) -> AttributionRecord:
    first, second = record.sources[0].weight, record.sources[1].weight
    return lies.with_source(lies.with_source(record, 0, weight=first - 1), 1, weight=second + 1)


def _another_form(record: AttributionRecord, stage: Stage) -> AttributionRecord:
    return lies.with_source(record, 0, source_form=sha256(stage.order.sources[1].form))


LIES: dict[str, Words] = {
    "weights": _weights,
    "terms version": lambda r, s: lies.with_source(r, 1, terms_version=r.sources[1].terms_version + 1),
    "lowest share": lambda r, s: lies.with_source(r, 1, min_share=0),
    "highest base share": lambda r, s: replace(r, max_base_share=1_000_000),
    "another work": lambda r, s: lies.with_source(r, 0, work_id=s.town.opted_out),
    "another work's source form": _another_form,
    "a source form that is nowhere": lambda r, s: lies.with_source(r, 0, source_form=sha256(b"nowhere")),
    "sources in another order": lambda r, s: replace(r, sources=r.sources[::-1]),
    "a source left out": lambda r, s: replace(r, sources=r.sources[:-1]),
    "another model's weights": lambda r, s: replace(r, model_weights=sha256(b"another model")),
    "another model": lambda r, s: replace(r, model_id=sha256(b"another model")),
    "another chain and escrow": lambda r, s: replace(r, chain_id=1, contract=s.quote.operator),
    "another order": lambda r, s: replace(r, order_id=sha256(b"another order")),
    "another salt": lambda r, s: replace(r, maker_salt=sha256(b"salt")),
    "another secret": lambda r, s: replace(r, secret=sha256(b"secret")),
    "another attempt": lambda r, s: replace(r, attempt=s.attempts[1].number),
    "an attempt beyond counting": lambda r, s: replace(r, attempt=2**32),
    "another length": lambda r, s: replace(r, request=replace(r.request, seconds=r.request.seconds + 1)),
    "a shorter verbatim run": lambda r, s: lies.longest_run_hidden(r),
    "a stem too few": lambda r, s: replace(r, stems=r.stems[:-1]),
}
FAMILIES = ("record", "replay", "audio", "render")


@pytest.mark.parametrize("words", LIES.values(), ids=LIES)
def test_record_that_says(scene: Scene, words: Words) -> None:
    stage = scene.stage
    forged = replace(stage.honest, record=words(stage.honest.record, stage))
    assert forged.record != stage.honest.record
    report = scene.settle(forged)
    blamed(report, "order", stage.order_id, *FAMILIES)
    only_about(report, stage.order_id)


COMMITS: dict[str, Callable[[Commit, Stage], Commit]] = {
    "other sound": lambda commit, stage: replace(commit, output_digest=sha256(b"other sound")),
    "another ledger": lambda commit, stage: replace(commit, evidence_root=sha256(b"another ledger")),
    "other shares": lambda commit, stage: _moved(commit, stage),
    "a record nobody published": lambda commit, stage: replace(commit, record_digest=sha256(b"nowhere")),
}


def _moved(commit: Commit, stage: Stage) -> Commit:
    giver, taker = lies.giver_and_taker(commit.shares, stage.quote)
    shares = list(commit.shares)
    shares[giver] -= 1
    shares[taker] += 1
    return replace(commit, shares=tuple(shares))


@pytest.mark.parametrize("other", COMMITS.values(), ids=COMMITS)
def test_chain_is_settled_by_something_else_than_the_record(
    scene: Scene, other: Callable[[Commit, Stage], Commit]
) -> None:
    stage = scene.stage
    report = scene.settle(stage.honest, other(stage.honest.record.commit(), stage))
    blamed(report, "order", stage.order_id, "record")


DOCUMENTS = {
    "not canonical": lambda data: data.replace(b'"schema":', b'"schema": ', 1),
    "with a field that nobody reads": lambda data: data.replace(b'{"base"', b'{"aside":1,"base"', 1),
    "of another method": lambda data: data.replace(b"method/1", b"method/0", 1),
    "deeply nested": lambda data: b"[" * 100_000,
}


@pytest.mark.parametrize("change", DOCUMENTS.values(), ids=DOCUMENTS)
def test_record_that_is_none_under_its_right_digest(scene: Scene, change: Callable[[bytes], bytes]) -> None:
    stage = scene.stage
    data = change(stage.honest.record.to_bytes())
    assert data != stage.honest.record.to_bytes()
    scene.site.store.put(data)
    commit = replace(stage.honest.record.commit(), record_digest=sha256(data))
    blamed(scene.settle(stage.honest, commit), "order", stage.order_id, "record")


def test_two_orders_settled_by_one_record(scene: Scene) -> None:
    stage = scene.stage
    second = stage.town.funded(scene.site, stage.quote.duration)
    scene.deliver(stage.honest)
    scene.commit(replace(stage.honest.record.commit(), order_id=second))
    report = audit_site(scene.site)
    blamed(report, "order", second, "record")
    only_about(report, second)
