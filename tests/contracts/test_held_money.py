"""Money of contested works, with an account as the dispute desk: see held_money.tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split, claimable, held

from .chain import NATIVE, Receipt, reverts
from .hostile import ARITHMETIC
from .recordings import earn_again
from .world import Catalogued, RuledWorld, account, claim, digest, release


class Contested:
    """A work that earns 100 a unit, and its account in dollars: 40 % and 60 %, both confirmed."""

    def __init__(self, world: RuledWorld, content: int = 500) -> None:
        self.world = world
        self.split = Split.of([(world.holders[0], 400_000), (world.holders[1], 600_000)])
        self.other = Split.of([(world.holders[2], PPM)])
        self.work: Catalogued = world.earn(self.split, 100, content=content)
        world.confirm(self.work)
        self.account = (self.work.work_id, self.split.root, world.usd.address)
        self.awarded = (self.work.work_id, self.other.root, world.usd.address)

    def desk(self, name: str, *arguments: Any) -> Receipt:
        return self.world.escrow.send(self.world.desk_address, name, *arguments)

    def open(self) -> Receipt:
        return self.desk("openHold", self.work.work_id)

    def close(self) -> Receipt:
        return self.desk("closeHold", self.work.work_id)

    def hold(self, cap: int) -> Receipt:
        return self.desk("holdAccount", self.account, cap)

    def release(self, cap: int, ppm: int = 0, to: bytes | None = None, **income: int) -> Receipt:
        """`income`: what came in since this contest began (`own`), and since the others did (`others`)."""
        return self.desk("releaseAccount", self.account, release(cap, to or self.other.root, ppm, **income))

    def earn(self, units: int = 1) -> int:
        return earn_again(self.world, self.work, units=units)

    def claim(self, index: int = 0) -> int:
        receipt = self.world.escrow.send(self.world.relayer, "claim", self.world.claim_of(self.work, index))
        return int(self.world.event(receipt, "Paid").args["amount"])

    @property
    def held(self) -> int:
        return int(self.world.escrow.get("heldOf", self.account))

    @property
    def received(self) -> int:
        return int(self.world.escrow.get("received", account(self.work, self.world.escrow, self.world.usd.address)))

    @property
    def moved(self) -> int:
        """What the other split's account has."""
        return int(self.world.escrow.get("received", self.world.escrow.get("accountId", self.awarded)))

    @property
    def claimable(self) -> list[int]:
        return [self.world.escrow.get("claimable", self.world.claim_of(self.work, index)) for index in (0, 1)]


@pytest.fixture
def case(ruled: RuledWorld) -> Contested:
    """Has earned 100; no contest yet."""
    return Contested(ruled)


# What is held


def test_what_came_before_stays_and_what_comes_after_is_held_up_to_the_cap(case: Contested) -> None:
    case.open()
    case.hold(250)
    assert (case.held, case.claimable) == (0, [40, 60])
    case.earn(2)
    assert (case.received, case.held, case.claimable) == (300, 200, [40, 60])
    case.earn()
    assert (case.received, case.held, case.claimable) == (400, 250, [60, 90])
    case.earn(3)
    assert (case.received, case.held, case.claimable) == (700, 250, [180, 270])


def test_holders_are_paid_what_is_free_while_the_rest_is_held(case: Contested) -> None:
    case.open()
    case.hold(1000)
    case.earn(5)
    assert case.claim(0) == 40
    with reverts("RoyaltyVault_NothingToClaim"):
        case.claim(0)
    batch = [case.world.claim_of(case.work, index) for index in (0, 1)]
    assert case.world.escrow.get("payout", batch) == 1  # the other place's 60
    case.release(1000)
    case.close()
    assert case.claimable == [200, 360]
    assert case.claim(0) == 200


def test_what_was_drawn_before_the_contest_counts(case: Contested) -> None:
    case.claim(0)
    case.open()
    case.hold(50)
    case.earn()
    assert case.claimable == [20, 90]  # of 150 that are free


def test_a_contest_alone_holds_nothing(case: Contested) -> None:
    case.open()
    case.earn()
    assert (case.held, case.claimable) == (0, [80, 120])


