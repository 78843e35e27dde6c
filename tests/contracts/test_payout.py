"""Holders are paid in batches: see payout.tree."""

from __future__ import annotations

import pytest

from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split

from .chain import NATIVE, TX_GAS, Contract, reverts
from .test_claim import addresses, split_of
from .test_commit import BURN_GAS, REJECT, assert_guarded
from .world import World, digest, even


def puppets(world: World, *reactions: int) -> list[Contract]:
    made = [world.chain.deploy("Puppet") for _ in reactions]
    for puppet, reaction in zip(made, reactions, strict=True):
        puppet.send(world.relayer, "setReaction", reaction)
    return made


def test_a_batch_pays_across_holders_accounts_and_tokens(world: World) -> None:
    rows = [(world.earn(split_of(3), 999, token, content=600 + i), token) for i, token in enumerate((NATIVE, None))]
    batch = [world.claim_of(work, index, token) for work, token in rows for index in range(3)]
    assert world.escrow.get("payout", batch) == 6
    receipt = world.escrow.send(world.relayer, "payout", batch)
    paid = [(event.args["token"], event.args["amount"]) for event in world.chain.events(receipt, "Paid")]
    assert paid == [(token, 332 + (i == 2)) for token in (NATIVE, world.usd.address) for i in range(3)]
    for address in addresses(3):
        assert world.chain.balance(address) == world.balance(world.usd.address, address) in (332, 333)


def test_a_repeated_claim_is_paid_once(world: World) -> None:
    work = world.earn(split_of(2), 1000)
    batch = [world.claim_of(work, 0), world.claim_of(work, 1), world.claim_of(work, 0)]
    assert world.escrow.get("payout", batch) == 2
    world.escrow.send(world.relayer, "payout", batch)
    assert [world.balance(world.usd.address, address) for address in addresses(2)] == [500, 500]
    assert world.escrow.get("payout", batch) == 0


def test_nothing_claimable_is_skipped(world: World) -> None:
    work = world.earn(Split.of([(addresses(1)[0], 1), (world.holders[0], PPM - 1)]), 1000)
    receipt = world.escrow.send(world.relayer, "payout", [world.claim_of(work, 0)])
    assert world.chain.events(receipt) == []


def test_less_than_the_holders_threshold_waits(world: World) -> None:
    holder = world.holders[0]
    work = world.earn(Split.of([(holder, 500_000), (addresses(1)[0], 500_000)]), 1000)
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
    work = world.earn(Split.of([(holder, PPM)]), 1000)
    world.escrow.send(holder, "setThreshold", world.usd.address, 10**9)
    assert world.escrow.get("claim", world.claim_of(work, 0), sender=holder) == 1000


def test_a_threshold_counts_for_its_holder_and_token_only(world: World) -> None:
    world.escrow.send(world.holders[0], "setThreshold", NATIVE, 5)
    assert world.escrow.get("threshold", world.holders[0], world.usd.address) == 0
    assert world.escrow.get("threshold", world.holders[1], NATIVE) == 0


@pytest.mark.parametrize("reaction", [REJECT, BURN_GAS])
def test_a_hostile_receiver_delays_only_itself(world: World, reaction: int) -> None:
    (hostile,) = puppets(world, reaction)
    a, b = addresses(2)
    work = world.earn(Split.of([(a, 250_000), (hostile.address, 500_000), (b, 250_000)]), 1000, NATIVE)
    batch = [world.claim_of(work, index, NATIVE) for index in range(3)]
    receipt = world.escrow.send(world.relayer, "payout", batch)
    assert [world.chain.balance(address) for address in (a, hostile.address, b)] == [250, 0, 250]
    failed = world.event(receipt, "PayoutFailed").args
    assert (failed["holder"], failed["index"], failed["amount"]) == (hostile.address, 1, 500)
    assert [event.args["holder"] for event in world.chain.events(receipt, "Paid")] == [a, b]
    account = failed["accountId"]
    assert (world.escrow.get("paidOut", account), world.escrow.get("drawn", account, 1)) == (500, 0)

    hostile.send(world.relayer, "setReaction", 0)
    assert world.escrow.get("payout", batch) == 1


def test_a_reentering_receiver_is_paid_once(world: World) -> None:
    (hostile,) = puppets(world, 0)
    work = world.earn(Split.of([(hostile.address, PPM)]), 1000, NATIVE)
    again = world.escrow.data("payout", [])
    hostile.send(world.relayer, "setReentry", world.escrow.address, again)
    world.escrow.send(world.relayer, "payout", [world.claim_of(work, 0, NATIVE)])
    assert world.chain.balance(hostile.address) == 1000
    assert_guarded(hostile, 1)


@pytest.mark.parametrize("quirk", [2, 3, 5, 6], ids=["returns false", "returns two", "reverts", "burns gas"])
def test_a_token_that_fails_leaves_the_balances(world: World, quirk: int) -> None:
    token = world.quirky.address
    bad, good = world.earn(split_of(2), 1000, token), world.earn(split_of(2), 1000, content=501)
    world.quirky.send(world.deployer, "setQuirk", quirk)
    batch = [world.claim_of(bad, 0, token), world.claim_of(good, 0), world.claim_of(bad, 1, token)]
    assert world.escrow.get("payout", batch) == 1
    world.escrow.send(world.relayer, "payout", batch)
    assert [world.escrow.get("claimable", item) for item in batch] == [500, 0, 500]


@pytest.mark.slow
def test_a_hundred_receivers_that_burn_gas_fit_in_a_transaction(world: World) -> None:
    hostile = puppets(world, *[BURN_GAS] * 2)
    holders = [hostile[i % 2].address for i in range(64)]
    split = Split.of(list(zip(holders, even(64), strict=True)))
    works = [world.earn(split, 10**6, NATIVE, content=content) for content in (510, 511)]
    batch = [world.claim_of(work, index, NATIVE) for work in works for index in range(50)]
    receipt = world.escrow.send(world.relayer, "payout", batch, gas=TX_GAS)
    assert len(world.chain.events(receipt, "PayoutFailed")) == 100


def test_an_invalid_proof_reverts_the_batch(world: World) -> None:
    work = world.earn(split_of(2), 1000)
    account, leaf, steps = world.claim_of(work, 1)
    forged = (account, leaf, [(digest(1), *steps[0][1:])])
    with reverts("RoyaltyVault_InvalidProof"):
        world.escrow.send(world.relayer, "payout", [world.claim_of(work, 0), forged])


def test_more_than_a_hundred_claims_are_refused(world: World) -> None:
    work = world.earn(split_of(1), 1000)
    assert world.escrow.get("payout", [world.claim_of(work, 0)] * 100) == 1
    with reverts("RoyaltyVault_BatchTooLarge", 101, 100):
        world.escrow.send(world.relayer, "payout", [world.claim_of(work, 0)] * 101)


def test_too_little_gas_reverts_and_fails_nobody(world: World) -> None:
    work = world.earn(split_of(1), 1000)
    with reverts("RoyaltyVault_GasTooLow", 150_000):
        world.escrow.send(world.relayer, "payout", [world.claim_of(work, 0)], gas=190_000)
