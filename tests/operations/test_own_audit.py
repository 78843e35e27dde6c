"""The part of the service that audits its own ledger, in a process of its own."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from contrafact.errors import ComputeError
from contrafact.ledger.construction import REQUIRED
from contrafact.ledger.deployment_file import Deployment
from contrafact.operations import own_audit
from contrafact.operations.own_audit import KeptAudits, auditor, due_at, rest_hours
from contrafact.operations.roles import Role, roles
from contrafact.settings import Settings
from contrafact.web.audits import Standing
from contrafact.wiring.own_audit import folder_of
from tests.ledger.sent import wait_for

LONGEST = 120


def test_a_process_can_be_asked_for_the_audit_alone_and_for_everything() -> None:
    assert roles("audit") == {Role.AUDIT}
    assert Role.AUDIT in roles(None)


def test_short_audits_come_hourly_long_ones_more_seldom_and_none_where_it_is_turned_off() -> None:
    known = [rest_hours(24, latest) for latest in (None, {"seconds": 10.0}, {"seconds": 360.0}, {"seconds": 9000.0})]
    assert known == [1, 1, 10, 24]
    assert rest_hours(0, {"seconds": 10.0}) == 0
    assert rest_hours(0.5, None) == 0.5


def test_orders_that_were_settled_bring_the_next_one_forward_where_audits_are_short() -> None:
    rests = [rest_hours(24, {"seconds": took}, news=True) * 3600 for took in (3.0, 60.0, 120.0, 360.0)]
    assert rests == [60, 300, 600, 36_000]
    assert rest_hours(0, {"seconds": 3.0}, news=True) == 0
    now = datetime.now(UTC)
    standing = Standing(every=1, soon=0.1)
    assert standing.next_at(now, newer=True) == now + timedelta(minutes=6)
    assert standing.next_at(now, newer=False) == now + timedelta(hours=1)
    assert standing.next_at(now - timedelta(days=1), newer=True) >= now  # type: ignore[operator]
    assert Standing(every=0, soon=0).next_at(now, newer=True) is None


def keep_audit(home: Path, finished_at: float, seconds: float = 3.0) -> None:
    """What an audit that ended at block 7 leaves."""
    folder = folder_of(home)
    folder.mkdir()
    with closing(sqlite3.connect(folder / "report.sqlite")) as database, database:
        database.execute("CREATE TABLE summary (body TEXT)")
        body = json.dumps({"block": 7, "finished_at": finished_at, "seconds": seconds})
        database.execute("INSERT INTO summary VALUES (?)", (body,))


def test_news_bring_an_audit_forward_unless_the_last_try_failed(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, audit_hours=24)
    assert due_at(settings, 0, lambda block: True) <= time.time()
    keep_audit(tmp_path, finished_at=1000)
    assert due_at(settings, 0, lambda block: block > 7) == 1000 + 3600
    assert due_at(settings, 0, lambda block: block == 7) == 1000 + 60
    assert due_at(settings, 2000, lambda block: True) == 2000 + 60
    soon = KeptAudits(settings).standing().soon
    assert soon == pytest.approx(60 / 3600)
    (folder_of(tmp_path) / "problem").write_text("The node cannot be reached.")
    assert due_at(settings, 2000, lambda block: True) == 2000 + 3600
    assert KeptAudits(settings).standing().soon == 1


@pytest.mark.parametrize("news", [True, False])
def test_an_order_that_was_settled_is_audited_within_the_hour_and_nothing_else_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, news: bool
) -> None:
    """The audit itself is a fake."""
    keep_audit(tmp_path, finished_at=time.time() - 600)
    asked, done = Event(), list[str]()
    monkeypatch.setattr(own_audit, "_audit", lambda settings, stop: done.append("an audit"))

    def has_news(block: int) -> bool:
        asked.set()
        return news

    part = auditor(Settings(home=tmp_path, audit_hours=24), has_news, first_after=0)
    part.start()
    assert asked.wait(LONGEST)
    part.stop()
    assert part.join(LONGEST)
    assert done == ["an audit"] * news


def test_an_audit_whose_process_is_lost_is_not_begun_again_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The audit itself is a fake, which is lost as one is that the machine has no memory for."""
    keep_audit(tmp_path, finished_at=0)
    tries, asked = list[str](), list[int]()

    def lost(settings: Settings, stop: Event) -> None:
        tries.append("lost")
        raise ComputeError("The process of the audit was lost.", "Look at the machine's memory.")

    monkeypatch.setattr(own_audit, "_audit", lost)

    def has_news(block: int) -> bool:
        asked.append(block)
        return True

    part = auditor(Settings(home=tmp_path, audit_hours=24), has_news, first_after=0)
    part.start()
    wait_for(lambda: part.restarts == 1 and len(asked) == 2)
    part.stop()
    assert part.join(LONGEST)
    assert tries == ["lost"]


@pytest.mark.slow
def test_an_audit_that_cannot_ask_the_chain_says_why_and_the_part_stays_up_until_it_is_told(tmp_path: Path) -> None:
    addresses = {name: f"0x{number:040x}" for number, name in enumerate(REQUIRED, start=1)}
    Deployment(31337, 0, addresses).save(tmp_path / "31337.json")
    settings = Settings(
        rpc_url="http://127.0.0.1:1", deployment=tmp_path / "31337.json", store=f"folder:{tmp_path / 'store'}",
        home=tmp_path / "home",
    )  # fmt: skip
    part, audits = auditor(settings, lambda block: False, first_after=0), KeptAudits(settings)
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