def test_other_accounts_of_the_work_are_free(case: Contested) -> None:
    world = case.world
    new = Split.of([(world.holders[0], PPM)])
    case.open()
    case.hold(10**6)
    case.earn()
    other = world.change_split(case.work, new)
    earn_again(world, other)
    assert case.held == 100
    assert world.escrow.get("heldOf", (case.work.work_id, new.root, world.usd.address)) == 0
    assert world.escrow.get("heldOf", (case.work.work_id, case.split.root, NATIVE)) == 0
    assert world.escrow.get("claimable", world.claim_of(other, 0)) == 100


def test_other_works_are_free(case: Contested) -> None:
    other = Contested(case.world, content=501)
    case.open()
    case.hold(1000)
    other.earn()
    assert (other.held, other.claimable) == (0, [80, 120])


def test_an_account_is_held_before_any_money_comes(ruled: RuledWorld) -> None:
    split = Split.of([(ruled.holders[0], PPM)])
    work = ruled.catalogued(600, split, ruled.licensor)
    empty = (work.work_id, split.root, ruled.usd.address)
    ruled.escrow.send(ruled.desk_address, "openHold", work.work_id)
    ruled.escrow.send(ruled.desk_address, "holdAccount", empty, 10**6)
    deal = ruled.deal(ruled.quote([work], duration=30, base_rate=0), [work.terms])
    ruled.fund(deal)
    ruled.commit(deal, ruled.commit_of(deal, 0, [PPM]))
    assert ruled.escrow.get("heldOf", empty) == 10**6
    assert ruled.escrow.get("claimable", ruled.claim_of(work, 0)) == 2_500_000 - 10**6


# Several contests


def test_caps_add_up_and_what_is_free_stays_free(case: Contested) -> None:
    case.open()
    case.hold(150)
    case.earn(3)  # 400: 150 held, 250 free
    assert (case.held, case.claimable) == (150, [100, 150])
    case.open()
    case.hold(100)
    assert (case.held, case.claimable) == (150, [100, 150])
    case.earn()
    assert (case.held, case.claimable) == (250, [100, 150])
    case.earn()
    assert (case.held, case.claimable) == (250, [140, 210])


def test_the_first_ruling_takes_its_cap_and_the_rest_stays_held_for_the_other(case: Contested) -> None:
    case.open()
    case.hold(150)
    case.open()
    case.hold(200)
    case.earn(3)
    assert case.held == 300
    case.release(150, PPM)
    case.close()
    assert (case.moved, case.held, case.received, case.claimable) == (150, 150, 250, [40, 60])
    case.release(200)
    case.close()
    assert (case.moved, case.held, case.claimable) == (150, 0, [100, 150])


def test_a_dismissed_contest_frees_what_the_other_does_not_hold(case: Contested) -> None:
    case.open()
    case.hold(150)
    case.open()
    case.hold(200)
    case.earn(3)
    case.release(200)
    case.close()
    assert (case.held, case.claimable) == (150, [100, 150])  # 400 came, 150 are held
    case.earn()
    assert (case.held, case.claimable) == (150, [140, 210])


def test_when_the_last_contest_has_closed_nothing_is_held(case: Contested) -> None:
    case.open()
    case.open()
    case.hold(500)
    case.earn(2)
    case.close()
    assert case.held == 200
    case.close()  # even where nobody released the account
    assert (case.held, case.claimable) == (0, [120, 180])


def test_a_hold_lives_in_the_contests_it_was_made_in(case: Contested) -> None:
    case.open()
    case.hold(500)
    case.earn(2)
    case.close()
    case.open()  # a new one, which does not hold the account yet
    case.earn()
    assert (case.held, case.claimable) == (0, [160, 240])
    case.hold(50)
    assert (case.held, case.claimable) == (0, [160, 240])
    case.earn()
    assert (case.held, case.claimable) == (50, [180, 270])  # its own cap, not what was left of the old one


def test_no_more_is_awarded_than_came_in_since_the_contest_began(case: Contested) -> None:
    case.open()
    case.hold(1000)
    case.earn(2)
    case.release(1000, PPM, own=150)
    assert (case.moved, case.held) == (150, 0)


