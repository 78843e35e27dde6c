"""Challenges of commits at the dispute desk: see dispute_challenges.tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from contrafact.domain.prices import Use
from contrafact.domain.splits import account_id

from .chain import NATIVE, Contract, Receipt, reverts
from .disputes import (
    ARBITER_ROLE,
    NO_QUOTE,
    REASONS,
    RULING_TIME,
    DisputeWorld,
    dispute_world,  # noqa: F401  (the fixture `world`)
    perform,
)
from .hostile import Quirk, Reaction, assert_guarded, funded_by, puppet, quirk, react
from .world import DAY, Deal, digest

WINDOW = 7 * DAY
ESCROW = 10_250_000  # of the world's orders: 4 units at 2,500,000, and the fee
BOND = 512_500  # 5 % of it
BONDED = 10**29  # the operator's, in each token that is no coin


def committed(world: DisputeWorld, token: str | None = None, **changes: Any) -> Deal:
    """A committed order of three works."""
    deal = world.funded(token=token or world.usd.address, **changes)
    world.commit(deal)
    return deal


def arguments(world: DisputeWorld, deal: Deal, **changes: Any) -> tuple[Any, ...]:
    """What `challenge` takes, for the commit that `committed` makes."""
    given: dict[str, Any] = {"salt": deal.salt, "commit": world.commit_of(deal), "use": deal.quote.use}
    given |= {"evidence": REASONS} | changes
    return deal.quote.to_abi(), given["salt"], given["commit"].to_abi(), given["use"], given["evidence"]


def challenge(world: DisputeWorld, deal: Deal, who: str | None = None, **more: Any) -> Receipt:
    """A challenge by `who`, the claimant unless given; `value` is the coin that is sent, the bond unless given."""
    coin = world.desk.get("challengeBondOf", deal.quote.to_abi()) if deal.quote.token == NATIVE else 0
    value = more.pop("value", coin)
    return world.desk.send(who or world.claimant, "challenge", *arguments(world, deal, **more), value=value)


def challenged(world: DisputeWorld, token: str | None = None) -> Deal:
    deal = committed(world, token)
    challenge(world, deal)
    return deal


def rule(world: DisputeWorld, deal: Deal, to_sources: Sequence[int] = (0, 0, 0), to_maker: int = 0) -> Receipt:
    return world.desk.send(world.arbiter, "ruleChallenge", deal.quote.to_abi(), list(to_sources), to_maker)


def bond(world: DisputeWorld, token: str | None = None) -> tuple[int, int]:
    """The operator's bond: the whole, and what is locked."""
    amount, locked = world.escrow.get("bondOf", world.operator, token or world.usd.address)
    return amount, locked


def received(world: DisputeWorld, deal: Deal) -> list[int]:
    """What the accounts of the order's sources have received."""
    token = deal.quote.token
    ids = [account_id(source.work_id, source.split_root, token) for source in deal.quote.sources]
    return [world.escrow.get("received", id_) for id_ in ids]


def lower_bond(world: DisputeWorld, to: int) -> None:
    """Leaves the operator with this bond in dollars; what is above it goes after its time."""
    world.escrow.send(world.operator, "requestWithdrawal", world.usd.address, BONDED - to)
    world.chain.travel(world.chain.now + 21 * DAY + 1)
    world.escrow.send(world.operator, "withdrawBond", world.usd.address)


# challenge


@pytest.mark.parametrize("token", ["native", "usd", "quirky"])
def test_a_challenge_takes_its_bond_and_locks_the_operators(world: DisputeWorld, token: str) -> None:
    token = {"native": NATIVE, "usd": world.usd.address, "quirky": world.quirky.address}[token]
    deal = committed(world, token)
    whole, locked = bond(world, token)
    assert (deal.quote.escrow, locked) == (ESCROW, 0)
    assert world.desk.get("challengeBondOf", deal.quote.to_abi()) == BOND
    receipt = challenge(world, deal)
    until = world.chain.now + RULING_TIME
    assert world.event(receipt, "ChallengeOpened").args == {
        "orderId": deal.order_id,
        "challenger": world.claimant,
        "operator": world.operator,
        "bond": BOND,
        "locked": ESCROW,
        "evidenceDigest": REASONS,
        "rulingUntil": until,
    }
    assert world.desk.get("challengeOf", deal.order_id) == (world.claimant.lower(), until, 0, 1, False)
    assert bond(world, token) == (whole, ESCROW)
    assert world.escrow.get("challengeableOf", world.operator, token) == whole
    assert world.balance(token, world.desk.address) == BOND
    args = {"operator": world.operator, "token": token, "amount": ESCROW, "fromWithdrawal": 0}
    assert world.event(receipt, "BondLocked").args == args


