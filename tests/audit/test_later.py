"""What can still happen after an honest order: all of it is explained to the unit, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contrafact.audit import AuditVerdict, Severity
from contrafact.domain.digests import sha256
from contrafact.domain.orders import Quote, Source
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split
from contrafact.domain.terms import Use
from contrafact.domain.works import WorkMetadata

from .fakes import TOKEN
from .history import World, address, derive, honest_world, terms


@pytest.fixture
def world() -> World:
    return honest_world()


def found(world: World) -> set[str]:
    return {finding.check for finding in world.audit().findings}


def test_order_raised_to_a_wider_use_is_ok(world: World) -> None:
    world.ledger.raise_use(world.orders["first"], Use.COMMERCIAL)
    assert world.audit().verdict is AuditVerdict.OK
    assert sum(event.paid for event in world.ledger.raised_list) > 0


def test_raise_that_paid_too_little_is_found(world: World) -> None:
    world.ledger.raise_use(world.orders["first"], Use.COMMERCIAL)
    event = world.ledger.credited_list[-1]
    world.ledger.credited_list[-1] = replace(event, amount=event.amount - 1)
    assert found(world) == {"money.settlement", "money.received", "money.conserved"}


def test_raise_that_the_order_does_not_remember_is_found(world: World) -> None:
    before = dict(world.ledger.states)
    world.ledger.raise_use(world.orders["first"], Use.COMMERCIAL)
    world.ledger.states.update(before)
    assert found(world) == {"order.state"}


def test_later_revenue_is_ok_and_its_makers_part_is_no_loss(world: World) -> None:
    for work, price in zip(world.works, (200_003, 150_001), strict=True):
        world.ledger.set_terms(work, terms(price, downstream=250_000))
    order = world.fund("sold", world.quote(60))
    world.deliver(order)
    world.ledger.pay_downstream(order, 10**9 + 1)
    assert world.audit().verdict is AuditVerdict.OK
    assert 0 < world.ledger.downstream_list[0].to_maker < 10**9
    world.ledger.downstream_list[0] = replace(world.ledger.downstream_list[0], amount=10**9)
    assert "money.balance" in found(world)


def test_upheld_challenge_is_ok_and_comes_from_the_bond(world: World) -> None:
    world.ledger.rule(world.orders["second"], (5_001, 0), 77)
    assert world.audit().verdict is AuditVerdict.OK
    world.ledger.ruled_list[0] = replace(world.ledger.ruled_list[0], to_sources=(5_000, 0))
    assert found(world) == {"money.balance", "money.settlement", "money.conserved"}


def test_held_money_that_was_awarded_is_ok(world: World) -> None:
    other = Split.of([(address("claimant"), PPM)])
    document = world.describe("The Blackbird", b"The Blackbird", other)
    root = world.ledger.split_now[world.works[0]]
    world.ledger.change_split(world.works[0], other.root, document)
    world.ledger.move_held(world.works[0], root, other.root, TOKEN, 1_000)
    world.ledger.payout(world.works[0], other, 0, TOKEN)
    assert world.audit().verdict is AuditVerdict.OK
    world.ledger.held_list[0] = replace(world.ledger.held_list[0], amount=999)
    assert found(world) == {"money.received"}


def test_readdressed_place_pays_its_successor(world: World) -> None:
    heir = address("heir of cat")
    world.deliver(world.orders["open"])
    world.ledger.recover(address("cat"), heir)
    world.ledger.readdress(world.works[1], world.splits[1], 0, TOKEN, heir)
    world.deliver(world.fund("again", world.quote(61)))
    world.ledger.payout(world.works[1], world.splits[1], 0, TOKEN)
    assert world.ledger.paid_list[-1].holder == heir
    assert world.audit().verdict is AuditVerdict.OK
    world.ledger.successors.clear()
    assert found(world) == {"money.payee"}


@pytest.mark.parametrize("sold", [False, True])
def test_place_is_the_licensors_to_give_away_who_still_is_one(world: World, sold: bool) -> None:
    world.deliver(world.orders["open"])
    place = (world.works[1], world.splits[1], 0, TOKEN, address("heir of cat"))
    world.ledger.start_readdressing(*place)
    if sold:
        world.ledger.transfer_licensor(world.works[1], address("buyer"))
        world.ledger.next_block()
    world.ledger.readdress(*place)
    assert found(world) == ({"money.recovered"} if sold else set())


def test_account_that_was_held_and_released_pays(world: World) -> None:
    work, split = world.works[1], world.splits[1]
    world.ledger.hold(work, split.root, TOKEN, 1_000)
    world.deliver(world.orders["open"])
    for cap in (1_000, 0):
        world.ledger.payout(work, split, 0, TOKEN)
        assert world.audit().verdict is AuditVerdict.OK
        drawn = world.ledger.totals_received[world.ledger.paid_list[-1].account] - cap
        assert sum(paid.amount for paid in world.ledger.paid_list if paid.beneficiary == work) == drawn
        world.ledger.hold(work, split.root, TOKEN, 0)


def test_money_that_is_withdrawn_from_a_bond_is_still_in_the_contract(world: World) -> None:
    world.ledger.bonds_now[address("operator"), TOKEN] -= 500
    world.ledger.leaving_now[address("operator"), TOKEN] += 500
    assert world.audit().verdict is AuditVerdict.OK


def test_recording_is_paid_with_its_composition(world: World) -> None:
    order = world.fund("recorded", recorded(world))
    world.deliver(order)
    report = world.audit()
    assert report.verdict is AuditVerdict.OK
    payments = {payment.id: payment for payment in report.orders[-1].payments}
    recording, composition = (payments["0x" + work.hex()] for work in (world.works[-1], world.works[1]))
    assert (composition.share, composition.weight) == (recording.share, None)
    assert min(recording.amount, composition.amount) > 0


def recorded(world: World) -> Quote:
    """An order of the first work and of a recording of the second, with that as its composition."""
    content = b"Drowsy Maggie, live"
    form, split = derive(content, ""), Split.of([(address("band"), PPM)])
    names = ("Drowsy Maggie", "R1", "Gigs", ("band",), "text/vnd.abc")
    composition = world.works[1]
    document = WorkMetadata(*names, sha256(content), sha256(form), split, recording_of=composition)
    for data in (content, form, document.to_bytes()):
        world.store.put(data)
    digests = (sha256(content), sha256(form), document.digest(), split.root)
    world.works.append(world.ledger.register_work(address("band"), *digests, composition))
    world.ledger.set_terms(world.works[-1], terms(90_000))
    quote = world.quote(62)
    of_composition = next(source for source in quote.sources if source.work_id == composition)
    of_tune = next(source for source in quote.sources if source.work_id == world.works[0])
    recording = Source(world.works[-1], 2, split.root, of_composition.weight, of_composition.min_share, 90_000)
    chosen = sorted((of_tune, recording), key=lambda source: source.work_id)
    through = 1 + chosen.index(recording)
    return replace(quote, sources=(*chosen, replace(of_composition, weight=0, min_share=0, through=through)))


def test_an_order_of_two_versions_of_one_tune_is_a_warning(world: World) -> None:
    """The second work is replaced by one that the fake comparison takes for a version of the first."""
    split = Split.of([(address("cat"), 1_000_000)])
    version = world.add_work("the blackbird", "estate", split)
    world.works = [world.works[0], version]
    world.ledger.set_terms(version, terms(150_001))
    order = world.fund("versions", world.quote(70))
    world.deliver(order)
    report = world.audit()
    (finding,) = [one for one in report.findings if one.check == "order.distinct"]
    assert (finding.subject.id, finding.severity) == ("0x" + order.hex(), Severity.WARNING)
    assert all(work.hex() in finding.evidence["versions"] for work in world.works)
    assert report.verdict is not AuditVerdict.FAILED
