"""An order draws on a registration that is not so: money goes to whoever lied, and the operator does not care."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from contrafact.audit import AuditVerdict, Report
from contrafact.domain import seeds
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.generation import SourceInput
from contrafact.domain.orders import Source, order_id
from contrafact.domain.terms import Use
from contrafact.ledger.signing import sign_quote
from contrafact.order.verification import VerifiedOrder
from contrafact.wiring import Site

from ..town import SALT, maker, operator
from .false_registrations import LIAR, LIES, Registered, false_model
from .stage import Scene, Stage, generated
from .verdicts import blamed, mentions

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Collusion:
    """An order drawn on four lies, run by an operator who does not care, and the audit of it."""

    works: dict[str, Registered]
    order_id: bytes
    report: Report


@pytest.fixture(scope="module")
def collusion(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collusion]:
    snapshot = stage.town.rpc("evm_snapshot")
    site = stage.site_in(tmp_path_factory.mktemp("collusion"))
    works = {lie.__name__: lie(stage, site) for lie in LIES}
    accomplice = generated(_ordered(stage, site, list(works.values())))
    report = Scene(accomplice, site).settle(accomplice.honest)
    yield Collusion(works, accomplice.order_id, report)
    stage.town.rpc("evm_revert", snapshot)


def _ordered(stage: Stage, site: Site, works: list[Registered]) -> Stage:
    """The stage's order once more, with `works` as its sources, under the terms of the first source."""
    terms = stage.order.signed.terms[0]
    for work in works:
        site.writer(LIAR).set_terms(work.work_id, work.metadata.split.root, terms)
    works.sort(key=lambda work: work.work_id)
    price = terms.price(Use.PRIVATE, stage.quote.token)
    weight = 1_000_000 // len(works)
    sources = tuple(Source(work.work_id, 2, work.metadata.split.root, weight, 0, price) for work in works)
    secret = sha256(b"collusion")
    quote = replace(stage.quote, sources=sources, seed_commitment=seeds.commitment(secret), max_base_share=1_000_000)
    signature = sign_quote(operator(), quote, site.reader.domain)
    pinned = (terms,) * len(works)
    site.writer(maker()).fund(quote, signature, SALT, pinned)
    (funded,) = site.reader.funded(order_id(quote, site.reader.domain))
    order = VerifiedOrder(
        replace(stage.order.signed, quote=quote, signature=signature, terms=pinned),
        funded,
        tuple(SourceInput(to_hex(work.work_id), work.form, weight, 0) for work in works),
        tuple(work.metadata for work in works),
    )
    return replace(stage, site=site, order=order, secret=secret)


@pytest.mark.parametrize("name", [lie.__name__ for lie in LIES])
def test_order_drawn_on_a_work_that_is_a_lie(collusion: Collusion, name: str) -> None:
    work, report = collusion.works[name].work_id, collusion.report
    assert report.verdict is AuditVerdict.FAILED
    errors = [finding for finding in report.errors if finding.check.startswith("work.")]
    assert any(mentions(finding, work) for finding in errors), errors


def test_content_registered_by_two_parties_names_both(collusion: Collusion, stage: Stage) -> None:
    copy, original = collusion.works["content_of_somebody_else"].work_id, stage.quote.sources[1].work_id
    said = [f for f in collusion.report.findings if f.check.startswith("work.")]
    assert any(mentions(f, copy) and mentions(f, original) for f in said), said


def test_order_on_a_model_whose_pool_the_contract_does_not_share_out(stage: Stage, scene: Scene) -> None:
    """The right weights, so that every replay holds; the training pool's money is the operator's."""
    site = scene.site
    model_id = false_model(stage, site, b"", b"b")
    model = next(model for model in site.reader.models() if model.model_id == model_id)
    rate = model.base_rate(stage.quote.token)
    quote = replace(stage.quote, model_id=model_id, base_rate=rate, pool_root=model.pool_split_root)
    signature = sign_quote(operator(), quote, site.reader.domain)
    site.writer(maker()).fund(quote, signature, SALT, stage.order.signed.terms)
    (funded,) = site.reader.funded(order_id(quote, site.reader.domain))
    signed = replace(stage.order.signed, quote=quote, signature=signature)
    order = replace(stage.order, signed=signed, funded=funded)
    accomplice = generated(replace(stage, site=site, order=order))
    report = Scene(accomplice, site).settle(accomplice.honest)
    blamed(report, "model", model_id, "model")