def test_no_more_stays_held_than_came_in_since_the_others_began(case: Contested) -> None:
    for _ in range(2):
        case.open()
        case.hold(1000)
    case.earn(3)
    case.release(1000, others=120)
    case.close()
    assert (case.held, case.claimable) == (120, [112, 168])
    case.earn()
    assert (case.held, case.claimable) == (220, [112, 168])


# Rulings


@pytest.mark.parametrize(("ppm", "moved"), [(0, 0), (1, 0), (333_333, 66), (500_000, 100), (999_999, 199), (PPM, 200)])
def test_a_ruling_moves_its_part_of_what_is_held_to_another_split(case: Contested, ppm: int, moved: int) -> None:
    case.open()
    case.hold(1000)
    case.earn(2)
    asked = case.account, release(1000, case.other.root, ppm)
    assert case.world.escrow.get("releaseAccount", *asked, sender=case.world.desk_address) == moved
    before = case.world.balance(case.world.usd.address, case.world.escrow.address)
    receipt = case.release(1000, ppm)
    assert case.world.balance(case.world.usd.address, case.world.escrow.address) == before
    assert (case.moved, case.received, case.held) == (moved, 300 - moved, 0)
    events = [event.args for event in case.world.chain.events(receipt, "HeldMoved")]
    ids = [case.world.escrow.get("accountId", to) for to in (case.account, case.awarded)]
    expected = [{"fromAccount": ids[0], "toAccount": ids[1], "amount": moved}] if moved else []
    assert events == expected
    assert case.claimable == [(300 - moved) * 4 // 10, (300 - moved) * 6 // 10]


def test_no_more_is_moved_than_the_contests_own_cap(case: Contested) -> None:
    case.open()
    case.hold(150)
    case.open()
    case.hold(200)
    case.earn(3)
    case.release(150, 500_000)
    assert (case.moved, case.held) == (75, 200)  # of 225 that are left, what the other contest's cap holds
    assert case.claimable == [50, 75]


def test_money_that_was_moved_is_claimed_by_the_other_splits_holders(case: Contested) -> None:
    world, winner = case.world, case.world.holders[2]
    case.open()
    case.hold(1000)
    case.earn(2)
    case.release(1000, PPM)
    case.close()
    before = world.balance(world.usd.address, winner)
    world.escrow.send(winner, "claim", claim(case.work.work_id, case.other, world.usd.address, 0))
    assert world.balance(world.usd.address, winner) - before == 200


def test_money_that_is_moved_to_its_own_split_is_free(case: Contested) -> None:
    case.open()
    case.hold(1000)
    case.open()
    case.hold(1000)
    case.earn(2)
    case.release(1000, PPM, case.split.root)
    assert (case.received, case.held, case.claimable) == (300, 0, [120, 180])


def test_a_ruling_takes_nothing_of_what_holders_have_drawn(case: Contested) -> None:
    case.claim(0)
    case.claim(1)
    case.open()
    case.hold(1000)
    case.earn()
    case.release(1000, PPM)
    assert (case.received, case.claimable) == (100, [0, 0])
    case.earn()
    assert case.claimable == [40, 60]


def test_the_events_tell_what_is_held(case: Contested) -> None:
    world, key = case.world, case.world.escrow.get("accountId", case.account)
    opened = world.event(case.open(), "HoldOpened").args
    assert opened == {"beneficiary": case.work.work_id, "epoch": 1, "open": 1}
    assert world.event(case.open(), "HoldOpened").args["open"] == 2
    assert world.event(case.hold(150), "AccountHeld").args == {"accountId": key, "from": 100, "cap": 150}
    case.earn(2)
    assert world.event(case.hold(30), "AccountHeld").args == {"accountId": key, "from": 150, "cap": 180}
    case.earn()
    assert world.event(case.release(150, PPM), "AccountHeld").args == {"accountId": key, "from": 220, "cap": 30}
    assert world.event(case.close(), "HoldClosed").args == {"beneficiary": case.work.work_id, "open": 1}
    case.close()
    assert world.event(case.open(), "HoldOpened").args == {"beneficiary": case.work.work_id, "epoch": 2, "open": 1}


# Refusals


def test_only_the_desk_holds_and_releases(case: Contested) -> None:
    world = case.world
    case.open()
    case.hold(10)
    calls = {
        "openHold": (case.work.work_id,),
        "closeHold": (case.work.work_id,),
        "holdAccount": (case.account, 1),
        "releaseAccount": (case.account, release(10, case.other.root, PPM)),
    }
    for name, arguments in calls.items():
        for caller in (world.deployer, case.work.licensor, world.maker, world.holders[0]):
            with reverts("RoyaltyAccounts_NotDesk", caller):
                world.escrow.send(caller, name, *arguments)
        with world.chain.undone():
            case.desk(name, *arguments)


def test_an_account_of_a_work_that_is_not_contested_is_not_held(case: Contested) -> None:
    with reverts("RoyaltyAccounts_NotContested", case.work.work_id):
        case.hold(1)
    case.open()
    case.close()
    with reverts("RoyaltyAccounts_NotContested", case.work.work_id):
        case.hold(1)


def test_more_is_not_closed_than_was_opened_nor_released_than_was_held(case: Contested) -> None:
    with reverts(ARITHMETIC):
        case.close()
    case.open()
    case.hold(10)
    with reverts(ARITHMETIC):
        case.release(11)


def test_caps_beyond_what_an_account_holds_are_refused(case: Contested) -> None:
    case.open()
    case.hold(2**128 - 1)
    with reverts("SafeCastOverflowedUintDowncast", 128, 2**128):
        case.hold(1)


# Any sequence, against a model


@dataclass
class Model:
    """One account: what came in, what of it is held since when, and what each place has drawn."""

    received: int = 100
    start: int = 0
    cap: int = 0
    caps: list[int] = field(default_factory=list)  # of the open contests
    drawn: list[int] = field(default_factory=lambda: [0, 0])
    moved: int = 0

    @property
    def held(self) -> int:
        return held(self.received, self.start, self.cap) if self.caps else 0

    def claimable(self) -> list[int]:
        return [claimable(self.received, s, d, self.held) for s, d in zip((400_000, 600_000), self.drawn, strict=True)]

    def contest(self, cap: int) -> None:
        self.start, self.cap = self.received - self.held, (self.cap if self.caps else 0) + cap
        self.caps.append(cap)

    def rule(self, place: int, ppm: int) -> int:
        """Ends one contest; its cap."""
        cap = self.caps[place]
        moved, before = min(self.held, cap) * ppm // PPM, self.held
        self.received -= moved
        self.moved += moved
        self.cap -= cap
        self.start = self.received - min(before - moved, self.cap)
        del self.caps[place]
        return cap


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("earn"), st.integers(1, 20)),
        st.tuples(st.just("contest"), st.one_of(st.integers(0, 3000), st.just(10**12))),
        st.tuples(st.just("rule"), st.integers(0, 5), st.sampled_from([0, 1, 333_333, 999_999, PPM])),
        st.tuples(st.just("claim"), st.integers(0, 1)),
    ),
    min_size=4,
    max_size=14,
)


