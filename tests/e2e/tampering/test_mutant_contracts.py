"""Somebody deploys a contract that is not the published one, or names one that the others do not know.

The mutants (contracts/doubles/mutants.py) have the published interface and one dishonest line; all else about
these orders is honest. The contract is always named. Whose money is gone is only found where it shows in the
events or in what the contract stores: a transfer that differs from its event is not looked at yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from contrafact.audit import Finding, Report
from contrafact.demo import world
from contrafact.domain.catalogue import Catalogue
from contrafact.domain.digests import to_hex
from contrafact.domain.orders import order_id
from contrafact.ledger.signing import sign_quote
from contrafact.order.job import OrderJob
from contrafact.order.payouts import claims
from contrafact.wiring import Site
from contrafact.wiring.auditing import audit_site

from ..town import SALT, maker, operator
from .mutants import deploy_mutant, deploy_published, stale_mutants
from .stage import SECONDS, Scene, Stage, set_up
from .verdicts import blamed

pytestmark = pytest.mark.slow


@pytest.fixture
def before(stage: Stage) -> Iterator[Stage]:
    """The chain as the stage left it; what is deployed on it goes away afterwards."""
    snapshot = stage.town.rpc("evm_snapshot")
    yield stage
    stage.town.rpc("evm_revert", snapshot)


def site_with(stage: Stage, folder: Path, **addresses: str) -> Site:
    """An installation whose deployment file names other addresses for the given contracts."""
    given = stage.site.deployment
    record = {"chain_id": given.chain_id, "block": given.block, "contracts": {**given.contracts, **addresses}}
    (folder / "deployment.json").write_text(json.dumps(record))
    return stage.like(folder, deployment=folder / "deployment.json", store=stage.site.settings.store)


def with_escrow(stage: Stage, folder: Path, mutant: str) -> Site:
    given = stage.site.deployment
    escrow = deploy_mutant(stage.site.connection, mutant, given.licensing, given.model_registry)
    return site_with(stage, folder, GenerationEscrow=escrow)


def order_and_audit(stage: Stage, site: Site) -> tuple[bytes, Report]:
    """One honest order on the site's contracts, paid out, and the audit of it."""
    ordered = stage.town.funded(site, SECONDS)
    OrderJob.of(site.workshop(operator()), ordered, lambda step: None, lambda bar, bars: None).run()
    return ordered, audit_site(site)


def accuses_contract(report: Report, address: str) -> None:
    """The report says which contract is not the published one."""
    blamed(report, "contract", address, "code")


def aside_from_code(report: Report) -> list[Finding]:
    """What else the report found, had nobody compared the contracts' code."""
    return [finding for finding in report.errors if not finding.check.startswith("code.")]


def first_holders(site: Site) -> dict[str, int]:
    """The first holder of each account that was paid, and what the events say of the payment."""
    return {event.holder: event.amount for event in site.reader.paid() if event.index == 0}


def mentions(finding: Finding, name: str) -> bool:
    """Whether a reader of the finding learns that it concerns `name`."""
    bearer = finding.loss.bearer if finding.loss else ""
    return name in (finding.subject.id, bearer) or name in finding.message


def test_mutants_are_of_the_current_sources() -> None:
    """Run contracts/doubles/mutants.py where this fails."""
    assert stale_mutants() == []


@pytest.mark.parametrize("mutant", ["KeepingEscrow", "SkimmingEscrow"])
def test_payout_shorts_the_first_holder_by_a_unit(before: Stage, tmp_path: Path, mutant: str) -> None:
    site = with_escrow(before, tmp_path, mutant)
    _, report = order_and_audit(before, site)
    accuses_contract(report, site.deployment.escrow)


def test_claim_shorts_the_first_holder_by_a_unit(before: Stage, tmp_path: Path) -> None:
    """The same by the holder's own claim instead of the operator's payout."""
    site = with_escrow(before, tmp_path, "KeepingEscrow")
    stage = set_up(before.town, site)
    Scene(stage, site).deliver(stage.honest)
    for claim in claims(stage.order):
        site.writer(operator()).claim(claim)
    report = audit_site(site)
    accuses_contract(report, site.deployment.escrow)


def test_payout_of_a_holder_goes_to_somebody_else(before: Stage, tmp_path: Path) -> None:
    site = with_escrow(before, tmp_path, "DivertingEscrow")
    _, report = order_and_audit(before, site)
    accuses_contract(report, site.deployment.escrow)


def test_payout_that_says_less_than_is_due_and_forgets_the_rest(before: Stage, tmp_path: Path) -> None:
    site = with_escrow(before, tmp_path, "ForgettingEscrow")
    _, report = order_and_audit(before, site)
    accuses_contract(report, site.deployment.escrow)
    about = [finding for finding in aside_from_code(report) if finding.check.startswith("money.")]
    assert all(any(mentions(finding, holder) for finding in about) for holder in first_holders(site)), about


