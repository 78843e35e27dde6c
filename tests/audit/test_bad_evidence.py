"""Missing, damaged or hostile evidence never stops an audit: it is what the audit reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contrafact.audit import AuditVerdict, Tools, audit
from contrafact.domain.digests import canonical_json, cid, sha256, to_hex
from contrafact.domain.generation import EventLedger, Generation, GenerationRequest, MusicRequest
from contrafact.errors import ChainError, ReplayError, StoreError
from contrafact.ports import Rendered, ReplayResult, Verdict

from .fakes import TOKEN, FakeGenerator, FakeLedger, FakeRenderer
from .history import WEIGHTS, World, address, honest_world, terms

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2**53 - 1) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def commit_bytes(world: World, record: bytes, events: bytes) -> None:
    """Settles the open order by digests of whatever bytes."""
    world.store.put(record)
    world.store.put(events)
    honest = world.record(world.orders["open"]).commit()
    world.ledger.commit(replace(honest, record_digest=sha256(record), evidence_root=sha256(events)))


@given(record=st.binary(max_size=200) | json_values.map(canonical_json), events=st.binary(max_size=60))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_as_evidence_are_a_finding(record: bytes, events: bytes) -> None:
    world = honest_world()
    commit_bytes(world, record, events)
    report = world.audit()
    assert {finding.check for finding in report.errors} == {"record.present", "events.ledger"}


def test_junk_that_a_stranger_registers_is_a_warning_until_an_order_uses_it() -> None:
    world = honest_world()
    digests = [sha256(bytes([n])) for n in range(4)]
    junk = world.ledger.register_work(address("vandal"), *digests)
    report = world.audit()
    assert report.verdict is AuditVerdict.OK
    assert {finding.check.split(".")[0] for finding in report.warnings} == {"work"}
    assert {finding.subject.id for finding in report.warnings} == {to_hex(junk)}
    world.ledger.set_terms(junk, terms(1))
    world.works[0] = junk
    world.fund("of junk", world.quote(70))
    assert world.audit().verdict is AuditVerdict.FAILED


def test_store_that_gives_other_bytes_is_found() -> None:
    world = honest_world()
    digest = world.ledger.committed_list[0].commit.record_digest
    world.store.held[cid(digest)] = b"{}"
    (finding,) = world.audit().errors
    assert finding.check == "record.present"
    assert "other bytes" in finding.message


def test_store_out_of_reach_makes_the_audit_incomplete_and_the_money_is_still_checked() -> None:
    world = honest_world()
    world.store.reachable = False
    report = world.audit()
    assert (report.verdict, report.errors) == (AuditVerdict.INCOMPLETE, ())
    assert "The store does not answer. Start it." in {gap.reason for gap in report.not_checked}
    assert report.tallies["money.settlement"].done > 0
    assert report.tallies["money.balance"].done == 2  # the token, and the coin
    take_one(world)
    assert world.audit().verdict is AuditVerdict.FAILED


def test_halves_of_characters_in_what_others_say_stop_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    world = honest_world()
    monkeypatch.setattr(world.store, "get", failing)
    report = world.audit()
    assert "It says ?." in {gap.reason for gap in report.not_checked} | {one.message for one in report.findings}


def failing(address: str) -> bytes:
    raise StoreError("It says \ud800.")


def take_one(world: World) -> None:
    world.ledger.balances[world.ledger.domain.contract, TOKEN] -= 1


def test_chain_out_of_reach_is_an_error_with_a_hint() -> None:
    class Unplugged(FakeLedger):
        def works(self) -> list[object]:  # type: ignore[override]
            raise ChainError("The chain does not answer.", "Check the RPC URL.")

    world = honest_world()
    ledger = Unplugged(world.ledger.domain, world.ledger.deployed)
    with pytest.raises(ChainError) as caught:
        audit(ledger, world.store)
    assert caught.value.hint


def test_unknown_contract_address_is_an_error_that_names_it() -> None:
    world = honest_world()
    world.ledger.deployed.pop(1)
    with pytest.raises(ChainError, match="Catalogue"):
        world.audit()


class StubbornGenerator(FakeGenerator):
    """Generates otherwise than it did, and says of a replay what it is told to."""

    def __init__(self, answer: Callable[[], ReplayResult]) -> None:
        super().__init__(WEIGHTS)
        self._answer = answer

    def generate(self, request: GenerationRequest, on_bar: object = None) -> Generation:
        honest = super().generate(request)
        return replace(honest, events=replace(honest.events, draws=()))

    def replay(self, request: GenerationRequest, events: EventLedger) -> ReplayResult:
        return self._answer()


def with_generator(answer: Callable[[], ReplayResult]) -> World:
    world = honest_world()
    world.tools = replace(world.tools, generator=StubbornGenerator(answer))
    return world


def raising(error: Exception) -> Callable[[], ReplayResult]:
    def answer() -> ReplayResult:
        raise error

    return answer


def test_numerical_divergence_is_a_warning_that_says_where() -> None:
    report = with_generator(lambda: ReplayResult(Verdict.DIVERGENT, 17, "margin 3")).audit()
    assert report.errors == ()
    assert [warning.check for warning in report.warnings] == ["replay.same"] * 2
    assert {gap.check for gap in report.not_checked} == {"replay.runs"}
    assert "from event 17 on" in report.warnings[0].message


def test_contradiction_fails_the_audit() -> None:
    report = with_generator(lambda: ReplayResult(Verdict.CONTRADICTED, 3, "another note")).audit()
    assert report.verdict is AuditVerdict.FAILED
    assert "another note" in report.errors[0].message


def test_replay_that_cannot_be_done_is_not_checked() -> None:
    report = with_generator(raising(ReplayError("No memory.", "Buy some."))).audit()
    assert report.verdict is AuditVerdict.INCOMPLETE
    assert {gap.reason for gap in report.not_checked} == {"Not replayed: No memory. Buy some."}


def test_generator_that_breaks_on_the_evidence_is_a_finding() -> None:
    report = with_generator(raising(RuntimeError("shape mismatch"))).audit()
    assert {finding.check for finding in report.errors} == {"replay.same"}


def test_generator_of_another_model_is_not_asked() -> None:
    world = honest_world()
    world.tools = replace(world.tools, generator=FakeGenerator(sha256(b"other weights")))
    report = world.audit()
    assert (report.verdict, report.findings) == (AuditVerdict.INCOMPLETE, ())
    assert {"replay.same"} <= {gap.check for gap in report.not_checked}


def test_earlier_attempts_are_a_warning_where_this_machine_computes_otherwise() -> None:
    world = honest_world()
    world.deliver(world.orders["open"], skip=1)
    diverging = StubbornGenerator(lambda: ReplayResult(Verdict.DIVERGENT, 1))
    world.tools = replace(world.tools, generator=diverging)
    report = world.audit()
    assert report.errors == ()
    assert "replay.first" in {finding.check for finding in report.warnings}


def test_other_renderer_is_not_asked() -> None:
    class Other(FakeRenderer):
        @property
        def identity(self) -> dict[str, object]:
            return {"name": "other"}

    world = honest_world()
    world.tools = replace(world.tools, renderer=Other())
    assert {gap.check for gap in world.audit().not_checked} == {"render.same"}


def test_renderer_that_breaks_on_the_notes_is_a_finding() -> None:
    class Broken(FakeRenderer):
        def render(self, events: EventLedger, music: MusicRequest) -> Rendered:
            raise ValueError("no such pitch")

    world = honest_world()
    world.tools = replace(world.tools, renderer=Broken())
    assert {finding.check for finding in world.audit().errors} == {"render.same"}


def test_check_that_the_evidence_breaks_is_a_finding_and_the_others_go_on() -> None:
    world = honest_world()
    funded = world.ledger.funded_list[0]
    world.ledger.funded_list[0] = replace(funded, quote=replace(funded.quote, duration=10**6))
    report = world.audit()
    assert report.verdict is AuditVerdict.FAILED
    assert {"order.form", "order.escrow", "money.settlement"} <= {finding.check for finding in report.errors}
    assert report.tallies["money.balance"].done == 2  # the token, and the coin


def test_progress_names_every_order() -> None:
    steps: list[str] = []
    world = honest_world()
    audit(world.ledger, world.store, Tools(), steps.append)
    assert [step for step in steps if step.startswith("order")][-1].startswith("order 4 of 4")


def test_generation_is_told_apart_from_a_generation_with_other_seed() -> None:
    """The fake generator is worth its name: another seed gives other notes."""
    world = honest_world()
    first, second = (
        FakeGenerator(WEIGHTS).generate(world.request(world.orders["first"], sha256(b"secret 1"), n)) for n in (0, 1)
    )
    assert isinstance(first, Generation)
    assert first.events != second.events
