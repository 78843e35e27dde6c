"""Somebody deploys a contract that is not the published one, or names one that the others do not know.

The mutants (contracts/doubles/mutants.py) have the published interface and one dishonest line; all else about
these orders is honest. The contract is always named. Whose money is gone is only found where it shows in the
events or in what the contract stores: a transfer that differs from its event is not looked at yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from contrafact.audit import Finding, Report
from contrafact.demo import world
from contrafact.domain.digests import to_hex
from contrafact.order.job import OrderJob
from contrafact.order.payouts import payables
from contrafact.wiring import Site
from contrafact.wiring.auditing import audit_site

from ..town import BOND, maker, operator
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
    """The mutant in the place of the published escrow, with a bond of the operator."""
    given = stage.site.deployment
    siblings = [given.contracts[name] for name in ("Catalogue", "DisputeDesk", "HolderRecovery", "Authority")]
    site = site_with(stage, folder, GenerationEscrow=deploy_mutant(stage.site.connection, mutant, *siblings))
    site.writer(operator()).deposit_bond(site.token(), BOND)
    return site


def order_and_audit(stage: Stage, site: Site) -> tuple[bytes, Report]:
    """One honest order on the site's contracts, paid out, and the audit of it."""
    ordered = stage.town.funded(site, SECONDS)
    OrderJob.of(site.workshop(operator()), ordered, lambda step: None, lambda bar, bars: None).run()
    return ordered, audit_site(site)


def claim_all(site: Site, stage: Stage) -> None:
    """Every holder claims what is its own, and confirms its place so."""
    keys = {str(account.address): account for account in map(world.account, range(20))}
    for payable in payables(stage.order):
        if site.reader.claimable(payable.claim):
            site.writer(keys[payable.claim.leaf.holder]).claim(payable.claim)


def accuses_contract(report: Report, address: str) -> None:
    """The report says which contract is not the published one."""
    blamed(report, "contract", address, "code")


def aside_from_code(report: Report) -> list[Finding]:
    """What else the report found, had nobody compared the contracts' code."""
    return [finding for finding in report.errors if not finding.check.startswith("code.")]


def mentions(finding: Finding, name: str) -> bool:
    """Whether a reader of the finding learns that it concerns `name`."""
    bearer = finding.loss.bearer if finding.loss else ""
    return name in (finding.subject.id, bearer) or name in finding.message


def test_mutants_are_of_the_current_sources() -> None:
    """Run contracts/doubles/mutants.py where this fails."""
    assert stale_mutants() == []


@pytest.mark.parametrize("mutant", ["KeepingEscrow", "SkimmingEscrow", "DivertingEscrow", "ForgettingEscrow"])
def test_holders_are_paid_less_than_the_events_say(before: Stage, tmp_path: Path, mutant: str) -> None:
    """By their own claims after one order, and by the operator's payout after the next."""
    site = with_escrow(before, tmp_path, mutant)
    stage = set_up(before.town, site)
    Scene(stage, site).deliver(stage.honest)
    claim_all(site, stage)
    _, report = order_and_audit(before, site)
    accuses_contract(report, site.deployment.escrow)


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
    site.writer(maker()).refund(funded)
    report = audit_site(site)
    accuses_contract(report, site.deployment.escrow)


def test_deployment_file_that_names_another_catalogue(before: Stage, tmp_path: Path) -> None:
    """The published code, but the escrow asks a different one: whose terms are in force?"""
    given = before.site.deployment
    other = deploy_published(before.site.connection, "Catalogue", given.contracts["DisputeDesk"])
    blamed(audit_site(site_with(before, tmp_path, Catalogue=other)), "contract", given.escrow, "code")


def test_deployment_file_that_names_an_account_without_code(before: Stage, tmp_path: Path) -> None:
    nobody = maker().address
    blamed(audit_site(site_with(before, tmp_path, DisputeDesk=nobody)), "contract", nobody, "code")
