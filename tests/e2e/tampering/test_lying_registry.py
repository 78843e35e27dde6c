"""What is registered on the chain is not so, and no order uses it.

Anybody may register anything for the price of gas, so this alone need not make an audit fail: it is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from contrafact.audit import Report
from contrafact.wiring import Site
from contrafact.wiring.auditing import audit_site

from .false_registrations import LIAR, LIES, false_model, mine, put, register, register_raw, varied
from .stage import Stage
from .verdicts import named, only_about

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Idle:
    things: dict[str, bytes]
    report: Report


def idle_lies(stage: Stage, site: Site) -> Iterator[tuple[str, bytes]]:
    """Works and models that no order uses, each registered with another lie."""
    for lie in LIES:
        yield f"work: {lie.__name__}", lie(stage, site).work_id
    yield "work: metadata of another split", _false_split(stage, site)
    yield "work: metadata that is none", _false_document(stage, site)
    yield "work: the same music under another file", _disguised(stage, site)
    yield "work: a split nobody published", _split_changed(stage, site)
    for name, weights, pool in (("metadata of other weights", b"a", b""), ("metadata of another pool", b"", b"b")):
        yield f"model: {name}", false_model(stage, site, weights, pool)


def _false_split(stage: Stage, site: Site) -> bytes:
    metadata = mine(stage, 2, content=put(site, varied(stage, site, 2, b"4")))
    shown = replace(metadata, split=stage.order.metadata[2].split)
    site.store.put(shown.to_bytes())
    return register_raw(site, metadata, shown.to_bytes())


def _false_document(stage: Stage, site: Site) -> bytes:
    metadata = mine(stage, 2, content=put(site, varied(stage, site, 2, b"5")))
    site.store.put(b'{"title":"mine"}')
    return register_raw(site, metadata, b'{"title":"mine"}')


def _disguised(stage: Stage, site: Site) -> bytes:
    metadata = mine(stage, 2, content=put(site, varied(stage, site, 2, b"6")))
    site.store.put(metadata.to_bytes())
    return register(site, metadata, b"").work_id


def _split_changed(stage: Stage, site: Site) -> bytes:
    work_id = register(site, mine(stage, 2, content=put(site, varied(stage, site, 2, b"7"))), b"").work_id
    terms = stage.order.signed.terms[0]
    site.writer(LIAR).change_split(work_id, mine(stage, 2, note="never published"), terms)
    return work_id


@pytest.fixture(scope="module")
def idle(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Idle]:
    snapshot = stage.town.rpc("evm_snapshot")
    site = stage.site_in(tmp_path_factory.mktemp("idle"))
    things = dict(idle_lies(stage, site))
    yield Idle(things, audit_site(site))
    stage.town.rpc("evm_revert", snapshot)


IDLE = (
    *(f"work: {lie.__name__}" for lie in LIES),
    "work: metadata of another split",
    "work: metadata that is none",
    "work: the same music under another file",
    "work: a split nobody published",
    "model: metadata of other weights",
    "model: metadata of another pool",
)


@pytest.mark.parametrize("name", IDLE)
def test_lie_that_no_order_uses_is_named(idle: Idle, name: str) -> None:
    named(idle.report, idle.things[name], name.partition(":")[0])


def test_lies_that_no_order_uses_accuse_no_honest_work(idle: Idle, stage: Stage) -> None:
    only_about(idle.report, *idle.things.values())