@pytest.mark.slow
@given(steps=STEPS)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_sequence_holds_and_frees_what_the_model_says(ruled: RuledWorld, steps: list[tuple[Any, ...]]) -> None:
    with ruled.chain.undone():
        case, model = Contested(ruled), Model()
        for kind, *rest in steps:
            free = model.received - model.held
            if kind == "earn":
                model.received += case.earn(rest[0])
            elif kind == "contest":
                model.contest(rest[0])
                case.open()
                case.hold(rest[0])
            elif kind == "rule" and model.caps:
                case.release(model.rule(rest[0] % len(model.caps), rest[1]), rest[1])
                case.close()
            elif kind == "claim" and model.claimable()[rest[0]]:
                model.drawn[rest[0]] += case.claim(rest[0])
            assert (case.received, case.held, case.moved) == (model.received, model.held, model.moved)
            assert case.claimable == model.claimable()
            assert model.received - model.held >= free  # what was free once stays so
            assert sum(model.drawn) <= model.received - model.held


def test_a_root_that_is_no_splits_keeps_what_is_moved_to_it(case: Contested) -> None:
    """The desk names the split; money moved to one that nobody can prove waits for ever, and is nobody else's."""
    case.open()
    case.hold(1000)
    case.earn()
    case.release(1000, PPM, digest(1))
    assert (case.received, case.claimable) == (100, [40, 60])
