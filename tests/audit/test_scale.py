"""An audit goes on where it stopped, in several processes, of a part of the whole, and with some of the replays."""

from __future__ import annotations

import io
import json
import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from contrafact.audit import AuditVerdict, Plan, Replays, Report, Scope, audit, to_html, write_json
from contrafact.audit.gather import chain
from contrafact.audit.parallel import Opened
from contrafact.cli.audit_words import lines
from contrafact.domain.digests import cid, sha256, to_hex
from contrafact.domain.generation import EventLedger, GenerationRequest
from contrafact.domain.history import Committed
from contrafact.errors import Busy, ChainError, InvalidInput, NotFound
from contrafact.ports import ReplayResult

from .fakes import FakeGenerator
from .history import WEIGHTS, World, address, honest_world


class Killed(BaseException):
    """Stands for the end of the process."""


class CountingGenerator(FakeGenerator):
    """A fake that counts replays, and ends the process before the one that is said."""

    def __init__(self, fatal: int = 0) -> None:
        super().__init__(WEIGHTS)
        self.replays, self.fatal = 0, fatal

    def replay(self, request: GenerationRequest, events: EventLedger) -> ReplayResult:
        self.replays += 1
        if self.replays == self.fatal:
            raise Killed
        return super().replay(request, events)


def world_of(orders: int) -> World:
    """An honest history with so many delivered orders."""
    world = honest_world()
    for nonce in range(10, 8 + orders):
        world.deliver(world.fund(f"order {nonce}", world.quote(nonce)))
    return world


def run(world: World, plan: Plan, generator: FakeGenerator | None = None) -> Report:
    tools = replace(world.tools, generator=generator or world.tools.generator)
    return audit(world.ledger, world.store, tools, plan=plan)


def test_an_audit_that_was_killed_goes_on_where_it_stopped_and_says_the_same(tmp_path: Path) -> None:
    world, plan = world_of(5), Plan(journal=tmp_path / "audit.journal")
    first, second = CountingGenerator(fatal=4), CountingGenerator()
    with pytest.raises(Killed):
        run(world, plan, first)
    resumed = run(world, plan, second)
    assert (first.replays, second.replays) == (4, 2)
    said = resumed.to_dict()
    assert said == world.audit().to_dict()
    earlier = resumed.beside[-1]
    assert re.fullmatch(rf"\d+ subjects were judged earlier and taken from the journal {plan.journal}\.", earlier)
    assert earlier in to_html(resumed)
    assert earlier in lines(resumed)


def test_a_finished_journal_is_begun_afresh_and_vouches_for_nothing(tmp_path: Path) -> None:
    world, plan, again = world_of(5), Plan(journal=tmp_path / "audit.journal"), CountingGenerator()
    first = run(world, plan).to_dict()
    assert run(world, plan, again).to_dict() == first
    assert again.replays == 5
    world.ledger.next_block()
    assert run(world, plan).block == world.ledger.head()
    world.store.held.pop(cid(world.ledger.committed_list[0].commit.record_digest))
    judged_anew = run(world, plan)
    assert (judged_anew.verdict, judged_anew.beside) == (AuditVerdict.FAILED, ())


def interrupted(world: World, plan: Plan) -> None:
    with pytest.raises(Killed):
        run(world, plan, CountingGenerator(fatal=1))


@pytest.mark.parametrize("begin", [run, interrupted], ids=["finished", "interrupted"])
def test_a_journal_of_other_content_stores_is_refused_and_kept(
    tmp_path: Path, begin: Callable[[World, Plan], object]
) -> None:
    world, plan = honest_world(), Plan(journal=tmp_path / "audit.journal", sources={"content stores": ["/srv/a"]})
    begin(world, plan)
    for sources in ({"content stores": ["/srv/empty"]}, {"content stores": ["/srv/a", "/srv/empty"]}):
        with pytest.raises(InvalidInput, match="its content stores is"):
            run(world, replace(plan, sources=sources))
    assert run(world, plan).verdict is AuditVerdict.OK


