"""Contests of works at the dispute desk: see dispute_contests.tree."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split, account_id

from .chain import NATIVE, TX_GAS, Contract, reverts
from .disputes import (
    ARBITER_ROLE,
    BEFORE,
    MIN_BOND,
    REASONS,
    RULING_TIME,
    DisputeWorld,
    Earning,
    dispute_world,  # noqa: F401  (the fixture `world`)
    interface_id,
    perform,
)
from .hostile import Quirk, Reaction, assert_guarded, puppet, quirk, react
from .world import DAY, claim, digest, release


def sole(world: DisputeWorld, token: str | None = None, content: int = 700) -> Earning:
    """A work of one holder that earns."""
    return world.earning([(world.holders[0], PPM)], token, content)


def token_called(world: DisputeWorld, name: str) -> str:
    return {"native": NATIVE, "usd": world.usd.address, "quirky": world.quirky.address}[name]


def in_claimed_split(world: DisputeWorld, earning: Earning, split: Split | None = None) -> int:
    """What the claimant's split of the work has received."""
    split = split or world.claimed
    return int(world.escrow.get("received", account_id(earning.work.work_id, split.root, earning.token)))


# contest


def test_a_contest_is_numbered_kept_and_told(world: DisputeWorld) -> None:
    work = world.catalogue_works[0]
    sent = (work.work_id, world.claimed.root, REASONS)
    for number in (1, 2):
        receipt = world.desk.send(world.claimant, "contest", *sent, value=MIN_BOND + number)
        until = world.chain.now + RULING_TIME
        assert world.event(receipt, "ContestOpened").args == {
            "contestId": number,
            "workId": work.work_id,
            "claimant": world.claimant,
            "claimantSplit": world.claimed.root,
            "bond": MIN_BOND + number,
            "evidenceDigest": REASONS,
            "rulingUntil": until,
        }
        kept = (world.claimant.lower(), work.work_id, world.claimed.root, MIN_BOND + number, until)
        assert world.desk.get("contestOf", number) == kept
    assert world.desk.get("contestCount") == 2
    assert world.chain.balance(world.desk.address) == 2 * MIN_BOND + 3


def test_a_contested_work_enters_no_order_and_others_do(world: DisputeWorld) -> None:
    contested, *others = world.catalogue_works
    world.contest(contested)
    for works in ([contested], world.catalogue_works):
        with reverts("Licensing_WorkContested", contested.work_id):
            world.fund(world.deal(world.quote(works)))
    world.fund(world.deal(world.quote(others)))


def test_contests_cost_the_least_bond(world: DisputeWorld) -> None:
    with reverts("DisputeDesk_BondTooLow", MIN_BOND, MIN_BOND - 1):
        world.contest(world.catalogue_works[0], bond=MIN_BOND - 1)


def test_contests_are_of_known_works_with_a_split_and_reasons(world: DisputeWorld) -> None:
    work_id = world.catalogue_works[0].work_id
    with reverts("WorkRegistry_UnknownWork", digest(3)):
        world.desk.send(world.claimant, "contest", digest(3), world.claimed.root, REASONS, value=MIN_BOND)
    for split, reasons in ((bytes(32), REASONS), (world.claimed.root, bytes(32))):
        with reverts("DisputeDesk_EmptyDigest"):
            world.desk.send(world.claimant, "contest", work_id, split, reasons, value=MIN_BOND)


def test_a_work_stays_out_until_its_last_contest_is_closed(world: DisputeWorld) -> None:
    work = world.catalogue_works[0]
    first, second = world.contest(work), world.contest(work, world.rival)
    world.rule(first, 0)
    with reverts("Licensing_WorkContested", work.work_id):
        world.fund(world.deal(world.quote([work])))
    world.rule(second, 0)
    world.fund(world.deal(world.quote([work])))


# holdAccount


@pytest.mark.parametrize("token", ["native", "usd", "quirky"])
def test_ten_times_the_bond_is_held_of_what_comes_in_from_then_on(world: DisputeWorld, token: str) -> None:
    earning = sole(world, token_called(world, token))
    contest = world.contest(earning.work)
    world.pay_in(earning, 11)  # contested, but not held yet
    receipt = world.hold(contest, earning.account, 50)
    args = {"contestId": contest, "splitRoot": earning.work.split.root, "token": earning.token, "bond": 50}
    assert world.event(receipt, "HoldBonded").args == args
    for comes_in, held in ((0, 0), (1, 1), (498, 499), (1, 500), (1, 500), (700, 500)):
        if comes_in:
            world.pay_in(earning, comes_in)
        assert world.held(earning) == held
    assert world.claimable(earning.work, earning.token) == BEFORE + 11 + 701
    accounts, bonds = world.desk.get("heldBy", contest)
    assert ([(*row[:2], row[2]) for row in accounts], list(bonds)) == (
        [(*earning.account[:2], earning.token.lower())],
        [50],
    )