def test_a_challengers_bond_is_rounded_up(world: DisputeWorld) -> None:
    deal = world.deal(world.quote(operator_fee=250_001))
    assert world.desk.get("challengeBondOf", deal.quote.to_abi()) == 512_501


def test_a_challenge_comes_within_the_window(world: DisputeWorld) -> None:
    deal = committed(world)
    until = deal.quote.deadline + WINDOW
    world.chain.travel(until)  # what calls see; transactions come a second later
    world.desk.get("challenge", *arguments(world, deal), sender=world.claimant)
    with reverts("DisputeDesk_WindowOver", deal.order_id, until):
        challenge(world, deal)


def test_only_a_commit_as_it_stands_can_be_challenged(world: DisputeWorld) -> None:
    deal = world.funded()
    with reverts("GenerationEscrow_WrongStatus", deal.order_id, 2, 1):
        challenge(world, deal)
    world.commit(deal)
    others: dict[str, Any] = {
        "salt": digest(1),
        "commit": world.commit_of(deal, 100_001, (300_000, 300_000, 299_999)),
        "use": Use.LIVE,
    }
    for name, other in others.items():
        with reverts("GenerationEscrow_WrongResult", deal.order_id):
            challenge(world, deal, **{name: other})


def test_a_raised_order_is_challenged_with_its_present_use(world: DisputeWorld) -> None:
    deal = committed(world)
    words = [list(terms.to_words()) for terms in deal.terms]
    order = (deal.quote.to_abi(), deal.salt, world.commit_of(deal).to_abi(), Use.COMMERCIAL)
    world.escrow.send(world.maker, "raiseUse", *order, Use.BROADCAST, words)
    with reverts("GenerationEscrow_WrongResult", deal.order_id):
        challenge(world, deal)
    challenge(world, deal, use=Use.BROADCAST)


def test_others_join_an_open_challenge_with_their_own_evidence(world: DisputeWorld) -> None:
    deal = challenged(world)
    _, until, *_ = world.desk.get("challengeOf", deal.order_id)
    receipt = challenge(world, deal, who=world.rival, evidence=digest(41))
    args = {"orderId": deal.order_id, "challenger": world.rival, "bond": BOND, "evidenceDigest": digest(41)}
    assert world.event(receipt, "ChallengeJoined").args == args
    assert world.desk.get("challengeOf", deal.order_id) == (world.claimant.lower(), until, 1, 1, False)
    assert world.desk.get("hasJoined", deal.order_id, 1, world.rival)
    assert not any(world.desk.get("hasJoined", deal.order_id, number, world.rival) for number in (0, 2))
    assert bond(world) == (BONDED, ESCROW)  # locked once
    assert world.balance(world.usd.address, world.desk.address) == 2 * BOND


def test_nobody_challenges_twice_before_the_ruling(world: DisputeWorld) -> None:
    deal = challenged(world)
    challenge(world, deal, who=world.rival)
    for who in (world.claimant, world.rival):
        with reverts("DisputeDesk_AlreadyChallenged", deal.order_id, who):
            challenge(world, deal, who=who)


def test_an_upheld_challenge_is_the_last(world: DisputeWorld) -> None:
    deal = challenged(world)
    rule(world, deal, to_maker=1)
    assert world.desk.get("challengeOf", deal.order_id) == (NATIVE, 0, 0, 1, True)
    with reverts("DisputeDesk_AlreadyUpheld", deal.order_id):
        challenge(world, deal, who=world.rival)


def test_a_rejected_challenge_is_not_in_the_way_of_the_next(world: DisputeWorld) -> None:
    """An operator that has its own sham challenge rejected is not safe from others'."""
    deal = challenged(world)
    rule(world, deal)
    assert world.desk.get("challengeOf", deal.order_id) == (NATIVE, 0, 0, 1, False)
    challenge(world, deal, who=world.rival)
    assert world.desk.get("challengeOf", deal.order_id)[::3] == (world.rival.lower(), 2)
    assert bond(world) == (BONDED, ESCROW)
    rule(world, deal, to_maker=ESCROW)
    assert bond(world) == (BONDED - ESCROW, 0)


