"""An operator that signed what is not so is challenged with one command, and answers with its bond."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import pytest

from contrafact.demo import world
from contrafact.domain.challenges import ChallengeEvidence
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.shares import PPM
from contrafact.domain.splits import account_id
from contrafact.ledger.challenge_desk import ChallengeReader, ChallengeWriter
from contrafact.wiring import Site
from contrafact.wiring.auditing import audit_site, write_reports

from ..command import Answer, Command, key_file
from ..town import DOLLAR
from . import lies
from .stage import Scene

pytestmark = pytest.mark.slow
FINDER, JOINER = 16, 17
MOVED = 60_000


@dataclass(frozen=True, slots=True)
class Court:
    """A scene, with what its people type."""

    scene: Scene
    folder: Path

    def run(self, who: int, *arguments: object) -> Answer:
        return self.command.under(key_file=key_file(self.folder, who))(*arguments, "--json")

    @property
    def command(self) -> Command:
        settings = self.scene.site.settings
        places = {
            "rpc_url": settings.rpc_url,
            "deployment": settings.deployment,
            "store": settings.store,
            "home": self.folder / "home",
        }
        return Command({name: str(value) for name, value in places.items()})

    @property
    def order(self) -> str:
        return to_hex(self.scene.stage.order_id)

    @property
    def reader(self) -> ChallengeReader:
        return ChallengeReader(self.scene.site.connection, self.scene.site.deployment)

    def dollars(self, who: int | str) -> int:
        holder = world.account(who).address if isinstance(who, int) else who
        return self.reader.balance(holder, self.scene.stage.quote.token)

    def earned(self) -> list[int]:
        quote = self.scene.stage.quote
        return [self.reader.received(account_id(s.work_id, s.split_root, quote.token)) for s in quote.sources]

    def bond(self) -> int:
        quote = self.scene.stage.quote
        return self.reader.bond(quote.operator, quote.token).amount


@pytest.fixture
def court(scene: Scene, tmp_path: Path) -> Court:
    for who in (FINDER, JOINER):
        scene.site.writer(world.account(world.DEPLOYER)).mint_dollars(world.account(who).address, DOLLAR)
    folder = tmp_path / "keys"
    folder.mkdir()
    return Court(scene, folder)


@pytest.fixture
def lied(court: Court) -> Court:
    """The operator delivered the honest piece, and gave one source's share to another."""
    honest = court.scene.stage.honest
    court.scene.deliver(replace(honest, record=lies.moved_share(honest.record, court.scene.stage.quote, MOVED)))
    return court


def report_of(site: Site, folder: Path) -> Path:
    write_reports(audit_site(site), folder)
    return folder / "audit.json"