def test_a_chain_that_cannot_be_reached_any_more_is_read_on_from_there(tmp_path: Path) -> None:
    world, plan, asked = world_of(3), Plan(journal=tmp_path / "audit.journal"), []
    read = world.ledger.order_events

    def until_it_breaks(first: int, last: int, quote_of: Callable[[bytes], object]) -> list[object]:
        asked.append(first)
        if len(asked) == 2:
            raise ChainError("The node is gone.")
        return read(first, min(last, first + 9), quote_of)  # type: ignore[arg-type, return-value]

    world.ledger.order_events = until_it_breaks  # type: ignore[assignment, method-assign]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chain, "_FIRST_RANGE", 10)
        with pytest.raises(ChainError):
            run(world, plan)
        patch.setattr(chain, "_LONGEST_RANGE", 10)
        report = run(world, plan)
    assert asked[:4] == [0, 10, 10, 20]
    assert report.to_dict() == world_of(3).audit().to_dict()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda world: world.ledger.next_block(), "block"),
        (lambda world: setattr(world.ledger, "block_hash", lambda block: bytes(32)), "block hash"),
    ],
    ids=["another block", "another chain"],
)
def test_a_journal_of_another_audit_is_refused(tmp_path: Path, change: Callable[[World], None], what: str) -> None:
    world, plan = honest_world(), Plan(journal=tmp_path / "audit.journal")
    interrupted(world, plan)
    change(world)
    with pytest.raises(InvalidInput, match=f"its {what} is"):
        run(world, plan)


def test_a_journal_of_other_options_is_refused(tmp_path: Path) -> None:
    world, file = honest_world(), tmp_path / "audit.journal"
    run(world, Plan(journal=file, replays=Replays(0)))
    with pytest.raises(InvalidInput, match="replays"):
        run(world, Plan(journal=file))


def test_a_file_that_is_no_journal_is_refused_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear auditor, " * 100)
    with pytest.raises(InvalidInput, match="no journal"):
        run(honest_world(), Plan(journal=file))
    assert file.read_text().startswith("Dear auditor")


def test_a_journal_that_was_changed_is_refused_and_nothing_in_it_is_run(tmp_path: Path) -> None:
    world, file = honest_world(), tmp_path / "audit.journal"
    interrupted(world, Plan(journal=file))
    with sqlite3.connect(file) as database:
        database.execute("UPDATE events SET body = 'cos\nsystem\n' WHERE kind = 'Funded'")
        database.execute("DELETE FROM judged WHERE kind = 'order'")
    database.close()
    with pytest.raises(InvalidInput, match="no Funded"):
        run(world, Plan(journal=file))


def test_two_audits_do_not_write_one_journal(tmp_path: Path) -> None:
    file, refused = tmp_path / "audit.journal", list[Busy]()

    def begin_another(done: int, of: int) -> None:
        with pytest.raises(Busy) as raised:
            run(honest_world(), Plan(journal=file))
        refused.append(raised.value)

    assert run(honest_world(), Plan(journal=file, on_order=begin_another)).verdict is AuditVerdict.OK
    assert refused


def opened() -> Opened:
    """What a worker opens: here, the same history again."""
    world = world_of(6)
    world.ledger.committed_list[2] = _copied(world.ledger.committed_list[2], world.ledger.committed_list[0])
    return world.ledger, world.store, world.tools


def _copied(event: Committed, first: Committed) -> Committed:
    return replace(event, commit=replace(event.commit, output_digest=first.commit.output_digest))


@pytest.mark.slow
def test_several_processes_say_what_one_says() -> None:
    ledger, store, tools = opened()
    alone = audit(ledger, store, tools)
    together = audit(ledger, store, tools, plan=Plan(jobs=2, opener=opened))
    assert alone.verdict is AuditVerdict.FAILED
    assert together.to_dict() == alone.to_dict()


def test_an_order_alone_is_audited_with_what_it_names() -> None:
    world = world_of(4)
    report = run(world, Plan(Scope(orders=(to_hex(world.orders["second"]),))))
    assert [order.order_id for order in report.orders] == [to_hex(world.orders["second"])]
    assert (report.verdict, report.scope["works"], report.scope["models"]) == (AuditVerdict.OK, 2, 1)
    assert {"money.balance", "money.conserved", "money.solvent", "money.bond", "pool.epoch"} <= set(report.not_done)
    assert report.tallies["money.balance"].done == 0
    document = report.to_dict()["scope"]
    assert isinstance(document, dict)
    assert document["limited_to"] == {"orders": (to_hex(world.orders["second"]),)}


