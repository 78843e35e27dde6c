"""Orders from quote to audit with the real model, on a chain in this process, on the devnet and on Anvil."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import escape

from contrafact.audit import AuditVerdict, to_html
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.opinions import NOTHING_ABOVE_ZERO
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.shares import PPM, largest_remainder
from contrafact.errors import ContractError, NotFound, NotPermitted
from contrafact.order.folder import OrderFolder
from contrafact.order.job import STEPS, Finished, OrderJob
from contrafact.ports import OrderStatus
from contrafact.wiring import Site
from contrafact.wiring.auditing import audit_site

from .tampering import verdicts
from .tampering.stage import Scene, set_up, with_copied_store
from .town import DOLLAR, Town, maker, operator

pytestmark = pytest.mark.slow

DAYS = 86_400


class Stopped(Exception):
    """The job was stopped at a step."""


def test_order_settles_to_the_unit_and_the_audit_finds_nothing(any_town: Town, tmp_path: Path) -> None:
    site = any_town.site(home=tmp_path)
    order_id = any_town.funded(site)
    finished = run(site, order_id)
    record = finished.record
    (funded,), (committed,) = site.reader.funded(order_id), site.reader.committed(order_id)
    due = funded.quote.settle(record.base_share, [source.share for source in record.sources])
    credited = {event.beneficiary: event.amount for event in site.reader.credited(order_id)}
    assert credited == dict(zip([*sorted(any_town.works), any_town.model_id], [*due.sources, due.pool], strict=True))
    assert (committed.operator_fee, committed.refunded) == (due.operator_fee, due.refunded)
    assert due.total == funded.escrowed
    assert finished.waiting == ()
    accounts = site.reader.accounts().items()  # but for the model's pool, which waits to be collected
    left = [site.reader.received(account) for account, of in accounts if of.beneficiary != any_town.model_id]
    assert 0 <= sum(left) - sum(event.amount for event in site.reader.paid()) < 2 * len(left)
    report = audit_site(site)
    assert report.verdict is AuditVerdict.OK, report.findings


def test_job_stopped_at_every_step_and_begun_again_settles_once(any_town: Town, tmp_path: Path) -> None:
    site = any_town.site(home=tmp_path)
    order_id = any_town.funded(site)
    before = site.connection.nonce(operator().address)
    for step in STEPS:
        with pytest.raises(Stopped):
            run(afresh(any_town, site), order_id, stop_at=step)
    finished = run(afresh(any_town, site), order_id)
    assert [event.commit for event in site.reader.committed(order_id)] == [finished.record.commit()]
    assert run(afresh(any_town, site), order_id) == finished
    assert site.connection.nonce(operator().address) - before == 3  # commit, confirmations, payout


def test_late_order_is_refunded_with_a_penalty_and_cannot_be_run(any_town: Town, tmp_path: Path) -> None:
    site = any_town.site(home=tmp_path)
    order_id = any_town.funded(site)
    (funded,) = site.reader.funded(order_id)
    with pytest.raises(ContractError) as early:
        site.writer(maker()).refund(funded)
    assert early.value.name == "GenerationEscrow_DeadlineNotPassed"
    any_town.rpc("evm_increaseTime", 3 * DAYS)
    any_town.rpc("evm_mine")
    before = site.reader.balance(maker().address, site.token())
    site.writer(maker()).refund(funded)
    penalty = funded.escrowed // 10
    assert site.reader.balance(maker().address, site.token()) - before == funded.escrowed + penalty
    with pytest.raises(ContractError):
        site.writer(maker()).refund(funded)
    assert site.reader.order_status(order_id) is OrderStatus.REFUNDED
    assert audit_site(site).verdict is AuditVerdict.OK


def test_what_the_chain_refuses_is_said_by_name_and_changes_nothing(any_town: Town, tmp_path: Path) -> None:
    site = any_town.site(home=tmp_path)
    asked = any_town.request()
    with pytest.raises(NotPermitted):
        site.quoting(operator()).offer(replace(asked, choices=((any_town.opted_out, 1_000_000),)))
    with pytest.raises(NotFound):
        run(site, sha256(b"an order that nobody has made"))
    order_id = any_town.funded(site)
    signed = SignedQuote.from_bytes(OrderFolder(tmp_path, order_id).read("quote.json"))
    again = (signed.quote, signed.signature, bytes(32), signed.terms, signed.grants())
    before = site.reader.balance(maker().address, site.token())
    with pytest.raises(ContractError) as twice:
        site.writer(maker()).fund(*again)
    assert twice.value.name == "GenerationEscrow_WrongStatus"
    with pytest.raises(ContractError) as too_much:
        site.writer(operator()).request_withdrawal(site.token(), 1000 * DOLLAR)
    assert too_much.value.name == "OperatorRegistry_BondTooLow"
    assert site.reader.balance(maker().address, site.token()) == before
    assert len(site.reader.funded()) == 1


def test_audit_blames_the_order_whose_record_says_other_shares_than_its_notes(any_town: Town, tmp_path: Path) -> None:
    stage = set_up(any_town, with_copied_store(any_town, tmp_path))
    record = stage.honest.record
    first, second, *rest = record.sources
    moved = (replace(first, share=first.share - 1), replace(second, share=second.share + 1), *rest)
    report = Scene(stage, stage.site).settle(stage.honest.saying(sources=moved))
    verdicts.blamed(report, "order", stage.order_id, "events")
    verdicts.only_about(report, stage.order_id)


def test_the_audit_shows_three_views_of_who_is_in_a_delivered_piece(a_town: Town, tmp_path: Path) -> None:
    site = a_town.site(home=tmp_path)
    record = run(site, a_town.funded(site)).record
    report = audit_site(site, opinions=True)
    assert report.verdict is AuditVerdict.OK, report.findings
    (order,) = report.orders
    assert order.opinions is not None
    found = order.opinions.found
    assert found is not None, order.opinions.said
    assert found.sources == tuple(to_hex(source.work_id) for source in record.sources)
    assert found.exact == largest_remainder([source.share for source in record.sources])
    assert sum(found.heard) == PPM
    assert found.gradients is None or sum(found.gradients) == PPM
    assert found.silence in ("", NOTHING_ABOVE_ZERO)
    assert found.windows_agree
    assert escape(order.opinions.said) in to_html(report)


def afresh(town: Town, site: Site) -> Site:
    """What remembers nothing of an earlier run; the model is not loaded again."""
    made = town.site(home=site.settings.home)
    made.generator, made.renderer = site.generator, site.renderer
    return made


def run(site: Site, order_id: bytes, stop_at: str = "") -> Finished:
    """The order job to its end, or to the step at which it is stopped."""

    def on_step(step: str) -> None:
        if step == stop_at:
            raise Stopped(step)

    return OrderJob.of(site.workshop(operator()), order_id, on_step, lambda bar, bars: None).run()
