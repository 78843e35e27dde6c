"""What shows only beside other orders, or beside the clock."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contrafact.audit import AuditVerdict, Loss
from contrafact.domain.digests import to_hex

from .fakes import TOKEN
from .history import World, address, honest_world


def test_a_copied_order_is_found_and_the_first_is_named() -> None:
    world = honest_world()
    first, second = world.ledger.committed_list
    world.ledger.committed_list[1] = replace(
        second, commit=replace(second.commit, evidence_root=first.commit.evidence_root)
    )
    (found,) = [finding for finding in world.audit().errors if finding.check == "commit.once"]
    assert found.subject.id == to_hex(world.orders["second"])
    assert found.evidence["orders"] == to_hex(world.orders["first"])
    assert "list of notes" in found.message


def test_an_order_that_nobody_refunded_is_a_warning_that_says_whose_money_waits_and_what_to_do() -> None:
    world = honest_world()
    funded = next(event for event in world.ledger.funded_list if event.order_id == world.orders["open"])
    world.ledger.next_block(funded.quote.deadline - world.ledger.timestamp())
    assert world.audit().findings == ()  # the last second is still the operator's
    world.ledger.next_block(1)
    report = world.audit()
    (found,) = report.findings
    assert (found.check, found.severity, found.subject.id) == ("order.open", "warning", to_hex(world.orders["open"]))
    assert found.loss == Loss(TOKEN, funded.escrowed, f"maker {address('maker')}")
    assert f"contrafact refund {found.subject.id}" in found.message
    assert report.verdict is AuditVerdict.OK


@pytest.fixture
def promised_twice() -> World:
    world = honest_world()
    commitment = world.ledger.funded_list[0].quote.seed_commitment
    world.fund("again", replace(world.quote(70), seed_commitment=commitment))
    return world


def test_a_secret_that_was_promised_before_is_a_warning_about_the_later_order(promised_twice: World) -> None:
    (found,) = promised_twice.audit().findings
    assert (found.check, found.severity) == ("order.secret", "warning")
    assert found.subject.id == to_hex(promised_twice.orders["again"])
    assert found.evidence["orders"] == to_hex(promised_twice.orders["first"])


def test_an_account_that_the_chain_credits_and_no_event_opened_is_found() -> None:
    """Of an order whose credits a node withholds, the account shows what it received."""
    world = honest_world()
    mine = {event.account for event in world.ledger.credited_list if event.beneficiary == world.model}
    world.ledger.credited_list = [event for event in world.ledger.credited_list if event.account not in mine]
    world.ledger.paid_list = [event for event in world.ledger.paid_list if event.account not in mine]
    for account in mine:
        del world.ledger.account_map[account]
    found = {finding.subject.id for finding in world.audit().errors if finding.check == "money.received"}
    assert found == set(map(to_hex, mine))