def test_an_audit_of_one_order_finds_that_it_copies_another() -> None:
    world = world_of(3)
    world.ledger.committed_list[1] = _copied(world.ledger.committed_list[1], world.ledger.committed_list[0])
    report = run(world, Plan(Scope(orders=(to_hex(world.orders["second"]),))))
    assert "commit.once" in {finding.check for finding in report.errors}


def test_scopes_of_several_kinds_narrow_one_another() -> None:
    world = honest_world()
    block = next(event.block for event in world.ledger.funded_list if event.order_id == world.orders["second"])
    scope = Scope(holders=(address("ann"),), operators=(address("operator"),), first_block=block)
    found = {order.order_id for order in run(world, Plan(scope)).orders}
    assert found == {to_hex(world.orders["second"]), to_hex(world.orders["open"])}


def test_an_operator_is_audited_with_its_bond() -> None:
    world = honest_world()
    plan = Plan(Scope(operators=(address("operator"),)))
    assert run(world, plan).tallies["money.bond"].done > 0
    world.ledger.bonds_now[next(iter(world.ledger.bonds_now))] -= 1
    assert {finding.check for finding in run(world, plan).errors} == {"money.bond"}


@pytest.mark.parametrize(
    "scope",
    [
        Scope(orders=("0x" + "ab" * 32,)),
        Scope(works=("0x" + "ab" * 32,)),
        Scope(models=("0x" + "ab" * 32,)),
        Scope(holders=(address("nobody"),)),
        Scope(operators=(address("nobody"),)),
    ],
    ids=lambda scope: next(iter(scope.to_dict())),
)
def test_what_does_not_exist_is_not_found(scope: Scope) -> None:
    with pytest.raises(NotFound, match="There is no"):
        run(honest_world(), Plan(scope))


@pytest.mark.parametrize("blocks", [(5, 3), (-1, None), (None, -1), (2**70, None), (None, 2**70)])
def test_blocks_that_there_cannot_be_are_no_scope_of_which_everything_holds(
    blocks: tuple[int | None, int | None],
) -> None:
    with pytest.raises(InvalidInput, match="There are no blocks"):
        Scope(first_block=blocks[0], last_block=blocks[1])
    with pytest.raises(NotFound, match="There is no block"):
        run(world := honest_world(), Plan(Scope(first_block=world.ledger.head() + 1)))


def test_a_sample_of_replays_is_the_one_that_anybody_computes_and_leaves_the_verdict_ok() -> None:
    world, generator = world_of(10), CountingGenerator()
    report = run(world, Plan(replays=Replays(3)), generator)
    salt = world.ledger.block_hash(world.ledger.head())
    delivered = [event.commit.order_id for event in world.ledger.committed_list]
    chosen = sorted(delivered, key=lambda order: sha256(salt + order))[:3]
    assert {o.order_id for o in report.orders if o.replay == "identical"} == set(map(to_hex, chosen))
    assert generator.replays == 3
    assert (report.verdict, report.not_checked, report.tallies["replay.same"].left_out) == (AuditVerdict.OK, (), 7)
    assert any("Replayed 3 of 10" in sentence for sentence in report.left_out)


@pytest.mark.parametrize(
    ("asked", "replayed"), [("all", 10), ("none", 0), ("3", 3), ("25%", 3), ("0.1%", 1), ("50", 10)]
)
def test_how_many_are_replayed(asked: str, replayed: int) -> None:
    assert Replays.parse(asked).of(10) == replayed


@pytest.mark.parametrize("asked", ["", "some", "-1", "101%", "1.5", "%"])
def test_what_is_no_number_of_replays_is_refused(asked: str) -> None:
    with pytest.raises(InvalidInput):
        Replays.parse(asked)


def test_without_sound_files_the_rest_is_audited_and_the_report_says_so() -> None:
    world = honest_world()
    report = run(world, Plan(sounds=False))
    assert (report.verdict, report.tallies["audio.pcm"].done, report.tallies["replay.same"].done) == (
        AuditVerdict.OK, 0, 2,
    )  # fmt: skip
    assert report.left_out == ("Sound files were not read.",)


def test_the_report_is_written_as_it_is_read() -> None:
    for report in (world_of(3).audit(), run(world_of(3), Plan(Scope(last_block=0)))):
        file = io.StringIO()
        write_json(report, file)
        assert json.loads(file.getvalue()) == json.loads(json.dumps(report.to_dict()))
        assert file.getvalue() == json.dumps(report.to_dict(), indent=2) + "\n"
