"""The same order gives the same piece in any process with any number of threads, and a replay says so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from contrafact.domain import events
from contrafact.domain.digests import cid, sha256, to_hex
from contrafact.domain.generation import Draw, EventLedger
from contrafact.domain.record import AttributionRecord
from contrafact.wiring import Site

from .command import Answer, Command
from .paid_order import Outcome, PaidOrder, paid_order
from .town import Town

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PATIENT = {"OMP_WAIT_POLICY": "PASSIVE"}  # threads that wait for each other leave the core to others


@dataclass(frozen=True, slots=True)
class Run:
    """What one process made of the order: the attempt as it was kept, what it led to, and where the files are."""

    attempt: bytes
    outcome: Outcome
    folder: Path
    site: Site

    @property
    def record(self) -> AttributionRecord:
        return AttributionRecord.from_bytes((self.folder / "delivery" / "record.json").read_bytes())

    @property
    def events(self) -> EventLedger:
        return events.from_bytes(self.site.store.get(cid(self.record.events)))

    def replay(self, record: AttributionRecord) -> Answer:
        """What the command says of a record."""
        path = self.folder / "record-to-replay.json"
        path.write_bytes(record.to_bytes())
        return Command({"store": self.site.settings.store})("replay", path, "--json")

    def replay_of(self, changed: EventLedger) -> dict[str, object]:
        """The verdict on the record if it were of other events, with the shares that these sum to."""
        self.site.store.put(events.to_bytes(changed))
        base, shares = events.shares(changed)
        sources = tuple(replace(s, share=part) for s, part in zip(self.record.sources, shares, strict=True))
        digest = sha256(events.to_bytes(changed))
        answer = self.replay(replace(self.record, events=digest, base_share=base, sources=sources))
        assert (answer.code, answer.err) == (12, "")
        found: dict[str, object] = json.loads(answer.out)
        return found


@pytest.fixture(scope="module")
def order(founded: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaidOrder]:
    with paid_order(founded, tmp_path_factory.mktemp("paid")) as made:
        yield made


@pytest.fixture(scope="module")
def one_thread(order: PaidOrder, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return _run(order, tmp_path_factory.mktemp("one"), threads=1)


def test_two_processes_with_other_thread_counts_make_the_same_piece(
    order: PaidOrder, one_thread: Run, tmp_path: Path
) -> None:
    two_threads = _run(order, tmp_path, threads=2)
    assert two_threads.attempt == one_thread.attempt
    assert two_threads.outcome == one_thread.outcome


def test_a_replay_in_another_process_with_other_threads_is_identical(one_thread: Run) -> None:
    command = Command({"store": one_thread.site.settings.store, "threads": "2"})
    file = one_thread.folder / "delivery" / "record.json"
    by_file = command.apart("replay", file, "--json", OMP_NUM_THREADS="2", **PATIENT)
    assert by_file.json == {"verdict": "identical", "event": None, "detail": ""}
    assert command("replay", cid(one_thread.record.digest()), "--json").json["verdict"] == "identical"


@pytest.mark.parametrize("place", [0, -1])
def test_another_drawn_integer_is_contradicted_at_its_event(one_thread: Run, place: int) -> None:
    ledger = one_thread.events
    index = place % len(ledger.draws)
    draw = ledger.draws[index]
    verdict = one_thread.replay_of(_with_draw(ledger, index, replace(draw, drawn=draw.drawn ^ 1)))
    assert (verdict["verdict"], verdict["event"]) == ("contradicted", index)


def test_another_token_is_contradicted_at_its_event(one_thread: Run) -> None:
    ledger = one_thread.events
    index = len(ledger.draws) // 2
    draw = ledger.draws[index]
    verdict = one_thread.replay_of(_with_draw(ledger, index, replace(draw, token=draw.token + 1)))
    assert (verdict["verdict"], verdict["event"]) == ("contradicted", index)


def test_another_responsibility_is_contradicted_at_its_note(one_thread: Run) -> None:
    ledger = one_thread.events
    index = len(ledger.notes) // 2
    note = ledger.notes[index]
    most = max(range(len(note.responsibilities)), key=note.responsibilities.__getitem__)
    parts = list(note.responsibilities)
    parts[most] -= 1000
    parts[most - 1] += 1000
    notes = (*ledger.notes[:index], replace(note, responsibilities=tuple(parts)), *ledger.notes[index + 1 :])
    verdict = one_thread.replay_of(replace(ledger, notes=notes))
    assert (verdict["verdict"], verdict["event"]) == ("contradicted", index)
    assert "1000 ppm" in str(verdict["detail"])


def test_shares_that_are_not_those_of_the_notes_are_contradicted(one_thread: Run) -> None:
    record = one_thread.record
    first, *others = record.sources
    moved = replace(record, base_share=record.base_share + 1, sources=(replace(first, share=first.share - 1), *others))
    answer = one_thread.replay(moved)
    assert (answer.code, json.loads(answer.out)["verdict"]) == (12, "contradicted")


def test_the_record_of_another_model_cannot_be_replayed(one_thread: Run) -> None:
    answer = one_thread.replay(replace(one_thread.record, model_weights=bytes(32)))
    assert (answer.error["code"], answer.code) == ("replay", 8)
    assert "0x" + "00" * 32 in answer.error["message"]


def test_what_is_no_record_cannot_be_replayed(one_thread: Run) -> None:
    command = Command({"store": one_thread.site.settings.store})
    assert command("replay", one_thread.folder / "piece.mid", "--json").error["code"] == "invalid_input"
    assert command("replay", one_thread.folder / "nothing", "--json").error["code"] == "not_found"
    assert command("replay", cid(bytes(32)), "--json").error["code"] == "not_found"
    assert command("replay", cid(bytes(32))[:-4], "--json").error["code"] == "invalid_input"


def _run(order: PaidOrder, folder: Path, threads: int) -> Run:
    """Runs the order in a process of its own, on the chain as it was when it was paid."""
    with order.world(folder) as world:
        settings = world.site.settings.model_copy(update={"threads": threads})
        command = [sys.executable, "-m", "tests.e2e.job_process", settings.model_dump_json(), to_hex(world.order_id)]
        environment = os.environ | {"OMP_NUM_THREADS": str(threads), **PATIENT}
        subprocess.run(command, env=environment, cwd=ROOT, check=True, timeout=180)
        return Run((world.folder / "attempt.json").read_bytes(), world.outcome(), world.folder, world.site)


def _with_draw(ledger: EventLedger, index: int, draw: Draw) -> EventLedger:
    return replace(ledger, draws=(*ledger.draws[:index], draw, *ledger.draws[index + 1 :]))