def test_shares_that_do_not_follow_are_challenged_and_paid_from_the_bond_to_the_unit(lied: Court) -> None:
    stage, order = lied.scene.stage, lied.order
    with patch.object(ChallengeWriter, "_pay_in", side_effect=KeyboardInterrupt):
        killed = lied.run(FINDER, "challenge", order)
    assert killed.code == 130
    assert lied.reader.challenges() == []
    assert lied.dollars(FINDER) == DOLLAR

    filed = lied.run(FINDER, "challenge", order)
    found = json.loads(filed.out)
    assert "events.shares" in filed.err  # what is wrong, and what it costs, is said before it is paid
    assert "the operator gets your" in filed.err
    evidence = ChallengeEvidence.from_bytes(lied.scene.site.store.get(found["evidence"]))
    assert evidence.notes == stage.honest.record.events  # what the honest operator would have signed
    assert {one.check for one in evidence.findings} == {"events.shares"}
    assert lied.dollars(FINDER) == DOLLAR - int(found["bond"])
    again = lied.run(FINDER, "challenge", order).json
    assert (again["filed"], again["evidence"], again["tx"]) == ("before", found["evidence"], found["tx"])
    assert lied.dollars(FINDER) == DOLLAR - int(found["bond"])

    joined = lied.run(JOINER, "challenge", order, "--from", report_of(lied.scene.site, lied.folder))
    assert json.loads(joined.out)["evidence"] == found["evidence"]
    assert lied.run(FINDER, "challenge", "rule", order, "--uphold").code == 4  # it is no arbiter

    before, bond, maker = lied.earned(), lied.bond(), lied.dollars(stage.quote.maker)
    assert lied.run(world.DEPLOYER, "challenge", "rule", order, "--uphold").code == 0
    commit, quote = stage.honest.record.commit(), stage.quote
    had = quote.settle(*_signed(lied))
    due = quote.settle(commit.base_share, commit.shares)
    owed = [max(0, right - wrong) for right, wrong in zip(due.sources, had.sources, strict=True)]
    assert sum(owed) > 0
    assert [now - then for now, then in zip(lied.earned(), before, strict=True)] == owed
    to_maker = max(0, due.refunded - had.refunded) + quote.operator_fee
    assert lied.dollars(quote.maker) - maker == to_maker
    assert bond - lied.bond() == sum(owed) + to_maker

    assert lied.dollars(FINDER) == DOLLAR  # the first challenger is paid at once
    assert lied.dollars(JOINER) == DOLLAR - int(found["bond"])
    assert lied.run(JOINER, "challenge", "take-back", order).code == 0
    assert lied.dollars(JOINER) == DOLLAR
    assert lied.run(JOINER, "challenge", "take-back", order).code == 3
    (told,) = lied.run(FINDER, "challenge", "status", order, "--watch").json
    assert (told["outcome"], told["to_sources"], told["waiting"]) == ("upheld", list(map(str, owed)), [])
    assert lied.run(JOINER, "challenge", order).error["hint"] == "No other one is taken."


def test_a_rejected_challenge_costs_its_bond_and_is_not_filed_again(lied: Court) -> None:
    report = report_of(lied.scene.site, lied.folder)
    assert lied.run(FINDER, "challenge", lied.order, "--from", report, "--dry-run").code == 0
    assert lied.dollars(FINDER) == DOLLAR
    bond = int(json.loads(lied.run(FINDER, "challenge", lied.order, "--from", report).out)["bond"])
    operator = lied.dollars(world.OPERATOR)
    assert lied.run(world.DEPLOYER, "challenge", "rule", lied.order, "--reject").code == 0
    assert (lied.dollars(FINDER), lied.dollars(world.OPERATOR)) == (DOLLAR - bond, operator + bond)
    refused = lied.run(FINDER, "challenge", lied.order, "--from", report)
    assert refused.code == 4
    assert lied.dollars(FINDER) == DOLLAR - bond


def test_an_honest_commit_is_not_challenged_and_no_money_moves(court: Court) -> None:
    honest = court.scene.stage.honest
    assert court.run(FINDER, "challenge", court.order).code == 3  # nothing is committed yet
    court.scene.deliver(honest)
    with patch("contrafact.wiring.site.generation_is_installed", return_value=False):
        assert court.run(FINDER, "challenge", court.order).code == 3
    refused = court.run(FINDER, "challenge", court.order)
    assert refused.code == 4
    assert "its replay is the same" in refused.err
    assert court.dollars(FINDER) == DOLLAR
    assert court.reader.challenges() == []

    told = court.command("licence", court.order, "--json").json
    assert (told["follows"], told["recorded"]) == (True, to_hex(honest.record.licence))
    assert told["sha256"] == told["recorded"] == to_hex(sha256(told["text"].encode()))
    assert f"address {court.scene.stage.quote.maker}" in told["text"]

    stage = court.scene.stage
    seconds = stage.quote.deadline + court.reader.challenge_window() - court.reader.timestamp() + 1
    stage.town.rpc("evm_increaseTime", seconds)
    stage.town.rpc("evm_mine")
    late = court.run(FINDER, "challenge", court.order)
    assert (late.code, "can no longer be challenged" in late.err) == (6, True)


def _signed(court: Court) -> tuple[int, tuple[int, ...]]:
    (committed,) = court.reader.committed(court.scene.stage.order_id)
    assert committed.commit.base_share + sum(committed.commit.shares) == PPM
    return committed.commit.base_share, committed.commit.shares