def test_an_order_funded_before_the_contest_is_held_when_it_is_committed(world: DisputeWorld) -> None:
    token = world.usd.address
    deal = world.funded()
    work, *others = world.catalogue_works
    contest = world.contest(work)
    world.hold(contest, (work.work_id, work.split.root, token), 10**6)
    world.commit(deal)
    received = [world.escrow.get("received", account_id(w.work_id, w.split.root, token)) for w in [work, *others]]
    assert received == [3_000_000] * 3
    assert world.escrow.get("heldOf", (work.work_id, work.split.root, token)) == 3_000_000
    assert world.claimable(work, token) == 0
    for other in others:
        drawn = [world.claimable(other, token, leaf.index) for leaf in other.split.leaves]
        assert drawn == [3_000_000 * leaf.share // PPM for leaf in other.split.leaves]


def test_other_splits_and_tokens_of_the_work_are_not_held(world: DisputeWorld) -> None:
    earning, coin = sole(world), sole(world, NATIVE, content=701)
    contest = world.contest(earning.work)
    world.hold(contest, (earning.work.work_id, earning.work.split.root, NATIVE), 50)
    world.hold(contest, (earning.work.work_id, world.claimed.root, earning.token), 50)
    world.pay_in(earning, 100)
    world.pay_in(coin, 100)
    assert world.claimable(earning.work, earning.token) == BEFORE + 100
    assert world.claimable(coin.work, coin.token) == BEFORE + 100


def test_adding_to_a_bond_raises_the_cap_and_takes_back_nothing(world: DisputeWorld) -> None:
    earning = sole(world)
    contest = world.contest(earning.work)
    world.hold(contest, earning.account, 10)
    world.pay_in(earning, 1000)  # 100 held, 900 free
    world.hold(contest, earning.account, 20)
    assert (world.held(earning), world.claimable(earning.work, earning.token)) == (100, BEFORE + 900)
    world.pay_in(earning, 1000)  # 200 more held
    assert (world.held(earning), world.claimable(earning.work, earning.token)) == (300, BEFORE + 1700)
    assert list(world.desk.get("heldBy", contest)[1]) == [30]


def test_a_contest_holds_eight_accounts(world: DisputeWorld) -> None:
    work = world.catalogue_works[0]
    contest = world.contest(work)
    for i in range(8):
        world.hold(contest, (work.work_id, digest(i + 1), world.usd.address), 1)
    with reverts("DisputeDesk_TooManyAccounts", contest, 8):
        world.hold(contest, (work.work_id, digest(9), world.usd.address), 1)
    world.hold(contest, (work.work_id, digest(8), world.usd.address), 1)


def test_only_the_claimant_holds_accounts_of_the_contested_work(world: DisputeWorld) -> None:
    earning, other = sole(world), sole(world, content=701)
    contest = world.contest(earning.work)
    with reverts("DisputeDesk_NotClaimant", contest, world.rival):
        world.hold(contest, earning.account, 1, world.rival)
    with reverts("DisputeDesk_OtherWork", contest, other.work.work_id):
        world.hold(contest, other.account, 1)
    with reverts("DisputeDesk_BondTooLow", 1, 0):
        world.hold(contest, earning.account, 0)
    world.rule(contest, 0)
    for closed in (0, contest, contest + 1):
        with reverts("DisputeDesk_NoContest", closed):
            world.hold(closed, earning.account, 1)


@pytest.mark.parametrize(("token", "sent"), [("native", 49), ("native", 51), ("native", 0), ("usd", 1)])
def test_bonds_are_paid_exactly(world: DisputeWorld, token: str, sent: int) -> None:
    earning = sole(world, token_called(world, token))
    contest = world.contest(earning.work)
    with reverts("Payments_WrongPayment", 50 if token == "native" else 0, sent):
        world.desk.send(world.claimant, "holdAccount", contest, earning.account, 50, value=sent)


def test_a_bond_in_a_token_that_takes_a_fee_is_refused(world: DisputeWorld) -> None:
    earning = sole(world, world.quirky.address)
    contest = world.contest(earning.work)
    quirk(world, Quirk.TAKES_FEE)
    with reverts("Payments_WrongPayment", 1000, 990):
        world.hold(contest, earning.account, 1000)


# ruleContest


@pytest.mark.parametrize("token", ["native", "usd"])
@pytest.mark.parametrize("ppm", [1, 333_333, 999_999, PPM])
def test_a_ruling_moves_its_part_of_what_is_held(world: DisputeWorld, token: str, ppm: int) -> None:
    earning = sole(world, token_called(world, token))
    contest = world.contest(earning.work)
    world.hold(contest, earning.account, 10_000)
    world.pay_in(earning, 77_777)
    receipt = world.rule(contest, ppm)
    awarded = 77_777 * ppm // PPM
    assert world.event(receipt, "ContestRuled").args == {
        "contestId": contest,
        "workId": earning.work.work_id,
        "ppm": ppm,
    }
    args = {"contestId": contest, "splitRoot": earning.work.split.root, "token": earning.token, "awarded": awarded}
    assert world.event(receipt, "HoldEnded").args == args
    assert in_claimed_split(world, earning) == awarded
    assert (world.held(earning), world.claimable(earning.work, earning.token)) == (0, BEFORE + 77_777 - awarded)
    assert world.contest_bonds(receipt) == [
        (world.claimant, NATIVE, MIN_BOND),
        (world.claimant, earning.token, 10_000),
    ]
    assert_closed(world, contest)


def assert_closed(world: DisputeWorld, contest: int) -> None:
    """Nothing is left of a contest, and nothing at the desk when it was the only one."""
    assert world.desk.get("contestOf", contest)[0] == NATIVE
    assert world.desk.get("heldBy", contest) == ((), ())
    assert all(world.balance(token, world.desk.address) == 0 for token in (NATIVE, world.usd.address))


def test_holders_of_the_claimants_split_claim_what_was_awarded(world: DisputeWorld) -> None:
    earning = sole(world)
    contest = world.contest(earning.work)
    world.hold(contest, earning.account, 1000)
    world.pay_in(earning, 5000)
    world.rule(contest, PPM)
    for leaf, before in zip(world.claimed.leaves, (10**30, 0), strict=True):
        claim_ = claim(earning.work.work_id, world.claimed, earning.token, leaf.index)
        world.escrow.send(leaf.holder, "claim", claim_)
        assert world.balance(earning.token, leaf.holder) == before + 5000 * leaf.share // PPM


def test_the_licensor_does_not_readdress_what_was_awarded(world: DisputeWorld) -> None:
    """Also where it started before the ruling, or was awarded a part only."""
    earning = sole(world)
    place = claim(earning.work.work_id, world.claimed, earning.token, 0)
    world.recovery.send(world.licensor, "startReaddressing", place, world.relayer)
    contest = world.contest(earning.work)
    world.hold(contest, earning.account, 1000)
    world.pay_in(earning, 5000)
    world.rule(contest, 10_000)
    awarded = world.escrow.get("accountId", place[0])
    assert world.escrow.get("isAwarded", awarded) is True
    world.chain.travel(world.chain.now + 181 * DAY)
    for name, more in (("finishReaddressing", ()), ("startReaddressing", (world.relayer,))):
        with reverts("HolderRecovery_AccountAwarded", awarded):
            world.recovery.send(world.licensor, name, place, *more)


@pytest.mark.parametrize("ppm", [0, 999_999, PPM])
def test_only_all_of_it_bars_the_work(world: DisputeWorld, ppm: int) -> None:
    work = world.catalogue_works[0]
    world.rule(world.contest(work), ppm)
    assert world.catalogue.get("isBarred", work.work_id) == (ppm == PPM)
    assert not world.catalogue.get("isContested", work.work_id)
    deal = world.deal(world.quote([work]))
    if ppm == PPM:
        with reverts("Licensing_WorkBarred", work.work_id):
            world.fund(deal)
    else:
        world.fund(deal)


def test_a_contest_without_an_award_costs_its_bonds(world: DisputeWorld) -> None:
    earning = sole(world)
    contest = world.contest(earning.work, bond=MIN_BOND + 5)
    world.hold(contest, earning.account, 50)
    world.pay_in(earning, 300)
    coin, dollars = (world.balance(token, world.licensor) for token in (NATIVE, earning.token))
    receipt = world.rule(contest, 0)
    assert world.contest_bonds(receipt) == [(world.licensor, NATIVE, MIN_BOND + 5), (world.licensor, earning.token, 50)]
    assert world.balance(NATIVE, world.licensor) == coin + MIN_BOND + 5
    assert world.balance(earning.token, world.licensor) == dollars + 50
    assert world.claimable(earning.work, earning.token) == BEFORE + 300
    assert_closed(world, contest)


def test_a_ruling_reaches_eight_accounts(metered: DisputeWorld) -> None:
    """The dearest ruling: eight accounts that have something held, and a claimant that burns the gas of each bond."""
    doll = puppet(metered)
    metered.usd.send(metered.deployer, "mint", doll.address, 10**6)
    perform(metered, doll, metered.usd, "approve", metered.desk.address, 10**6)
    earning = sole(metered, NATIVE)
    sent = (earning.work.work_id, metered.claimed.root, REASONS)
    perform(metered, doll, metered.desk, "contest", *sent, value=MIN_BOND)
    roots = [earning.work.split.root, *(digest(i) for i in range(7))]
    for root in roots:
        account = (earning.work.work_id, root, NATIVE)
        perform(metered, doll, metered.desk, "holdAccount", 1, account, 50, value=50)
    metered.pay_in(earning, 300)
    react(metered, doll, Reaction.BURN_GAS)
    receipt = metered.desk.send(metered.arbiter, "ruleContest", 1, 500_000, gas=TX_GAS)
    assert receipt["gas_used"] < TX_GAS // 8
    assert [event.args["awarded"] for event in metered.chain.events(receipt, "HoldEnded")] == [150] + [0] * 7
    assert metered.desk.get("owed", doll.address, NATIVE) == MIN_BOND + 8 * 50


def test_only_the_arbiter_rules_on_open_contests(world: DisputeWorld) -> None:
    contest = world.contest(world.catalogue_works[0])
    for who in (world.claimant, world.licensor, world.deployer):
        with reverts("AccessManagedUnauthorized", who):
            world.desk.send(who, "ruleContest", contest, PPM)
    with reverts("DisputeDesk_NotAPart", PPM + 1):
        world.rule(contest, PPM + 1)
    world.rule(contest, 0)
    for closed in (0, contest, contest + 1):
        with reverts("DisputeDesk_NoContest", closed):
            world.rule(closed, 1)


def test_a_ruling_comes_in_time(world: DisputeWorld) -> None:
    contest = world.contest(world.catalogue_works[0])
    until = world.desk.get("contestOf", contest)[4]
    world.chain.travel(until)  # what calls see; transactions come a second later
    world.desk.get("ruleContest", contest, 1, sender=world.arbiter)
    with reverts("DisputeDesk_RulingTimeNotOver", until):
        world.desk.get("lapse", contest)
    with reverts("DisputeDesk_RulingTimeOver", until):
        world.rule(contest, 1)


# Several contests


def test_caps_of_several_contests_add_up(world: DisputeWorld) -> None:
    earning = sole(world)
    first, second = world.contest(earning.work), world.contest(earning.work, world.rival)
    world.hold(first, earning.account, 10)
    world.hold(second, earning.account, 20, world.rival)
    world.pay_in(earning, 1000)
    assert (world.held(earning), world.claimable(earning.work, earning.token)) == (300, BEFORE + 700)


def test_one_ruling_moves_its_own_cap_and_keeps_the_others(world: DisputeWorld) -> None:
    earning = sole(world)
    first, second = world.contest(earning.work), world.contest(earning.work, world.rival)
    world.hold(first, earning.account, 10)
    world.hold(second, earning.account, 20, world.rival)
    world.pay_in(earning, 1000)
    world.rule(first, PPM)
    assert in_claimed_split(world, earning) == 100
    assert (world.held(earning), world.claimable(earning.work, earning.token)) == (200, BEFORE + 700)
    world.rule(second, 500_000)
    assert in_claimed_split(world, earning, world.rivals) == 100
    assert (world.held(earning), world.claimable(earning.work, earning.token)) == (0, BEFORE + 800)


def test_what_one_is_not_awarded_stays_held_for_the_others(world: DisputeWorld) -> None:
    earning = sole(world)
    first, second = world.contest(earning.work), world.contest(earning.work, world.rival)
    world.hold(first, earning.account, 50)
    world.hold(second, earning.account, 20, world.rival)
    world.pay_in(earning, 400)
    world.rule(first, 250_000)  # 100 of the 400 that are held
    assert (in_claimed_split(world, earning), world.held(earning)) == (100, 200)
    assert world.claimable(earning.work, earning.token) == BEFORE + 100
    world.pay_in(earning, 50)
    assert (world.held(earning), world.claimable(earning.work, earning.token)) == (200, BEFORE + 150)
    world.rule(second, PPM)
    assert in_claimed_split(world, earning, world.rivals) == 200


def test_who_is_ruled_on_first_is_awarded_first(world: DisputeWorld) -> None:
    earning = sole(world)
    first, second = world.contest(earning.work), world.contest(earning.work, world.rival)
    world.hold(first, earning.account, 50)
    world.hold(second, earning.account, 50, world.rival)
    world.pay_in(earning, 600)
    world.rule(second, PPM)
    assert in_claimed_split(world, earning, world.rivals) == 500
    world.rule(first, PPM)
    assert in_claimed_split(world, earning) == 100
    assert world.claimable(earning.work, earning.token) == BEFORE


@pytest.mark.parametrize("how", ["withdrawContest", "lapse"])
def test_ending_one_contest_frees_nothing_that_another_holds(world: DisputeWorld, how: str) -> None:
    earning = sole(world)
    first = world.contest(earning.work)
    world.hold(first, earning.account, 30)
    if how == "lapse":
        world.let_ruling_time_pass()
    second = world.contest(earning.work, world.rival)
    world.hold(second, earning.account, 20, world.rival)
    world.pay_in(earning, 450)
    world.desk.send(world.claimant, how, first)
    assert (world.held(earning), world.claimable(earning.work, earning.token)) == (200, BEFORE + 250)


def test_what_was_free_is_never_held_again(world: DisputeWorld) -> None:
    """Holders may have drawn it: were it moved, the escrow would owe more than it has."""
    earning = sole(world)
    first, second = world.contest(earning.work), world.contest(earning.work, world.rival)
    world.hold(first, earning.account, 10)
    world.pay_in(earning, 1000)
    world.escrow.send(world.holders[0], "claim", world.claim_of(earning.work, 0))
    world.hold(second, earning.account, 1000, world.rival)
    assert world.held(earning) == 100
    world.rule(first, PPM)
    assert (in_claimed_split(world, earning), world.held(earning)) == (100, 0)
    world.pay_in(earning, 7)
    assert (world.held(earning), world.claimable(earning.work, earning.token)) == (7, 0)


def test_a_contest_is_awarded_nothing_of_what_came_in_before_it(world: DisputeWorld) -> None:
    earning = sole(world)
    first, second = world.contest(earning.work), world.contest(earning.work, world.rival)
    world.hold(first, earning.account, 100)
    world.pay_in(earning, 300)
    world.hold(second, earning.account, 100, world.rival)
    world.pay_in(earning, 50)
    world.rule(second, PPM)
    assert (in_claimed_split(world, earning, world.rivals), world.held(earning)) == (50, 300)
    world.rule(first, PPM)
    assert in_claimed_split(world, earning) == 300


def one_hold_and_two_later(world: DisputeWorld) -> tuple[Earning, int, int, int]:
    """A work whose oldest contest, by the rival, holds 100, when two of the claimant's begin to hold it too."""
    earning = sole(world)
    oldest, first, second = (world.contest(earning.work, who) for who in (world.rival, world.claimant, world.claimant))
    world.hold(oldest, earning.account, 1000, world.rival)
    world.pay_in(earning, 100)
    for contest in (first, second):
        world.hold(contest, earning.account, 1000)
    return earning, oldest, first, second


def test_two_contests_are_together_awarded_nothing_of_what_came_in_before_both(world: DisputeWorld) -> None:
    """What one was awarded is gone for all that began before it: the older contest's 100 take its place for nobody."""
    earning, _, first, second = one_hold_and_two_later(world)
    world.pay_in(earning, 40)
    world.rule(second, PPM)
    assert (in_claimed_split(world, earning), world.held(earning)) == (40, 100)
    world.rule(first, PPM)
    assert (in_claimed_split(world, earning), world.held(earning)) == (40, 100)


def test_an_award_keeps_no_unit_from_before_a_contest_held(world: DisputeWorld) -> None:
    earning, oldest, _, second = one_hold_and_two_later(world)
    world.pay_in(earning, 40)
    world.rule(second, PPM)
    world.desk.send(world.rival, "withdrawContest", oldest)
    assert (world.held(earning), world.claimable(earning.work, earning.token)) == (0, BEFORE + 100)


def test_an_award_of_older_money_leaves_a_later_contest_what_came_in_after_it(world: DisputeWorld) -> None:
    earning = sole(world)
    first, second = world.contest(earning.work), world.contest(earning.work, world.rival)
    world.hold(first, earning.account, 1000)
    world.pay_in(earning, 100)
    world.hold(second, earning.account, 1000, world.rival)
    world.pay_in(earning, 40)
    world.rule(first, 800_000)  # 112: the older 100, and 12 of the 40
    assert (in_claimed_split(world, earning), world.held(earning)) == (112, 28)
    world.pay_in(earning, 5)
    world.rule(second, PPM)
    assert in_claimed_split(world, earning, world.rivals) == 33


def test_a_chain_of_contests_holds_no_unit_longer_than_one(world: DisputeWorld) -> None:
    """Somebody's own contests, each opened before the last one ends, cannot keep the co-holders from their money."""
    earning = sole(world)
    contest = world.contest(earning.work)
    world.hold(contest, earning.account, 1000)
    came_in = []
    for _ in range(3):
        came_in.append(100 + len(came_in))
        world.pay_in(earning, came_in[-1])
        world.let_ruling_time_pass()
        following = world.contest(earning.work)
        world.hold(following, earning.account, 1000)
        world.desk.send(world.relayer, "lapse", contest)
        assert (world.held(earning), world.claimable(earning.work, earning.token)) == (0, BEFORE + sum(came_in))
        contest = following


def test_an_award_to_the_accounts_own_split_is_its_holders_and_no_new_income(world: DisputeWorld) -> None:
    earning = sole(world)
    own = world.contest(earning.work, split=earning.work.split)
    world.hold(own, earning.account, 100)
    world.pay_in(earning, 300)
    other = world.contest(earning.work, world.rival)
    world.hold(other, earning.account, 100, world.rival)
    world.rule(own, PPM)
    assert (world.held(earning), world.claimable(earning.work, earning.token)) == (0, BEFORE + 300)
    world.pay_in(earning, 7)
    world.rule(other, PPM)
    assert in_claimed_split(world, earning, world.rivals) == 7


def test_contests_may_end_in_any_order(world: DisputeWorld) -> None:
    earning = sole(world)
    people = [world.claimant, world.rival, world.claimant, world.rival]
    contests = [world.contest(earning.work, who) for who in people]
    for number, (contest, who) in enumerate(zip(contests, people, strict=True)):
        world.hold(contest, earning.account, 1000, who)
        world.pay_in(earning, 10**number)  # 1 since the first began, 10 since the second, ...
    held = []
    for index in (1, 0, 3, 2):
        world.rule(contests[index], 0)
        held.append(world.held(earning))
    assert held == [1111, 1100, 1100, 0]


def test_what_is_awarded_can_be_held_in_its_turn(world: DisputeWorld) -> None:
    earning = sole(world)
    first, second = world.contest(earning.work), world.contest(earning.work, world.rival)
    world.hold(first, earning.account, 10)
    world.hold(second, (earning.work.work_id, world.claimed.root, earning.token), 6, world.rival)
    world.pay_in(earning, 100)
    world.rule(first, PPM)
    claim_ = claim(earning.work.work_id, world.claimed, earning.token, 0)
    assert world.escrow.get("claimable", claim_) == 40 * 400_000 // PPM
    world.rule(second, PPM)
    assert (in_claimed_split(world, earning), in_claimed_split(world, earning, world.rivals)) == (40, 60)


@pytest.mark.parametrize("own_last", [True, False])
def test_holding_the_own_split_takes_an_award_from_no_other_contest(world: DisputeWorld, own_last: bool) -> None:
    """Else it would go from the split to itself, and be free."""
    earning = sole(world)
    own = (earning.work.work_id, world.claimed.root, earning.token)
    first, second = world.contest(earning.work), world.contest(earning.work, world.rival)
    for account in (earning.account, own) if own_last else (own, earning.account):
        world.hold(first, account, 1000)
    world.hold(second, own, 1000, world.rival)
    world.pay_in(earning, 500)
    world.rule(first, PPM)
    assert world.escrow.get("heldOf", own) == 500
    world.rule(second, PPM)
    assert (in_claimed_split(world, earning), in_claimed_split(world, earning, world.rivals)) == (0, 500)


def test_a_later_contest_starts_anew(world: DisputeWorld) -> None:
    earning = sole(world)
    first = world.contest(earning.work)
    world.hold(first, earning.account, 10)
    world.pay_in(earning, 60)
    world.rule(first, 0)
    second = world.contest(earning.work, world.rival)
    assert (world.held(earning), world.claimable(earning.work, earning.token)) == (0, BEFORE + 60)
    world.hold(second, earning.account, 2, world.rival)
    world.pay_in(earning, 50)
    assert (world.held(earning), world.claimable(earning.work, earning.token)) == (20, BEFORE + 90)


# withdrawContest, lapse


def test_withdrawing_costs_the_least_bond(world: DisputeWorld) -> None:
    earning = sole(world)
    contest = world.contest(earning.work, bond=MIN_BOND + 9)
    world.hold(contest, earning.account, 50)
    world.pay_in(earning, 300)
    receipt = world.desk.send(world.claimant, "withdrawContest", contest)
    told = {"contestId": contest, "workId": earning.work.work_id}
    assert world.event(receipt, "ContestWithdrawn").args == told
    assert world.contest_bonds(receipt) == [
        (world.licensor, NATIVE, MIN_BOND),
        (world.claimant, NATIVE, 9),
        (world.claimant, earning.token, 50),
    ]
    assert world.claimable(earning.work, earning.token) == BEFORE + 300
    assert_closed(world, contest)
    with reverts("DisputeDesk_NoContest", contest):
        world.desk.send(world.claimant, "withdrawContest", contest)


def test_only_the_claimant_withdraws(world: DisputeWorld) -> None:
    contest = world.contest(world.catalogue_works[0])
    for who in (world.licensor, world.arbiter):
        with reverts("DisputeDesk_NotClaimant", contest, who):
            world.desk.send(who, "withdrawContest", contest)


def test_an_arbiter_who_never_rules_ends_the_contest(world: DisputeWorld) -> None:
    earning = sole(world)
    contest = world.contest(earning.work)
    world.hold(contest, earning.account, 50)
    world.pay_in(earning, 300)
    world.let_ruling_time_pass()
    receipt = world.desk.send(world.relayer, "lapse", contest)
    assert world.event(receipt, "ContestLapsed").args == {"contestId": contest, "workId": earning.work.work_id}
    assert world.contest_bonds(receipt) == [(world.claimant, NATIVE, MIN_BOND), (world.claimant, earning.token, 50)]
    assert world.claimable(earning.work, earning.token) == BEFORE + 300
    assert not world.catalogue.get("isContested", earning.work.work_id)
    assert_closed(world, contest)


# Receivers and tokens that fail


def contest_by(world: DisputeWorld, doll: Contract, earning: Earning) -> None:
    """Contest 1, by a puppet, with a bond of 50 for the account."""
    sent = (earning.work.work_id, world.claimed.root, REASONS)
    perform(world, doll, world.desk, "contest", *sent, value=MIN_BOND)
    perform(world, doll, world.desk, "holdAccount", 1, earning.account, 50, value=50)


@pytest.mark.parametrize("reaction", [Reaction.REJECT, Reaction.BURN_GAS])
def test_a_claimant_that_cannot_receive_is_owed_its_bonds(world: DisputeWorld, reaction: Reaction) -> None:
    doll, earning = puppet(world), sole(world, NATIVE)
    contest_by(world, doll, earning)
    world.pay_in(earning, 300)
    react(world, doll, reaction)
    receipt = world.rule(1, 500_000)
    assert in_claimed_split(world, earning) == 150
    owed = [(event.args["amount"], event.args["orderId"]) for event in world.chain.events(receipt, "Owed")]
    assert owed == [(MIN_BOND, digest(1)), (50, digest(1))]
    react(world, doll, Reaction.ACCEPT)
    world.desk.send(world.relayer, "withdrawOwed", NATIVE, doll.address)
    assert world.chain.balance(doll.address) == MIN_BOND + 50
    with reverts("Payments_NothingOwed", doll.address, NATIVE):
        world.desk.send(world.relayer, "withdrawOwed", NATIVE, doll.address)


def test_a_licensor_that_cannot_receive_is_owed_and_blocks_nothing(world: DisputeWorld) -> None:
    doll = puppet(world)
    work = world.catalogue_works[0]
    world.catalogue.send(work.licensor, "transferLicensor", work.work_id, doll.address)
    perform(world, doll, world.catalogue, "acceptLicensor", work.work_id)
    react(world, doll, Reaction.REJECT)
    first, second = world.contest(work), world.contest(work)
    world.rule(first, 0)
    world.desk.send(world.claimant, "withdrawContest", second)
    assert world.desk.get("owed", doll.address, NATIVE) == 2 * MIN_BOND
    assert not world.catalogue.get("isContested", work.work_id)


@pytest.mark.parametrize("what", [Quirk.RETURNS_FALSE, Quirk.REVERTS, Quirk.BURNS_GAS])
def test_a_token_that_fails_holds_no_ruling_up(world: DisputeWorld, what: Quirk) -> None:
    earning = sole(world, world.quirky.address)
    contest = world.contest(earning.work)
    world.hold(contest, earning.account, 50)
    world.pay_in(earning, 300)
    quirk(world, what)
    world.rule(contest, PPM)
    assert in_claimed_split(world, earning) == 300
    assert world.desk.get("owed", world.claimant, earning.token) == 50
    quirk(world, Quirk.NONE)
    world.desk.send(world.relayer, "withdrawOwed", earning.token, world.claimant)
    assert world.balance(earning.token, world.claimant) == 10**30


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("withdrawContest", (2,)), ("lapse", (2,)), ("withdrawOwed", (NATIVE, NATIVE)), ("ruleContest", (2, PPM))],
)
def test_nobody_reenters_the_desk(world: DisputeWorld, name: str, arguments: tuple[Any, ...]) -> None:
    doll, earning = puppet(world), sole(world, NATIVE)
    contest_by(world, doll, earning)
    sent = (earning.work.work_id, world.claimed.root, REASONS)
    perform(world, doll, world.desk, "contest", *sent, value=MIN_BOND)
    world.authority.send(world.deployer, "grantRole", ARBITER_ROLE, doll.address, 0)
    doll.send(world.relayer, "setReentry", world.desk.address, world.desk.data(name, *arguments))
    world.rule(1, 1)
    assert_guarded(doll, 2)  # once for each bond
    assert world.desk.get("contestOf", 2)[0] == doll.address.lower()