def test_a_challenge_needs_evidence(world: DisputeWorld) -> None:
    with reverts("DisputeDesk_EmptyDigest"):
        challenge(world, committed(world), evidence=bytes(32))


@pytest.mark.parametrize("value", [0, BOND - 1, BOND + 1])
def test_a_bond_in_coin_is_exact(world: DisputeWorld, value: int) -> None:
    with reverts("Payments_WrongPayment", BOND, value):
        challenge(world, committed(world, NATIVE), value=value)


def test_a_bond_in_a_token_is_not_paid_in_coin_and_arrives_whole(world: DisputeWorld) -> None:
    with reverts("Payments_WrongPayment", 0, BOND):
        challenge(world, committed(world), value=BOND)
    deal = committed(world, world.quirky.address)
    quirk(world, Quirk.TAKES_FEE)
    with reverts("Payments_WrongPayment", BOND, BOND - BOND // 100):
        challenge(world, deal)


def test_what_is_being_withdrawn_is_locked(world: DisputeWorld) -> None:
    deal = committed(world)
    world.escrow.send(world.operator, "requestWithdrawal", world.usd.address, BONDED - 1000)
    receipt = challenge(world, deal)
    assert world.event(receipt, "BondLocked").args["fromWithdrawal"] == ESCROW - 1000
    assert bond(world) == (ESCROW, ESCROW)
    world.chain.travel(world.chain.now + 21 * DAY + 1)
    receipt = world.escrow.send(world.operator, "withdrawBond", world.usd.address)
    assert world.event(receipt, "BondWithdrawn").args["amount"] == BONDED - ESCROW
    rule(world, deal, to_maker=ESCROW)
    assert bond(world) == (0, 0)


def test_a_busy_operator_is_within_reach(world: DisputeWorld) -> None:
    """Its bond covers another order when it is challenged: nothing is free, and nothing new is covered."""
    lower_bond(world, ESCROW)
    deal = committed(world)
    other = world.funded()
    challenge(world, deal)
    assert bond(world) == (ESCROW, 2 * ESCROW)
    assert world.escrow.get("challengeableOf", world.operator, world.usd.address) == 0
    with reverts("OperatorRegistry_BondTooLow", world.operator, world.usd.address, 1, 0):
        world.escrow.send(world.operator, "requestWithdrawal", world.usd.address, 1)
    with reverts("OperatorRegistry_MoreThanLocked", 1, 0):
        rule(world, deal, to_maker=1)

    world.commit(other)
    assert bond(world) == (ESCROW, ESCROW)
    with reverts("OperatorRegistry_BondTooLow", world.operator, world.usd.address, ESCROW, 0):
        world.funded()
    rule(world, deal, to_maker=ESCROW)
    assert bond(world) == (0, 0)


# ruleChallenge


@pytest.mark.parametrize("token", ["native", "usd"])
@pytest.mark.parametrize("to_sources", [(1_000_000, 0, 7), (0, 0, 0)])
def test_an_upheld_challenge_pays_sources_and_maker_from_the_bond(
    world: DisputeWorld, token: str, to_sources: tuple[int, ...]
) -> None:
    deal = challenged(world, NATIVE if token == "native" else world.usd.address)
    token = deal.quote.token
    whole, before, maker = bond(world, token)[0], received(world, deal), world.balance(token, world.maker)
    receipt = rule(world, deal, to_sources, 500)
    paid = sum(to_sources) + 500
    assert received(world, deal) == [old + new for old, new in zip(before, to_sources, strict=True)]
    assert world.balance(token, world.maker) == maker + 500
    assert bond(world, token) == (whole - paid, 0)
    args = {"orderId": deal.order_id, "upheld": True, "toSources": list(to_sources), "toMaker": 500}
    assert world.event(receipt, "ChallengeRuled").args == args
    args = {"operator": world.operator, "orderId": deal.order_id, "token": token, "amount": paid}
    assert world.event(receipt, "BondPaid").args == args
    assert paid_back(world, receipt) == (world.claimant, token, BOND)
    assert world.balance(token, world.desk.address) == 0
    assert world.desk.get("challengeOf", deal.order_id) == (NATIVE, 0, 0, 1, True)


def paid_back(world: DisputeWorld, receipt: Receipt) -> tuple[str, str, int]:
    """To whom the challenger's bond went."""
    args = world.event(receipt, "ChallengeBondPaid").args
    return args["to"], args["token"], args["amount"]


@pytest.mark.parametrize("token", ["native", "usd"])
def test_a_rejected_challenge_pays_the_operator(world: DisputeWorld, token: str) -> None:
    deal = challenged(world, NATIVE if token == "native" else world.usd.address)
    token = deal.quote.token
    whole, before, operator = bond(world, token)[0], received(world, deal), world.balance(token, world.operator)
    receipt = rule(world, deal)
    assert paid_back(world, receipt) == (world.operator, token, BOND)
    assert world.balance(token, world.operator) == operator + BOND
    assert not world.event(receipt, "ChallengeRuled").args["upheld"]
    assert (bond(world, token), received(world, deal)) == ((whole, 0), before)


def test_a_challenge_for_a_source_alone_is_upheld(world: DisputeWorld) -> None:
    receipt = rule(world, challenged(world), (0, 0, 1))
    assert paid_back(world, receipt)[0] == world.claimant


def test_no_ruling_pays_more_than_is_locked(world: DisputeWorld) -> None:
    deal = challenged(world)
    for to_sources, to_maker in (((ESCROW, 1, 0), 0), ((0, 0, 1), ESCROW), ((0, 0, 0), BONDED)):
        paid = sum(to_sources) + to_maker
        with reverts("OperatorRegistry_MoreThanLocked", paid, ESCROW):
            rule(world, deal, to_sources, to_maker)
    rule(world, deal, (ESCROW - 3, 1, 1), 1)
    assert bond(world) == (BONDED - ESCROW, 0)


def test_two_challenges_take_what_is_being_withdrawn(world: DisputeWorld) -> None:
    first, second = committed(world), committed(world)
    world.escrow.send(world.operator, "requestWithdrawal", world.usd.address, BONDED - ESCROW - 1000)
    taken = [world.event(challenge(world, deal), "BondLocked").args["fromWithdrawal"] for deal in (first, second)]
    assert taken == [0, ESCROW - 1000]
    for deal in (first, second):
        rule(world, deal, to_maker=ESCROW)
    assert bond(world) == (0, 0)


def test_what_is_left_of_a_bond_pays_the_next_challenge(world: DisputeWorld) -> None:
    lower_bond(world, ESCROW + 1000)
    first, second = committed(world), committed(world)
    for deal in (first, second):
        challenge(world, deal)
    assert bond(world) == (ESCROW + 1000, 2 * ESCROW)
    rule(world, second, to_maker=ESCROW)
    with reverts("OperatorRegistry_MoreThanLocked", 1001, 1000):
        rule(world, first, to_maker=1001)
    rule(world, first, to_maker=1000)
    assert bond(world) == (0, 0)


def test_a_ruling_names_an_amount_for_each_source(world: DisputeWorld) -> None:
    deal = challenged(world)
    for count in (0, 2, 4):
        with reverts("FinishedOrders_AmountsCount", 3, count):
            rule(world, deal, [1] * count)


def test_only_the_arbiter_rules_on_open_challenges(world: DisputeWorld) -> None:
    deal = challenged(world)
    for who in (world.claimant, world.operator, world.deployer):
        with reverts("AccessManagedUnauthorized", who):
            world.desk.send(who, "ruleChallenge", deal.quote.to_abi(), [0, 0, 0], 1)
    unchallenged = committed(world)
    with reverts("DisputeDesk_NoChallenge", unchallenged.order_id):
        rule(world, unchallenged, to_maker=1)
    rule(world, deal, to_maker=1)
    with reverts("DisputeDesk_NoChallenge", deal.order_id):
        rule(world, deal, to_maker=1)


def test_a_ruling_comes_in_time(world: DisputeWorld) -> None:
    deal = challenged(world)
    until = world.desk.get("challengeOf", deal.order_id)[1]
    world.chain.travel(until)
    world.desk.get("ruleChallenge", deal.quote.to_abi(), [0, 0, 0], 1, sender=world.arbiter)
    with reverts("DisputeDesk_RulingTimeNotOver", until):
        world.desk.get("lapseChallenge", deal.quote.to_abi())
    with reverts("DisputeDesk_RulingTimeOver", until):
        rule(world, deal, to_maker=1)


def test_other_orders_of_the_operator_settle_as_ever(world: DisputeWorld) -> None:
    other, refunded = world.funded(), world.funded()
    deal = challenged(world)
    rule(world, deal, to_maker=ESCROW)
    world.commit(other)
    world.chain.travel(refunded.quote.deadline)
    world.refund(refunded)
    assert (world.status(other), world.status(refunded)) == ("committed", "refunded")
    assert bond(world) == (BONDED - ESCROW - ESCROW // 10, 0)


# lapseChallenge


@pytest.mark.parametrize("token", ["native", "usd"])
def test_an_arbiter_who_never_rules_ends_the_challenge(world: DisputeWorld, token: str) -> None:
    deal = challenged(world, NATIVE if token == "native" else world.usd.address)
    token = deal.quote.token
    whole, _ = bond(world, token)
    world.let_ruling_time_pass()
    receipt = world.desk.send(world.relayer, "lapseChallenge", deal.quote.to_abi())
    assert world.event(receipt, "ChallengeLapsed").args == {"orderId": deal.order_id}
    assert paid_back(world, receipt) == (world.claimant, token, BOND)
    args = {"operator": world.operator, "token": token, "amount": ESCROW}
    assert world.event(receipt, "BondUnlocked").args == args
    assert bond(world, token) == (whole, 0)
    assert world.desk.get("challengeOf", deal.order_id) == (NATIVE, 0, 0, 1, False)
    with reverts("DisputeDesk_NoChallenge", deal.order_id):
        world.desk.send(world.relayer, "lapseChallenge", deal.quote.to_abi())


# Bonds of those who joined


def take_back(world: DisputeWorld, deal: Deal, number: int = 1, who: str | None = None) -> Receipt:
    return world.desk.send(world.relayer, "takeBackBond", deal.quote.to_abi(), number, who or world.rival)


@pytest.mark.parametrize("token", ["native", "usd"])
@pytest.mark.parametrize("end", ["upheld", "lapsed"])
def test_who_joined_has_the_bond_back_once(world: DisputeWorld, token: str, end: str) -> None:
    deal = challenged(world, NATIVE if token == "native" else world.usd.address)
    token = deal.quote.token
    before = world.balance(token, world.rival)
    challenge(world, deal, who=world.rival)
    with reverts("DisputeDesk_NoBond", deal.order_id, 1, world.rival):
        take_back(world, deal)
    if end == "upheld":
        rule(world, deal, to_maker=1)
    else:
        world.let_ruling_time_pass()
        world.desk.send(world.relayer, "lapseChallenge", deal.quote.to_abi())
    assert world.balance(token, world.desk.address) == BOND
    assert paid_back(world, take_back(world, deal)) == (world.rival, token, BOND)
    if token != NATIVE:
        assert world.balance(token, world.rival) == before
    assert not world.desk.get("hasJoined", deal.order_id, 1, world.rival)
    for number, who in ((1, world.rival), (1, world.claimant), (0, world.rival), (2, world.rival)):
        with reverts("DisputeDesk_NoBond", deal.order_id, number, who):
            take_back(world, deal, number, who)


def test_a_rejection_costs_everybody_who_joined(world: DisputeWorld) -> None:
    deal = challenged(world)
    challenge(world, deal, who=world.rival)
    before = world.balance(world.usd.address, world.operator)
    assert paid_back(world, rule(world, deal)) == (world.operator, world.usd.address, 2 * BOND)
    assert world.balance(world.usd.address, world.operator) == before + 2 * BOND
    assert not world.desk.get("hasJoined", deal.order_id, 1, world.rival)
    with reverts("DisputeDesk_NoBond", deal.order_id, 1, world.rival):
        take_back(world, deal)


def test_challenges_of_one_order_are_told_apart(world: DisputeWorld) -> None:
    deal = world.funded(token=world.usd.address)
    world.commit(deal)
    challenge(world, deal)
    challenge(world, deal, who=world.rival)
    rule(world, deal)  # rejected
    challenge(world, deal)
    challenge(world, deal, who=world.rival)
    rule(world, deal, to_maker=1)
    with reverts("DisputeDesk_NoBond", deal.order_id, 1, world.rival):
        take_back(world, deal, 1)
    take_back(world, deal, 2)
    assert world.balance(world.usd.address, world.desk.address) == 0


# Receivers that fail


def challenged_by(world: DisputeWorld, doll: Contract, deal: Deal) -> None:
    perform(world, doll, world.desk, "challenge", *arguments(world, deal), value=BOND)


@pytest.mark.parametrize("reaction", [Reaction.REJECT, Reaction.BURN_GAS])
def test_a_challenger_that_cannot_receive_is_owed(world: DisputeWorld, reaction: Reaction) -> None:
    doll, deal = puppet(world), committed(world, NATIVE)
    challenged_by(world, doll, deal)
    react(world, doll, reaction)
    receipt = rule(world, deal, to_maker=1)
    args = {"to": doll.address, "token": NATIVE, "amount": BOND, "orderId": deal.order_id}
    assert world.event(receipt, "Owed").args == args
    react(world, doll, Reaction.ACCEPT)
    world.desk.send(world.relayer, "withdrawOwed", NATIVE, doll.address)
    assert world.chain.balance(doll.address) == BOND


def test_a_maker_that_cannot_receive_is_owed_by_the_escrow(world: DisputeWorld) -> None:
    doll = puppet(world)
    deal = funded_by(world, doll)
    world.commit(deal)
    challenge(world, deal)
    react(world, doll, Reaction.REJECT)
    rule(world, deal, to_maker=77)
    assert world.escrow.get("owed", doll.address, NATIVE) == 77


def test_a_token_that_blocks_the_operator_owes_it_the_bond(world: DisputeWorld) -> None:
    deal = challenged(world, world.quirky.address)
    world.quirky.send(world.deployer, "setBlocked", world.operator, True)
    rule(world, deal)
    assert world.desk.get("owed", world.operator, world.quirky.address) == BOND


@pytest.mark.parametrize("name", ["lapseChallenge", "ruleChallenge", "challenge"])
def test_nobody_reenters_the_desk(world: DisputeWorld, name: str) -> None:
    doll, deal = puppet(world), committed(world, NATIVE)
    challenged_by(world, doll, deal)
    world.authority.send(world.deployer, "grantRole", ARBITER_ROLE, doll.address, 0)
    quote = deal.quote.to_abi()
    calls = {
        "lapseChallenge": (quote,),
        "ruleChallenge": (quote, [0, 0, 0], 1),
        "challenge": arguments(world, deal),
    }
    doll.send(world.relayer, "setReentry", world.desk.address, world.desk.data(name, *calls[name]))
    rule(world, deal, to_maker=1)
    assert_guarded(doll, 1)


@pytest.mark.parametrize("where", ["desk", "escrow"])
def test_a_maker_reenters_neither_desk_nor_escrow(world: DisputeWorld, where: str) -> None:
    doll = puppet(world)
    deal = funded_by(world, doll)
    world.commit(deal)
    challenge(world, deal)
    world.authority.send(world.deployer, "grantRole", ARBITER_ROLE, doll.address, 0)
    again = world.desk.data("ruleChallenge", deal.quote.to_abi(), [0, 0, 0], 1)
    draw = world.escrow.data("withdrawOwed", NATIVE, doll.address)
    target, data = {"desk": (world.desk, again), "escrow": (world.escrow, draw)}[where]
    doll.send(world.relayer, "setReentry", target.address, data)
    rule(world, deal, to_maker=1)
    assert_guarded(doll, 1)


# Anybody but the desk


def test_only_the_desk_locks_and_pays_from_bonds(world: DisputeWorld) -> None:
    calls: list[tuple[Any, ...]] = [
        ("lockBond", world.operator, NATIVE, 1),
        ("unlockBond", world.operator, NATIVE, 1),
        ("payFromBond", NO_QUOTE, 1, [], 1),
        ("payFine", digest(1), world.operator, (digest(1), digest(2), NATIVE), 1, world.arbiter, 1),
    ]
    for call in calls:
        with reverts("RoyaltyAccounts_NotDesk", world.arbiter):
            world.escrow.send(world.arbiter, *call)
