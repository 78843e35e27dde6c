"""Operators, their keys and their bonds: see operator_registry.tree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contrafact.domain.shares import PPM

from .chain import NATIVE, reverts
from .hostile import ARITHMETIC, Quirk, Reaction, assert_guarded, puppet, quirk, react, reenter_with
from .recordings import received
from .test_commit import bond
from .world import DAY, Deal, RuledWorld, World, digest

UNBONDING = 21 * DAY


@pytest.fixture
def operator(world: World) -> str:
    """Somebody who is no operator yet and has dollars."""
    return _rich(world, world.holders[3])


def _rich(world: World, who: str) -> str:
    for token in (world.usd, world.quirky):
        token.send(world.deployer, "mint", who, 10**12)
        token.send(who, "approve", world.escrow.address, 2**256 - 1)
    return who


def deposit(world: World, operator: str, amount: int, token: str | None = None, **more: Any) -> None:
    token, sender = token or world.usd.address, more.pop("sender", operator)
    value = more.pop("value", amount if token == NATIVE else 0)
    world.escrow.send(sender, "depositBond", operator, token, amount, value=value)


def withdrawal(world: World, operator: str, token: str) -> tuple[int, int]:
    """Amount, and from when."""
    amount, ready = world.escrow.get("withdrawalOf", operator, token)
    return int(amount), int(ready)


def signed_by(world: World, key: str, **changes: Any) -> Deal:
    return world.deal(world.quote(operator=key, **changes))


# Keys


def test_an_operator_names_its_key_and_another_one_later(world: World) -> None:
    for key in (world.holders[0], world.holders[1], NATIVE):
        receipt = world.escrow.send(world.relayer, "registerOperator", key, digest(7))
        expected = {"operator": world.relayer, "signer": key, "metadataDigest": digest(7)}
        assert world.event(receipt, "OperatorRegistered").args == expected
        assert world.escrow.get("signerOf", world.relayer) == key.lower()
    assert world.escrow.get("signerOf", world.operator) == NATIVE


# Deposits


@pytest.mark.parametrize("name", ["dollar", "native"])
def test_a_deposit_adds_to_the_bond_whoever_pays(world: World, operator: str, name: str) -> None:
    token = world.usd.address if name == "dollar" else NATIVE
    held = world.balance(token, world.escrow.address)
    deposit(world, operator, 300, token)
    deposit(world, operator, 5, token, sender=world.maker)
    assert bond(world, token, operator) == (305, 0)
    assert bond(world, token, world.maker) == (0, 0)
    assert world.balance(token, world.escrow.address) - held == 305


def test_a_deposit_says_so(world: World, operator: str) -> None:
    receipt = world.escrow.send(world.maker, "depositBond", operator, world.usd.address, 7)
    expected = {"operator": operator, "token": world.usd.address, "amount": 7}
    assert world.event(receipt, "BondDeposited").args == expected


def test_bonds_of_tokens_are_apart(world: World, operator: str) -> None:
    deposit(world, operator, 10**9)
    deal = signed_by(world, operator, token=NATIVE)
    with reverts("OperatorRegistry_BondTooLow", operator, NATIVE, deal.quote.escrow, 0):
        world.fund(deal)


@pytest.mark.parametrize(("amount", "value"), [(300, 299), (300, 301), (300, 0)])
def test_native_coin_is_sent_exactly(world: World, operator: str, amount: int, value: int) -> None:
    with reverts("Payments_WrongPayment", amount, value):
        deposit(world, operator, amount, NATIVE, value=value)


def test_native_coin_with_a_deposit_of_tokens_is_refused(world: World, operator: str) -> None:
    with reverts("Payments_WrongPayment", 0, 1):
        deposit(world, operator, 300, value=1)


def test_a_deposit_of_nothing_or_beyond_measure_is_refused(world: World, operator: str) -> None:
    with reverts("OperatorRegistry_AmountZero"):
        deposit(world, operator, 0)
    with reverts("SafeCastOverflowedUintDowncast", 128, 2**128):
        deposit(world, operator, 2**128)


@pytest.mark.parametrize("bad", [Quirk.TAKES_FEE, Quirk.RETURNS_FALSE, Quirk.REVERTS])
def test_a_token_that_does_not_deliver_bonds_nothing(world: World, operator: str, bad: Quirk) -> None:
    name = {Quirk.TAKES_FEE: "Payments_WrongPayment", Quirk.REVERTS: "Blocked"}
    quirk(world, bad)
    with reverts(name.get(bad, "SafeERC20FailedOperation")):
        deposit(world, operator, 1000, world.quirky.address)
    assert bond(world, world.quirky.address, operator) == (0, 0)


# Cover


def test_an_order_needs_a_bond_of_its_whole_escrow(world: World, operator: str) -> None:
    deal = signed_by(world, operator)
    escrow = deal.quote.escrow
    deposit(world, operator, escrow - 1)
    with reverts("OperatorRegistry_BondTooLow", operator, world.usd.address, escrow, escrow - 1):
        world.fund(deal)
    deposit(world, operator, 1)
    world.fund(deal)
    assert bond(world, world.usd.address, operator) == (escrow, escrow)
    second = signed_by(world, operator, operator_fee=1)
    with reverts("OperatorRegistry_BondTooLow", operator, world.usd.address, second.quote.escrow, 0):
        world.fund(second)


def test_an_order_that_costs_nothing_needs_some_bond_all_the_same(world: World, operator: str) -> None:
    free = world.terms(prices=tuple(replace(row, prices=(0,) * 4) for row in world.terms().prices))
    works = [world.set_terms(work, free) for work in world.catalogue_works]
    deal = world.deal(world.quote(works, base_rate=0, operator_fee=0, operator=operator), [free] * 3)
    with reverts("OperatorRegistry_BondTooLow", operator, world.usd.address, 0, 0):
        world.fund(deal)
    deposit(world, operator, 1)
    world.fund(deal)
    assert world.status(deal) == "funded"


def test_what_covers_orders_is_not_withdrawn(world: World, operator: str) -> None:
    deal = signed_by(world, operator)
    escrow = deal.quote.escrow
    deposit(world, operator, escrow + 10)
    world.fund(deal)
    with reverts("OperatorRegistry_BondTooLow", operator, world.usd.address, 11, 10):
        world.escrow.send(operator, "requestWithdrawal", world.usd.address, 11)
    world.escrow.send(operator, "requestWithdrawal", world.usd.address, 10)
    assert bond(world, world.usd.address, operator) == (escrow, escrow)
    world.commit(deal, signature=world.sign_commit(world.commit_of(deal), operator))
    world.escrow.send(operator, "requestWithdrawal", world.usd.address, escrow)
    assert bond(world, world.usd.address, operator) == (0, 0)


def test_what_is_being_withdrawn_covers_nothing_new(world: World, operator: str) -> None:
    deal = signed_by(world, operator)
    escrow = deal.quote.escrow
    deposit(world, operator, escrow)
    world.escrow.send(operator, "requestWithdrawal", world.usd.address, 1)
    with reverts("OperatorRegistry_BondTooLow", operator, world.usd.address, escrow, escrow - 1):
        world.fund(deal)


# Withdrawals


@pytest.mark.parametrize("name", ["dollar", "native"])
def test_a_withdrawal_takes_three_weeks(world: World, operator: str, name: str) -> None:
    token = world.usd.address if name == "dollar" else NATIVE
    deposit(world, operator, 1000, token)
    receipt = world.escrow.send(operator, "requestWithdrawal", token, 400)
    ready = world.chain.now + UNBONDING
    expected = {"operator": operator, "token": token, "amount": 400, "readyAt": ready}
    assert world.event(receipt, "WithdrawalRequested").args == expected
    assert withdrawal(world, operator, token) == (400, ready)
    assert bond(world, token, operator) == (600, 0)
    world.chain.travel(ready - 1)
    with reverts("OperatorRegistry_TooEarly", ready):
        world.escrow.get("withdrawBond", token, sender=operator)
    world.chain.travel(ready)
    assert world.escrow.get("withdrawBond", token, sender=operator) == 400
    held = world.balance(token, world.escrow.address)
    receipt = world.escrow.send(operator, "withdrawBond", token)
    assert world.event(receipt, "BondWithdrawn").args == {"operator": operator, "token": token, "amount": 400}
    assert held - world.balance(token, world.escrow.address) == 400
    assert withdrawal(world, operator, token) == (0, 0)
    with reverts("OperatorRegistry_NothingToWithdraw"):
        world.escrow.send(operator, "withdrawBond", token)


def test_a_second_request_adds_up_and_starts_the_time_anew(world: World, operator: str) -> None:
    token = world.usd.address
    deposit(world, operator, 1000)
    world.escrow.send(operator, "requestWithdrawal", token, 400)
    first = world.chain.now + UNBONDING
    world.chain.travel(first - 10)
    world.escrow.send(operator, "requestWithdrawal", token, 100)
    ready = world.chain.now + UNBONDING
    assert withdrawal(world, operator, token) == (500, ready)
    world.chain.travel(first)
    with reverts("OperatorRegistry_TooEarly", ready):
        world.escrow.send(operator, "withdrawBond", token)


def test_nobody_starts_the_time_of_another_anew(world: World, operator: str) -> None:
    deposit(world, operator, 1000)
    world.escrow.send(operator, "requestWithdrawal", world.usd.address, 400)
    before = withdrawal(world, operator, world.usd.address)
    deposit(world, operator, 1, sender=world.maker)
    with reverts("OperatorRegistry_BondTooLow", world.maker, world.usd.address, 1, 0):
        world.escrow.send(world.maker, "requestWithdrawal", world.usd.address, 1)
    assert withdrawal(world, operator, world.usd.address) == before


def test_a_request_for_nothing_or_too_much_is_refused(world: World, operator: str) -> None:
    deposit(world, operator, 1000)
    with reverts("OperatorRegistry_AmountZero"):
        world.escrow.send(operator, "requestWithdrawal", world.usd.address, 0)
    for amount in (1001, 2**128, 2**128 + 1000):
        with reverts("OperatorRegistry_BondTooLow", operator, world.usd.address, amount, 1000):
            world.escrow.send(operator, "requestWithdrawal", world.usd.address, amount)


def test_a_bond_goes_to_its_operator_only(world: World, operator: str) -> None:
    deposit(world, operator, 1000)
    world.escrow.send(operator, "requestWithdrawal", world.usd.address, 1000)
    world.chain.travel(world.chain.now + UNBONDING)
    with reverts("OperatorRegistry_NothingToWithdraw"):
        world.escrow.send(world.maker, "withdrawBond", world.usd.address)


def test_an_operator_that_cannot_receive_keeps_its_withdrawal(world: World) -> None:
    wallet = puppet(world)
    deposit(world, wallet.address, 1000, NATIVE, sender=world.maker)
    ask = world.escrow.data("requestWithdrawal", NATIVE, 1000)
    wallet.send(world.relayer, "perform", world.escrow.address, ask)
    world.chain.travel(world.chain.now + UNBONDING)
    take = world.escrow.data("withdrawBond", NATIVE)
    react(world, wallet, Reaction.REJECT)
    with reverts("Payments_TransferFailed", wallet.address, 1000):
        wallet.send(world.relayer, "perform", world.escrow.address, take)
    reenter_with(world, wallet, "withdrawBond", NATIVE)
    wallet.send(world.relayer, "perform", world.escrow.address, take)
    assert world.chain.balance(wallet.address) == 1000
    assert_guarded(wallet, 1)


# Challenges, as the desk says


def lock(world: RuledWorld, operator: str, amount: int) -> Any:
    return world.escrow.send(world.desk_address, "lockBond", operator, world.usd.address, amount)


def challengeable(world: World, operator: str) -> int:
    return int(world.escrow.get("challengeableOf", operator, world.usd.address))


def test_a_challenge_locks_what_is_free_first(ruled: RuledWorld) -> None:
    operator, token = _rich(ruled, ruled.holders[2]), ruled.usd.address
    deposit(ruled, operator, 1000)
    ruled.escrow.send(operator, "requestWithdrawal", token, 300)
    receipt = lock(ruled, operator, 600)
    expected = {"operator": operator, "token": token, "amount": 600, "fromWithdrawal": 0}
    assert ruled.event(receipt, "BondLocked").args == expected
    assert bond(ruled, token, operator) == (700, 600)
    receipt = lock(ruled, operator, 150)
    assert ruled.event(receipt, "BondLocked").args["fromWithdrawal"] == 50
    assert (bond(ruled, token, operator), withdrawal(ruled, operator, token)[0]) == ((750, 750), 250)
    assert challengeable(ruled, operator) == 750
    with reverts("OperatorRegistry_BondTooLow", operator, token, 1, 0):
        ruled.escrow.send(operator, "requestWithdrawal", token, 1)


def test_a_withdrawal_that_is_ready_is_locked_until_it_has_left(ruled: RuledWorld) -> None:
    operator, token = _rich(ruled, ruled.holders[2]), ruled.usd.address
    deposit(ruled, operator, 1000)
    ruled.escrow.send(operator, "requestWithdrawal", token, 1000)
    ruled.chain.travel(ruled.chain.now + UNBONDING)
    lock(ruled, operator, 999)
    assert ruled.escrow.get("withdrawBond", token, sender=operator) == 1


def test_a_challenge_locks_more_than_there_is_and_nothing_new_is_covered(ruled: RuledWorld) -> None:
    operator, token = _rich(ruled, ruled.holders[2]), ruled.usd.address
    deal, next_ = signed_by(ruled, operator), signed_by(ruled, operator)
    escrow = deal.quote.escrow
    deposit(ruled, operator, escrow)
    ruled.fund(deal)
    lock(ruled, operator, 500)
    assert bond(ruled, token, operator) == (escrow, escrow + 500)
    assert challengeable(ruled, operator) == 0  # all of it covers the order
    deposit(ruled, operator, escrow + 499)
    with reverts("OperatorRegistry_BondTooLow", operator, token, escrow, escrow - 1):
        ruled.fund(next_)
    deposit(ruled, operator, 1)
    ruled.fund(next_)
    assert (bond(ruled, token, operator), challengeable(ruled, operator)) == ((2 * escrow + 500,) * 2, 500)


def test_what_a_challenge_no_longer_asks_for_is_free(ruled: RuledWorld) -> None:
    operator, token = _rich(ruled, ruled.holders[2]), ruled.usd.address
    deposit(ruled, operator, 1000)
    lock(ruled, operator, 900)
    lock(ruled, operator, 50)
    receipt = ruled.escrow.send(ruled.desk_address, "unlockBond", operator, token, 900)
    assert ruled.event(receipt, "BondUnlocked").args == {"operator": operator, "token": token, "amount": 900}
    assert bond(ruled, token, operator) == (1000, 50)
    ruled.escrow.send(operator, "requestWithdrawal", token, 950)


def test_no_more_is_unlocked_than_challenges_have_locked(ruled: RuledWorld) -> None:
    """What covers an order is never given free by the end of a challenge."""
    deal = ruled.funded()
    lock(ruled, ruled.operator, 100)
    with reverts(ARITHMETIC):
        ruled.escrow.send(ruled.desk_address, "unlockBond", ruled.operator, ruled.usd.address, 101)
    assert bond(ruled, ruled.usd.address)[1] == deal.quote.escrow + 100


def pay_from_bond(world: RuledWorld, deal: Deal, locked: int, to_sources: tuple[int, ...], to_maker: int) -> Any:
    arguments = deal.quote.to_abi(), locked, list(to_sources), to_maker
    return world.escrow.send(world.desk_address, "payFromBond", *arguments)


def test_an_upheld_challenge_pays_sources_and_maker_from_the_bond(ruled: RuledWorld) -> None:
    deal = ruled.funded()
    ruled.commit(deal)
    whole, locked = bond(ruled, ruled.usd.address)
    token = ruled.usd.address
    before = [received(ruled, work, token) for work in ruled.catalogue_works]
    maker, held = ruled.balance(token, ruled.maker), ruled.balance(token, ruled.escrow.address)
    lock(ruled, ruled.operator, 1000)
    receipt = pay_from_bond(ruled, deal, 1000, (10, 0, 300), 400)
    expected = {"operator": ruled.operator, "orderId": deal.order_id, "token": token, "amount": 710}
    assert ruled.event(receipt, "BondPaid").args == expected
    unlocked = {"operator": ruled.operator, "token": token, "amount": 1000}
    assert ruled.event(receipt, "BondUnlocked").args == unlocked
    after = [received(ruled, work, token) for work in ruled.catalogue_works]
    assert [new - old for new, old in zip(after, before, strict=True)] == [10, 0, 300]
    assert ruled.balance(token, ruled.maker) - maker == 400
    assert held - ruled.balance(token, ruled.escrow.address) == 400
    assert bond(ruled, token) == (whole - 710, locked)


def test_no_more_is_paid_than_was_locked_or_is_left_beside_open_orders(ruled: RuledWorld) -> None:
    operator, token = _rich(ruled, ruled.holders[2]), ruled.usd.address
    first, second = signed_by(ruled, operator), signed_by(ruled, operator)
    escrow = first.quote.escrow
    deposit(ruled, operator, 2 * escrow)
    for deal in (first, second):
        ruled.fund(deal)
    ruled.commit(first, signature=ruled.sign_commit(ruled.commit_of(first), operator))
    lock(ruled, operator, escrow + 50)
    with reverts("OperatorRegistry_MoreThanLocked", escrow + 1, escrow):  # the rest covers the second order
        pay_from_bond(ruled, first, escrow + 50, (0, 1, 0), escrow)
    with reverts("OperatorRegistry_MoreThanLocked", 101, 100):
        pay_from_bond(ruled, first, 100, (0, 1, 0), 100)
    pay_from_bond(ruled, first, escrow + 50, (0, 0, 0), escrow)
    assert bond(ruled, token, operator) == (escrow, escrow)
    ruled.chain.travel(second.quote.deadline)
    ruled.refund(second)  # its penalty is there
    assert bond(ruled, token, operator) == (escrow - escrow * 100_000 // PPM, 0)


def test_each_source_has_an_amount(ruled: RuledWorld) -> None:
    deal = ruled.funded()
    lock(ruled, ruled.operator, 1000)
    for amounts in ((), (1, 1), (1, 1, 1, 1)):
        with reverts("FinishedOrders_AmountsCount", 3, len(amounts)):
            pay_from_bond(ruled, deal, 1000, amounts, 1)


def test_a_maker_that_cannot_receive_is_owed_what_a_challenge_gives_it(ruled: RuledWorld) -> None:
    token = ruled.quirky
    deal = ruled.funded(token=token.address)
    ruled.escrow.send(ruled.desk_address, "lockBond", ruled.operator, token.address, 1000)
    token.send(ruled.deployer, "setBlocked", ruled.maker, True)
    receipt = pay_from_bond(ruled, deal, 1000, (1, 2, 3), 400)
    expected = {"to": ruled.maker, "token": token.address, "amount": 400, "orderId": deal.order_id}
    assert ruled.event(receipt, "Owed").args == expected


def test_only_the_desk_locks_unlocks_and_pays(ruled: RuledWorld) -> None:
    deal, token = ruled.funded(), ruled.usd.address
    calls = {
        "lockBond": (ruled.operator, token, 1),
        "unlockBond": (ruled.operator, token, 1),
        "payFromBond": (deal.quote.to_abi(), 1, [0, 0, 0], 1),
    }
    lock(ruled, ruled.operator, 1)
    for name, arguments in calls.items():
        for caller in (ruled.deployer, ruled.operator, ruled.maker, ruled.relayer):
            with reverts("RoyaltyAccounts_NotDesk", caller):
                ruled.escrow.send(caller, name, *arguments)
        with ruled.chain.undone():
            ruled.escrow.send(ruled.desk_address, name, *arguments)
