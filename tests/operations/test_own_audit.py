"""The part of the service that audits its own ledger, in a process of its own."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from contrafact.ledger.construction import REQUIRED
from contrafact.ledger.deployment_file import Deployment
from contrafact.operations.own_audit import KeptAudits, auditor, rest_hours
from contrafact.operations.roles import Role, roles
from contrafact.settings import Settings

LONGEST = 120


def test_a_process_can_be_asked_for_the_audit_alone_and_for_everything() -> None:
    assert roles("audit") == {Role.AUDIT}
    assert Role.AUDIT in roles(None)


def test_short_audits_come_hourly_long_ones_more_seldom_and_none_where_it_is_turned_off() -> None:
    known = [rest_hours(24, latest) for latest in (None, {"seconds": 10.0}, {"seconds": 360.0}, {"seconds": 9000.0})]
    assert known == [1, 1, 10, 24]
    assert rest_hours(0, {"seconds": 10.0}) == 0
    assert rest_hours(0.5, None) == 0.5


@pytest.mark.slow
def test_an_audit_that_cannot_ask_the_chain_says_why_and_the_part_stays_up_until_it_is_told(tmp_path: Path) -> None:
    addresses = {name: f"0x{number:040x}" for number, name in enumerate(REQUIRED, start=1)}
    Deployment(31337, 0, addresses).save(tmp_path / "31337.json")
    settings = Settings(
        rpc_url="http://127.0.0.1:1", deployment=tmp_path / "31337.json", store=f"folder:{tmp_path / 'store'}",
        home=tmp_path / "home",
    )  # fmt: skip
    part, audits = auditor(settings, first_after=0), KeptAudits(settings)
    assert (audits.latest(), audits.standing().problem) == (None, None)
    part.start()
    give_up = time.monotonic() + LONGEST
    while audits.standing().problem is None:
        assert time.monotonic() < give_up
        time.sleep(0.1)
    assert "cannot be reached" in (audits.standing().problem or "")
    assert part.is_running
    assert part.restarts == 0
    part.stop()
    assert part.join(10)
