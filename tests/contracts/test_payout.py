"""Holders are paid in batches: see payout.tree."""

from __future__ import annotations

import pytest

from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split

from .chain import NATIVE, TX_GAS, reverts
from .disputes import DisputeWorld
from .hostile import FAILING, Quirk, Reaction, assert_guarded, puppet, quirk, react, reenter_with, with_little_gas
from .test_claim import confirmed, split_of
from .world import World, account, digest, even


def test_a_batch_pays_across_holders_accounts_and_tokens(world: World) -> None:
    split = split_of(world, 3)
    rows = [(confirmed(world, split, 999, token, 600 + i), token) for i, token in enumerate((NATIVE, None))]
    batch = [world.claim_of(work, index, token) for work, token in rows for index in range(3)]
    assert world.escrow.get("payout", batch) == 6
    receipt = world.escrow.send(world.relayer, "payout", batch)
    keys = [account(work, world.escrow, token or world.usd.address) for work, token in rows]
    paid = [tuple(event.args.values()) for event in world.chain.events(receipt, "Paid")]
    assert paid == [(key, leaf.holder, leaf.index, 332 + (leaf.index == 2)) for key in keys for leaf in split.leaves]
    for leaf in split.leaves:
        amount = 332 + (leaf.index == 2)
        assert world.chain.balance(leaf.holder) == world.balance(world.usd.address, leaf.holder) == amount


def test_a_repeated_claim_is_paid_once(world: World) -> None:
    work = confirmed(world, split_of(world, 2), 1000)
    batch = [world.claim_of(work, 0), world.claim_of(work, 1), world.claim_of(work, 0)]
    assert world.escrow.get("payout", batch) == 2
    world.escrow.send(world.relayer, "payout", batch)
    assert [world.balance(world.usd.address, leaf.holder) for leaf in work.split.leaves] == [500, 500]
    assert world.escrow.get("payout", batch) == 0


def test_unconfirmed_places_are_skipped_even_for_their_holder(world: World) -> None:
    split = Split.of([(world.holders[0], 400_000), (world.holders[1], 600_000)])
    work = world.earn(split, 1000)
    world.confirm(work, None, 1)
    batch = [world.claim_of(work, 0), world.claim_of(work, 1)]
    assert world.escrow.get("payout", batch, sender=world.holders[0]) == 1
    receipt = world.escrow.send(world.holders[0], "payout", batch)
    assert [event.args["index"] for event in world.chain.events(receipt) if event.name == "Paid"] == [1]
    key = account(work, world.escrow, world.usd.address)
    assert [world.escrow.get("placeOf", key, index) for index in (0, 1)] == [(0, 0), (600, 1)]


def test_nothing_claimable_is_skipped(world: World) -> None:
    work = confirmed(world, Split.of([(world.strangers(1)[0], 1), (world.holders[0], PPM - 1)]), 1000)
    receipt = world.escrow.send(world.relayer, "payout", [world.claim_of(work, 0)])
    assert world.chain.events(receipt) == []


# Thresholds


def test_less_than_the_holders_threshold_waits(world: World) -> None:
    holder = world.holders[0]
    work = confirmed(world, Split.of([(holder, 500_000), (world.strangers(1)[0], 500_000)]), 1000)
    batch = [world.claim_of(work, 0), world.claim_of(work, 1)]
    receipt = world.escrow.send(holder, "setThreshold", world.usd.address, 501)
    expected = {"holder": holder, "token": world.usd.address, "threshold": 501}
    assert world.event(receipt, "ThresholdSet").args == expected
    assert world.escrow.get("threshold", holder, world.usd.address) == 501
    assert world.escrow.get("payout", batch) == 1

    world.escrow.send(holder, "setThreshold", world.usd.address, 500)
    assert world.escrow.get("payout", batch) == 2


def test_a_threshold_does_not_hold_back_a_claim(world: World) -> None:
    holder = world.holders[0]
    work = confirmed(world, Split.of([(holder, PPM)]), 1000)
    world.escrow.send(holder, "setThreshold", world.usd.address, 10**9)
    assert world.escrow.get("claim", world.claim_of(work, 0), sender=world.relayer) == 1000


def test_a_threshold_counts_for_its_holder_and_token_only(world: World) -> None:
    world.escrow.send(world.holders[0], "setThreshold", NATIVE, 5)
    assert world.escrow.get("threshold", world.holders[0], world.usd.address) == 0
    assert world.escrow.get("threshold", world.holders[1], NATIVE) == 0


# Receivers and tokens


