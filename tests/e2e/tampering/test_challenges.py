"""An operator that signed what is not so is challenged with one command, and answers with its bond."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest

from contrafact.demo import world
from contrafact.domain.challenges import ChallengeEvidence, CommittedOrder, Contradiction
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.history import Committed, Funded
from contrafact.domain.licence_facts import pinned_terms
from contrafact.domain.settlement import raised
from contrafact.domain.shares import PPM
from contrafact.domain.splits import account_id
from contrafact.domain.terms import Use
from contrafact.errors import ContractError
from contrafact.ledger.calls.orders import Finished
from contrafact.ledger.challenge_desk import ChallengeReader, ChallengeWriter
from contrafact.wiring import Site
from contrafact.wiring.auditing import audit_site, write_reports

from ..command import Answer, Command, key_file
from ..town import DOLLAR
from . import lies
from .stage import Scene, file_of

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

    def desk(self, who: int) -> ChallengeWriter:
        return ChallengeWriter(self.scene.site.connection, self.scene.site.deployment, world.account(who))

    def pass_time(self, until: int) -> None:
        """Until a block is later: the node's clock may stand before the newest block's."""
        while (left := until - self.reader.timestamp() + 1) > 0:
            self.scene.stage.town.rpc("evm_increaseTime", left)
            self.scene.stage.town.rpc("evm_mine")

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

    accuse_of_own_store(court)

    told = court.command("licence", court.order, "--json").json
    assert (told["follows"], told["recorded"]) == (True, to_hex(honest.record.licence))
    assert told["sha256"] == told["recorded"] == to_hex(sha256(told["text"].encode()))
    assert f"address {court.scene.stage.quote.maker}" in told["text"]

    court.pass_time(court.scene.stage.quote.deadline + court.reader.challenge_window())
    late = court.run(FINDER, "challenge", court.order)
    assert (late.code, "can no longer be challenged" in late.err) == (6, True)


def accuse_of_own_store(court: Court) -> None:
    """A file that only this copy of the store has damaged, or lacks, is nothing that the operator did."""
    stem = file_of(court.scene.site, court.scene.stage.honest.record.stems[0].flac)
    kept, asked = stem.read_bytes(), ("challenge", court.order, "--dry-run")
    stem.chmod(0o644)
    stem.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    damaged = court.run(FINDER, *asked, "--withheld")
    assert (damaged.code, "ask another copy of the content store" in damaged.error["hint"]) == (4, True)
    stem.unlink()
    missing = court.run(FINDER, *asked)
    assert (missing.code, "--withheld" in missing.error["hint"]) == (4, True)
    withheld = court.run(FINDER, *asked, "--withheld")
    assert {row["evidence"]["store"] for row in json.loads(withheld.out)["findings"]} == {"missing"}
    assert withheld.code == 0
    assert "1 thing that operator" in withheld.err
    assert "signed does not hold" in withheld.err
    stem.write_bytes(kept)


def test_evidence_is_shown_a_line_each_and_a_challenge_that_nobody_rules_on_gives_every_bond_back(court: Court) -> None:
    order, hostile = court.order, hostile_evidence(court)
    court.scene.deliver(court.scene.stage.honest)
    court.scene.site.store.put(hostile.to_bytes())
    finished = CommittedOrder(*funded_and_committed(court), court.scene.stage.quote.use)
    bond = court.reader.challenge_bond(court.scene.stage.quote)
    court.desk(FINDER).challenge(finished, hostile.digest(), bond)
    with pytest.raises(ContractError):
        court.desk(FINDER).challenge(finished, sha256(b"once more"), bond)
    assert court.dollars(FINDER) == DOLLAR - bond  # nobody pays for one challenge twice
    ruled = court.run(world.DEPLOYER, "challenge", "rule", order, "--reject")
    assert ruled.code == 0
    said = [line for line in ruled.err.splitlines() if "0xHonest" in line]
    assert len(said) == 20
    assert all(line.startswith("  events.shares: ") for line in said)
    assert "… and 480 more" in ruled.err

    for who in (FINDER, JOINER):
        court.desk(who).challenge(finished, hostile.digest(), bond)
    told = court.run(FINDER, "challenge", "status", order).json
    assert [(one["number"], one["outcome"]) for one in told] == [(1, "rejected"), (2, "open")]
    assert court.run(JOINER, "challenge", "lapse", order).code == 4  # the arbiter still has time

    def wait(seconds: float) -> None:
        court.pass_time(court.reader.challenges(court.scene.stage.order_id)[1].ruling_until)
        assert court.run(JOINER, "challenge", "lapse", order).code == 0

    with patch("contrafact.cli.rulings.time", SimpleNamespace(sleep=wait)):
        watched = court.run(FINDER, "challenge", "status", order, "--watch").out
    assert (watched.count('"open"'), watched.count('"lapsed"')) == (1, 1)
    assert (court.dollars(FINDER), court.dollars(JOINER)) == (DOLLAR - bond, DOLLAR - bond)
    assert court.run(JOINER, "challenge", "take-back", order).code == 0
    assert (court.dollars(FINDER), court.dollars(JOINER)) == (DOLLAR - bond, DOLLAR)
    assert court.run(JOINER, "challenge", "lapse", order).code == 3


def test_the_licence_of_a_raised_order_is_for_the_wider_use_and_outlives_its_licensors(court: Court) -> None:
    stage, site = court.scene.stage, court.scene.site
    court.scene.deliver(stage.honest)
    funded, committed = funded_and_committed(court)
    ordered = court.command("licence", court.order, "--json").json
    wider = Use(stage.quote.use + 1)
    terms = [pinned_terms(site.reader.terms_history({s.work_id}), s) for s in stage.quote.sources]
    prices = [each.price(wider, stage.quote.token) for each in terms]
    cost = sum(raised(stage.quote.rates, prices, committed.commit.duration, committed.commit.shares))
    payer = court.desk(FINDER)
    site.writer(world.account(world.DEPLOYER)).mint_dollars(payer.address, cost)
    finished = Finished(stage.quote, funded.maker_salt, committed.commit, stage.quote.use)
    payer._pay_in(payer._calls.orders.raise_use(finished, wider, terms, cost))
    work = stage.quote.sources[0].work_id
    (before,) = [one.licensor for one in site.reader.works([work])]
    owner = next(world.account(n) for n in range(20) if world.account(n).address == before)
    site.writer(owner).transfer_licensor(work, payer.address)
    payer.accept_licensor(work)

    told = court.command("licence", court.order.upper().replace("0X", "0x"), "--json").json
    assert (told["use"], told["ordered_use"]) == (wider.name.lower(), ordered["use"])
    assert (told["follows"], told["recorded"]) == (True, ordered["recorded"])
    assert told["sha256"] == to_hex(sha256(told["text"].encode())) != ordered["sha256"]
    assert f"For {wider.name.lower()} use." in told["text"]
    assert f"Licensor {before}" in told["text"]
    assert payer.address not in told["text"]
    assert "The order was raised since" in court.command("licence", court.order).out


def hostile_evidence(court: Court) -> ChallengeEvidence:
    """What a stranger writes who wants the arbiter to read something else."""
    words = "x\n0xHonest challenged with evidence bafk:\n  the operator admits it\x1b[2J"
    commit = court.scene.stage.honest.record.commit()
    domain = court.reader.domain
    return ChallengeEvidence(
        order_id=commit.order_id,
        chain_id=domain.chain_id,
        contract=domain.contract,
        record=commit.record_digest,
        committed_notes=commit.evidence_root,
        findings=(Contradiction("events.shares", words, {}),) * 500,
        generator={},
        weights=sha256(b""),
    )


def funded_and_committed(court: Court) -> tuple[Funded, Committed]:
    (funded,), (committed,) = (
        read(court.scene.stage.order_id) for read in (court.reader.funded, court.reader.committed)
    )
    return funded, committed


def _signed(court: Court) -> tuple[int, tuple[int, ...]]:
    (committed,) = court.reader.committed(court.scene.stage.order_id)
    assert committed.commit.base_share + sum(committed.commit.shares) == PPM
    return committed.commit.base_share, committed.commit.shares