# Any sequence

ACTIONS = st.one_of(
    st.tuples(st.just("pay"), st.integers(1, 10**6)),
    st.tuples(st.just("bond"), st.integers(0, 2), st.integers(1, 10**4)),
    st.tuples(st.just("claim")),
    st.tuples(st.just("rule"), st.integers(0, 2), st.integers(0, PPM)),
    st.tuples(st.just("withdraw"), st.integers(0, 2)),
)


def left_since(since: int, own: int, moved: int) -> int:
    """What is left of what came in since a contest began, when `moved` was taken of what came in since another did."""
    return since - moved if since >= own else min(since, own - moved)


class Model:
    """One account, and three people's contests of its work, which open again when they are closed."""

    def __init__(self) -> None:
        self.received, self.drawn, self.held, self.awarded = BEFORE, 0, 0, 0
        self.bonds: dict[int, int] = defaultdict(int)
        self.since: dict[int, int] = {}  # what has come in since each began

    @property
    def cap(self) -> int:
        return 10 * sum(self.bonds.values())

    def pay(self, amount: int) -> None:
        self.received += amount
        self.since = {who: before + amount for who, before in self.since.items()}
        self.held = min(self.held + amount, self.cap)

    def bond(self, who: int, bond: int) -> None:
        self.bonds[who] += bond
        self.since.setdefault(who, 0)

    def close(self, who: int, ppm: int) -> None:
        own = self.since.pop(who, 0)
        moved = min(self.held, 10 * self.bonds.pop(who, 0), own) * ppm // PPM
        self.since = {other: left_since(since, own, moved) for other, since in self.since.items()}
        self.received, self.awarded = self.received - moved, self.awarded + moved
        self.held = min(self.held - moved, self.cap, max(self.since.values(), default=0))

    @property
    def claimable(self) -> int:
        return self.received - self.held - self.drawn


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(actions=st.lists(ACTIONS, min_size=4, max_size=20))
def test_holds_follow_the_model(world: DisputeWorld, actions: list[Any]) -> None:
    with world.chain.undone():
        earning, model = sole(world), Model()
        start = world.balance(earning.token, world.escrow.address)
        people = [world.claimant, world.rival, world.claimant]
        open_ = [world.contest(earning.work, who) for who in people]
        for action in actions:
            _act(world, earning, model, people, open_, action)
            assert world.held(earning) == model.held
            assert world.claimable(earning.work, earning.token) == model.claimable >= 0
            moved = in_claimed_split(world, earning) + in_claimed_split(world, earning, world.rivals)
            assert moved == model.awarded
            assert world.balance(earning.token, world.desk.address) == sum(model.bonds.values())
            inside = world.balance(earning.token, world.escrow.address) - start + BEFORE
            assert inside == model.received - model.drawn + model.awarded