@pytest.mark.parametrize("reaction", [Reaction.REJECT, Reaction.BURN_GAS])
def test_a_hostile_receiver_delays_only_itself(world: World, reaction: Reaction) -> None:
    hostile, (a, b) = puppet(world, reaction), world.strangers(2)
    work = confirmed(world, Split.of([(a, 250_000), (hostile.address, 500_000), (b, 250_000)]), 1000, NATIVE)
    key = account(work, world.escrow, NATIVE)
    batch = [world.claim_of(work, index, NATIVE) for index in range(3)]
    receipt = world.escrow.send(world.relayer, "payout", batch)
    assert [world.chain.balance(address) for address in (a, hostile.address, b)] == [250, 0, 250]
    failed = {"accountId": key, "payee": hostile.address, "index": 1, "amount": 500}
    assert world.event(receipt, "PayoutFailed").args == failed
    assert [event.args["payee"] for event in world.chain.events(receipt, "Paid")] == [a, b]
    assert [world.escrow.get("placeOf", key, index)[0] for index in range(3)] == [250, 0, 250]

    react(world, hostile, Reaction.ACCEPT)
    assert world.escrow.get("payout", batch) == 1


def test_a_receiver_that_returns_much_is_paid(metered: DisputeWorld) -> None:
    doll = puppet(metered, Reaction.RETURN_MUCH)
    work = confirmed(metered, Split.of([(doll.address, PPM)]), 1000, NATIVE)
    receipt = metered.escrow.send(metered.relayer, "payout", [metered.claim_of(work, 0, NATIVE)])
    assert metered.chain.balance(doll.address) == 1000
    assert receipt["gas_used"] < 150_000


def test_a_reentering_receiver_is_paid_once(world: World) -> None:
    doll = puppet(world)
    work = confirmed(world, Split.of([(doll.address, PPM)]), 1000, NATIVE)
    reenter_with(world, doll, "payout", [])
    world.escrow.send(world.relayer, "payout", [world.claim_of(work, 0, NATIVE)])
    assert world.chain.balance(doll.address) == 1000
    assert_guarded(doll, 1)


@pytest.mark.parametrize("bad", FAILING)
def test_a_token_that_fails_leaves_the_balances(world: World, bad: Quirk) -> None:
    token, split = world.quirky.address, split_of(world, 2)
    failing, good = confirmed(world, split, 1000, token), confirmed(world, split, 1000, content=501)
    quirk(world, bad)
    batch = [world.claim_of(failing, 0, token), world.claim_of(good, 0), world.claim_of(failing, 1, token)]
    assert world.escrow.get("payout", batch) == 1
    world.escrow.send(world.relayer, "payout", batch)
    assert [world.escrow.get("claimable", item) for item in batch] == [500, 0, 500]


@pytest.mark.slow
def test_a_hundred_receivers_that_burn_gas_fit_in_a_transaction(metered: DisputeWorld) -> None:
    hostile = [puppet(metered, Reaction.BURN_GAS) for _ in range(2)]
    holders = [hostile[i % 2].address for i in range(64)]
    split = Split.of(list(zip(holders, even(64), strict=True)))
    works = [confirmed(metered, split, 10**6, NATIVE, content) for content in (510, 511)]
    batch = [metered.claim_of(work, index, NATIVE) for work in works for index in range(50)]
    receipt = metered.escrow.send(metered.relayer, "payout", batch, gas=TX_GAS)
    assert len(metered.chain.events(receipt, "PayoutFailed")) == 100


# Batches


def test_an_invalid_proof_reverts_the_batch(world: World) -> None:
    work = confirmed(world, split_of(world, 2), 1000)
    account, leaf, steps = world.claim_of(work, 1)
    forged = (account, leaf, [(digest(1), steps[0][1])])
    with reverts("RoyaltyVault_InvalidProof"):
        world.escrow.send(world.relayer, "payout", [world.claim_of(work, 0), forged])


def test_more_than_a_hundred_claims_are_refused(world: World) -> None:
    work = confirmed(world, split_of(world, 1), 1000)
    assert world.escrow.get("payout", [world.claim_of(work, 0)] * 100) == 1
    with reverts("RoyaltyVault_BatchTooLarge", 101, 100):
        world.escrow.send(world.relayer, "payout", [world.claim_of(work, 0)] * 101)


def test_too_little_gas_reverts_and_fails_nobody(metered: DisputeWorld) -> None:
    work = confirmed(metered, split_of(metered, 1), 1000)
    batch = [metered.claim_of(work, 0)]
    runs = with_little_gas(
        metered,
        lambda gas: metered.escrow.send(metered.relayer, "payout", batch, gas=gas),
        range(150_000, 260_000, 5_000),
    )
    assert not [event for run in runs for event in metered.chain.events(run, "PayoutFailed")]