def test_settlement_credits_a_work_less_than_its_share(before: Stage, tmp_path: Path) -> None:
    site = with_escrow(before, tmp_path, "ShortCreditEscrow")
    ordered, report = order_and_audit(before, site)
    accuses_contract(report, site.deployment.escrow)
    (funded,) = site.reader.funded(ordered)
    work = to_hex(funded.quote.sources[0].work_id)
    about = [finding for finding in aside_from_code(report) if finding.loss and finding.loss.amount == 1]
    assert any(mentions(finding, work) for finding in about), about


def test_settlement_writes_down_less_than_it_says(before: Stage, tmp_path: Path) -> None:
    site = with_escrow(before, tmp_path, "FalseCreditEscrow")
    ordered, report = order_and_audit(before, site)
    accuses_contract(report, site.deployment.escrow)
    accounts = {to_hex(event.account) for event in site.reader.credited(ordered)}
    found = {f.subject.id for f in aside_from_code(report) if f.subject.kind == "account" and f.loss}
    assert found >= accounts


def test_maker_gets_less_back_than_the_event_says(before: Stage, tmp_path: Path) -> None:
    site = with_escrow(before, tmp_path, "ShortChangeEscrow")
    _, report = order_and_audit(before, site)
    accuses_contract(report, site.deployment.escrow)


def test_refund_keeps_a_unit(before: Stage, tmp_path: Path) -> None:
    site = with_escrow(before, tmp_path, "ShortRefundEscrow")
    ordered = before.town.funded(site, SECONDS)
    (funded,) = site.reader.funded(ordered)
    before.town.rpc("evm_setNextBlockTimestamp", funded.quote.deadline + 1)
    before.town.rpc("evm_mine")
    site.writer(maker()).refund(funded.quote, funded.maker_salt)
    report = audit_site(site)
    accuses_contract(report, site.deployment.escrow)


def test_deployment_file_that_names_another_licensing(before: Stage, tmp_path: Path) -> None:
    """The published code, but the escrow asks a different one: whose terms are in force?"""
    given = before.site.deployment
    other = deploy_published(before.site.connection, "Licensing", given.work_registry)
    blamed(audit_site(site_with(before, tmp_path, Licensing=other)), "contract", given.escrow, "code")


def test_deployment_file_that_names_another_work_registry(before: Stage, tmp_path: Path) -> None:
    given = before.site.deployment
    other = deploy_published(before.site.connection, "WorkRegistry")
    blamed(audit_site(site_with(before, tmp_path, WorkRegistry=other)), "contract", given.licensing, "code")


def test_deployment_file_that_names_an_account_without_code(before: Stage, tmp_path: Path) -> None:
    nobody = maker().address
    blamed(audit_site(site_with(before, tmp_path, ModelRegistry=nobody)), "contract", nobody, "code")


def test_opted_out_work_used_under_a_licensing_that_permits_everything(before: Stage, tmp_path: Path) -> None:
    given, connection = before.site.deployment, before.site.connection
    lax = deploy_mutant(connection, "LaxLicensing", given.work_registry)
    escrow = deploy_published(connection, "GenerationEscrow", lax, given.model_registry)
    site = site_with(before, tmp_path, Licensing=lax, GenerationEscrow=escrow)
    ordered = fund_with_opted_out(before, site)
    report = audit_site(site)
    accuses_contract(report, lax)
    about_order = [finding for finding in aside_from_code(report) if finding.subject.id == to_hex(ordered)]
    assert any(mentions(finding, to_hex(before.town.opted_out)) for finding in about_order), about_order


def fund_with_opted_out(stage: Stage, site: Site) -> bytes:
    """Under the terms as their licensors set them, an order that uses the work which permits nothing, for nothing."""
    licensors = {str(account.address): account for account in map(world.account, range(20))}
    for version in stage.site.reader.terms_history():
        site.writer(licensors[version.licensor]).set_terms(version.work_id, version.terms)
    entry = Catalogue.of(site.reader.works(), site.reader.terms_history()).entry(stage.town.opted_out)
    signed = stage.town.quoted(site, SECONDS)
    first, *rest = signed.quote.sources
    taken = replace(first, work_id=entry.work.work_id, terms_version=2, split_root=entry.work.split_root, price=0)
    quote = replace(signed.quote, sources=tuple(sorted((taken, *rest), key=lambda source: source.work_id)))
    site.writer(maker()).fund(quote, sign_quote(operator(), quote, site.reader.domain), SALT, signed.terms)
    return order_id(quote, site.reader.domain)