def _act(world: DisputeWorld, earning: Earning, model: Model, people: list[str], open_: list[int], action: Any) -> None:
    match action:
        case ("pay", amount):
            world.pay_in(earning, amount)
            model.pay(amount)
        case ("bond", who, bond):
            world.hold(open_[who], earning.account, bond, people[who])
            model.bond(who, bond)
        case ("claim",) if model.claimable:
            world.escrow.send(world.holders[0], "claim", world.claim_of(earning.work, 0))
            model.drawn += model.claimable
        case ("rule", who, ppm):
            world.rule(open_[who], ppm)
            model.close(who, ppm)
            open_[who] = world.contest(earning.work, people[who])
        case ("withdraw", who):
            world.desk.send(people[who], "withdrawContest", open_[who])
            model.close(who, 0)
            open_[who] = world.contest(earning.work, people[who])


# Anybody but the desk


def test_only_the_desk_contests_bars_and_holds(world: DisputeWorld) -> None:
    work = world.catalogue_works[0]
    for name in ("openContest", "closeContest", "bar"):
        with reverts("WorkRegistry_NotDesk", world.arbiter):
            world.catalogue.send(world.arbiter, name, work.work_id)
    account = (work.work_id, work.split.root, NATIVE)
    calls: list[tuple[Any, ...]] = [
        ("openHold", work.work_id),
        ("closeHold", work.work_id),
        ("holdAccount", account, 1),
        ("releaseAccount", account, release(1, world.claimed.root, PPM)),
    ]
    for call in calls:
        with reverts("RoyaltyAccounts_NotDesk", world.arbiter):
            world.escrow.send(world.arbiter, *call)


def test_an_account_is_held_while_its_work_is_contested_only(world: DisputeWorld) -> None:
    """Whatever a desk asks for; this one is an account of ours."""
    places = (world.catalogue.address, world.arbiter, world.recovery.address, world.authority.address)
    escrow = world.chain.deploy("GenerationEscrow", *places)
    with reverts("RoyaltyAccounts_NotContested", digest(1)):
        escrow.send(world.arbiter, "holdAccount", (digest(1), digest(2), NATIVE), 1)


def test_the_desk_names_its_interfaces(world: DisputeWorld) -> None:
    contests = ("contest", "holdAccount", "ruleContest", "withdrawContest", "lapse", "contestOf", "heldBy")
    challenges = (
        "challenge", "ruleChallenge", "lapseChallenge", "takeBackBond", "challengeBondOf", "challengeOf", "hasJoined",
    )  # fmt: skip
    consents = (
        "proveNoConsent", "questionConsent", "answerConsent", "finishQuestion", "stopModel", "fineRegistrant",
        "fineOperator", "consentIdOf", "consentOf", "isFined",
    )  # fmt: skip
    for names in (contests, challenges, consents, ("withdrawOwed", "owed"), ("supportsInterface",)):
        assert world.desk.get("supportsInterface", interface_id(world.desk, *names))
    assert not world.desk.get("supportsInterface", b"\xff" * 4)
