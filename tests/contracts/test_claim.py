"""Holders are paid one by one: see claim.tree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak

from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split, account_id

from .chain import NATIVE, reverts
from .test_commit import REJECT, assert_guarded
from .world import World, account, claim, digest, even


def addresses(count: int) -> list[str]:
    return ["0x" + f"{i + 1:040x}" for i in range(0x1000, 0x1000 + count)]


def split_of(count: int) -> Split:
    return Split.of(list(zip(addresses(count), even(count), strict=True)))


@pytest.mark.parametrize("count", [1, 2, 3, 64])
def test_each_holder_draws_its_share(world: World, count: int) -> None:
    split = split_of(count)
    work = world.earn(split, 1_000_003)
    for index in {0, 1, count // 2, count - 1} & set(range(count)):
        leaf = split.leaves[index]
        expected = 1_000_003 * leaf.share // PPM
        assert world.escrow.get("claimable", world.claim_of(work, index)) == expected
        receipt = world.escrow.send(world.relayer, "claim", world.claim_of(work, index))
        assert world.balance(world.usd.address, leaf.holder) == expected
        assert world.escrow.get("claimable", world.claim_of(work, index)) == 0
        assert world.event(receipt, "Paid").args == {
            "accountId": account(work, world.escrow, world.usd.address),
            "holder": work.split.leaves[index].holder,
            "beneficiary": work.work_id,
            "index": index,
            "token": world.usd.address,
            "amount": expected,
        }


def test_native_coin_is_claimed_likewise(world: World) -> None:
    work = world.earn(split_of(3), 10**18, NATIVE)
    world.escrow.send(world.relayer, "claim", world.claim_of(work, 1, NATIVE))
    assert world.chain.balance(work.split.leaves[1].holder) == 10**18 * work.split.leaves[1].share // PPM


def test_claim_twice_pays_once(world: World) -> None:
    work = world.earn(split_of(2), 1000)
    world.escrow.send(world.relayer, "claim", world.claim_of(work, 0))
    with reverts("RoyaltyVault_NothingToClaim"):
        world.escrow.send(world.relayer, "claim", world.claim_of(work, 0))


def test_an_account_that_never_earned_pays_nothing(world: World) -> None:
    with reverts("RoyaltyVault_NothingToClaim"):
        world.escrow.send(world.relayer, "claim", claim(digest(1), split_of(1), world.usd.address, 0))


def test_small_payments_lose_nothing_on_the_way(world: World) -> None:
    """Flooring each of the payments of 7 would leave this holder of 10 % with nothing at all."""
    split = Split.of([(addresses(1)[0], 100_000), (world.holders[0], 900_000)])
    work = world.earn(split, 7)
    drawn = []
    for _ in range(9):
        deal = world.deal(world.quote([work], duration=30, base_rate=0, operator_fee=0), [work.terms])
        world.fund(deal)
        world.commit(deal, world.commit_of(deal, 0, [PPM]))
        if world.escrow.get("claimable", world.claim_of(work, 0)):
            receipt = world.escrow.send(world.relayer, "claim", world.claim_of(work, 0))
            drawn.append(world.event(receipt, "Paid").args["amount"])
    assert sum(drawn) == 7  # 70 came in


def test_the_views_say_what_came_and_went(world: World) -> None:
    work = world.earn(split_of(2), 1001)
    account_key = account_id(work.work_id, work.split.root, world.usd.address)
    assert account(work, world.escrow, world.usd.address) == account_key
    world.escrow.send(world.relayer, "claim", world.claim_of(work, 1))
    assert world.escrow.get("received", account_key) == 1001
    assert world.escrow.get("paidOut", account_key) == 500
    assert [world.escrow.get("drawn", account_key, index) for index in (0, 1)] == [0, 500]


def test_money_earned_under_an_old_split_stays_there(world: World) -> None:
    old, new = split_of(2), Split.of([(world.holders[0], PPM)])
    work = world.earn(old, 1000)
    world.works.send(work.licensor, "changeSplit", work.work_id, new.root, digest(3))
    assert world.escrow.get("claimable", world.claim_of(work, 0)) == 500
    assert world.escrow.get("claimable", claim(work.work_id, new, world.usd.address, 0)) == 0


def test_the_pool_of_a_model_is_claimed_like_a_work(world: World) -> None:
    deal = world.funded()
    world.commit(deal)
    before = world.balance(world.usd.address, world.licensor2)
    pool_claim = claim(world.model_id, world.pool, world.usd.address, 1)
    world.escrow.send(world.relayer, "claim", pool_claim)
    assert world.balance(world.usd.address, world.licensor2) - before == 200_000 * 600_000 // PPM


def _forgeries() -> list[Any]:
    def leaf(**changes: Any) -> Any:
        def forge(account: Any, old: Any, steps: Any) -> Any:
            fields = dict(zip(("index", "holder", "share"), old, strict=True)) | changes
            return account, tuple(fields.values()), steps

        return forge

    return [
        pytest.param(leaf(holder="0x" + "99" * 20), id="holder"),
        pytest.param(leaf(share=333_334), id="share"),
        pytest.param(leaf(index=2), id="index"),
        pytest.param(lambda a, leaf, steps: (a, leaf, []), id="no proof"),
        pytest.param(lambda a, leaf, steps: (a, leaf, steps[:1]), id="short proof"),
        pytest.param(lambda a, leaf, steps: (a, leaf, steps[::-1]), id="order of steps"),
        pytest.param(lambda a, leaf, steps: (a, leaf, [(digest(1), *steps[0][1:]), *steps[1:]]), id="hash of a step"),
        pytest.param(lambda a, leaf, steps: (a, leaf, [(h, s, not x) for h, s, x in steps]), id="sides"),
        pytest.param(lambda a, leaf, steps: (a, leaf, [(h, s + 1, x) for h, s, x in steps]), id="sums"),
        pytest.param(lambda a, leaf, steps: ((a[0], digest(1), a[2]), leaf, steps), id="root"),
    ]


@pytest.mark.parametrize("forge", _forgeries())
def test_a_forged_proof_is_refused(world: World, forge: Any) -> None:
    work = world.earn(split_of(3), 10**6)
    with reverts("RoyaltyVault_InvalidProof"):
        world.escrow.send(world.relayer, "claim", forge(*world.claim_of(work, 1)))


def test_a_proof_for_one_account_does_not_serve_another(world: World) -> None:
    work = world.earn(split_of(2), 10**6)
    other = world.earn(Split.of([(world.holders[0], PPM)]), 10**6, content=501)
    _, leaf, steps = world.claim_of(work, 0)
    with reverts("RoyaltyVault_InvalidProof"):
        world.escrow.send(world.relayer, "claim", (world.claim_of(other, 0)[0], leaf, steps))


# Trees as a malicious licensor would build them

LeafNode = tuple[bytes, int]


def _leaf(index: int, holder: str, share: int) -> LeafNode:
    return keccak(keccak(encode(["uint32", "address", "uint32"], [index, holder, share]))), share


def _node(left: LeafNode, right: LeafNode, claimed: tuple[int, int] | None = None) -> LeafNode:
    sums = claimed or (left[1], right[1])
    packed = encode(["bytes32", "uint32", "bytes32", "uint32"], [left[0], sums[0], right[0], sums[1]])
    return keccak(packed), sum(sums)


def _earn_under(world: World, root: bytes, amount: int) -> tuple[bytes, bytes, str]:
    """Money for an account of any root; returns the account."""
    decoy = world.earn(split_of(1), amount, content=777)
    world.works.send(decoy.licensor, "changeSplit", decoy.work_id, root, digest(1))
    quote = world.quote([decoy], duration=30, base_rate=0, operator_fee=0)
    sources = (replace(quote.sources[0], split_root=root),)
    deal = world.deal(replace(quote, sources=sources), [decoy.terms])
    world.fund(deal)
    world.commit(deal, world.commit_of(deal, 0, [PPM]))
    return decoy.work_id, root, world.usd.address


@pytest.mark.parametrize("shares", [(600_000, 600_000), (400_000, 400_000), (PPM, PPM)])
def test_a_tree_that_does_not_sum_to_the_whole_pays_nobody(world: World, shares: tuple[int, int]) -> None:
    a, b = (_leaf(i, world.holders[i], share) for i, share in enumerate(shares))
    money = _earn_under(world, _node(a, b)[0], 10**6)
    for i, (own, sibling) in enumerate(((a, b), (b, a))):
        step = (sibling[0], sibling[1], i == 1)
        with reverts("RoyaltyVault_InvalidProof"):
            world.escrow.send(world.relayer, "claim", (money, (i, world.holders[i], own[1]), [step]))


def test_a_node_that_lies_about_a_sum_makes_its_leaf_unprovable(world: World) -> None:
    a, b = _leaf(0, world.holders[0], 900_000), _leaf(1, world.holders[1], 900_000)
    root = _node(a, b, (100_000, 900_000))[0]
    money = _earn_under(world, root, 10**6)
    for claimed in (100_000, 900_000):
        with reverts("RoyaltyVault_InvalidProof"):
            world.escrow.send(world.relayer, "claim", (money, (0, world.holders[0], claimed), [(b[0], 900_000, False)]))
    with reverts("RoyaltyVault_InvalidProof"):  # b's own sum is right, but then the root's is not
        world.escrow.send(world.relayer, "claim", (money, (1, world.holders[1], 900_000), [(a[0], 900_000, True)]))


def test_a_holder_that_stands_twice_under_one_index_draws_once(world: World) -> None:
    twice = _leaf(0, world.holders[0], 500_000)
    money = _earn_under(world, _node(twice, twice)[0], 10**6)
    leaf = (0, world.holders[0], 500_000)
    world.escrow.send(world.relayer, "claim", (money, leaf, [(*twice, False)]))
    with reverts("RoyaltyVault_NothingToClaim"):
        world.escrow.send(world.relayer, "claim", (money, leaf, [(*twice, True)]))


def test_two_holders_under_one_index_share_one_balance(world: World) -> None:
    small, large = _leaf(0, world.holders[0], 300_000), _leaf(0, world.holders[1], 700_000)
    money = _earn_under(world, _node(small, large)[0], 10**6)
    world.escrow.send(world.relayer, "claim", (money, (0, world.holders[1], 700_000), [(*small, True)]))
    with reverts("RoyaltyVault_NothingToClaim"):
        world.escrow.send(world.relayer, "claim", (money, (0, world.holders[0], 300_000), [(*large, False)]))


def test_sixty_four_holders_take_six_steps_and_seven_are_refused(world: World) -> None:
    deep = split_of(64)
    assert len(deep.proof(0)) == 6
    extra = _leaf(64, world.holders[0], 0)
    money = _earn_under(world, _node((deep.root, PPM), extra)[0], 10**6)
    _, leaf, steps = claim(digest(1), deep, world.usd.address, 0)
    with reverts("RoyaltyVault_InvalidProof"):
        world.escrow.send(world.relayer, "claim", (money, leaf, [*steps, (*extra, False)]))


# Receivers and tokens


def test_a_receiver_that_rejects_keeps_its_balance(world: World) -> None:
    puppet = world.chain.deploy("Puppet")
    puppet.send(world.relayer, "setReaction", REJECT)
    work = world.earn(Split.of([(puppet.address, PPM)]), 1000, NATIVE)
    with reverts("RoyaltyVault_TransferFailed", puppet.address, 1000):
        world.escrow.send(world.relayer, "claim", world.claim_of(work, 0, NATIVE))
    puppet.send(world.relayer, "setReaction", 0)
    world.escrow.send(world.relayer, "claim", world.claim_of(work, 0, NATIVE))
    assert world.chain.balance(puppet.address) == 1000


def test_a_receiver_that_reenters_is_paid_once(world: World) -> None:
    puppet = world.chain.deploy("Puppet")
    work = world.earn(Split.of([(puppet.address, 500_000), (world.holders[0], 500_000)]), 1000, NATIVE)
    again = world.escrow.data("claim", world.claim_of(work, 1, NATIVE))  # somebody else's, still claimable
    puppet.send(world.relayer, "setReentry", world.escrow.address, again)
    world.escrow.send(world.relayer, "claim", world.claim_of(work, 0, NATIVE))
    assert world.chain.balance(puppet.address) == 500
    assert_guarded(puppet, 1)
    assert world.chain.balance(world.escrow.address) == 500


@pytest.mark.parametrize("quirk", [2, 3, 5], ids=["returns false", "returns two", "reverts"])
def test_a_token_that_fails_leaves_the_balance(world: World, quirk: int) -> None:
    token = world.quirky.address
    work = world.earn(split_of(2), 1000, token)
    world.quirky.send(world.deployer, "setQuirk", quirk)
    with reverts("RoyaltyVault_TransferFailed", work.split.leaves[0].holder, 500):
        world.escrow.send(world.relayer, "claim", world.claim_of(work, 0, token))
    assert world.escrow.get("claimable", world.claim_of(work, 0, token)) == 500


def test_a_token_that_returns_nothing_pays(world: World) -> None:
    token = world.quirky.address
    work = world.earn(split_of(2), 1000, token)
    world.quirky.send(world.deployer, "setQuirk", 1)
    world.escrow.send(world.relayer, "claim", world.claim_of(work, 0, token))
    assert world.balance(token, work.split.leaves[0].holder) == 500


def test_a_token_without_code_pays_nobody(world: World) -> None:
    """Nothing can be earned in such a token; a claim on it finds nothing."""
    with reverts("RoyaltyVault_NothingToClaim"):
        world.escrow.send(world.relayer, "claim", claim(digest(1), split_of(1), world.holders[0], 0))


@pytest.mark.parametrize("token_name", ["native", "dollar"])
def test_money_for_nobody_or_for_the_escrow_itself_is_not_sent(world: World, token_name: str) -> None:
    token = NATIVE if token_name == "native" else world.usd.address
    nowhere = [(NATIVE, 500_000), (world.escrow.address, 500_000)]
    work = world.earn(Split.of(nowhere), 1000, token)
    for index, (holder, _) in enumerate(nowhere):
        with reverts("RoyaltyVault_TransferFailed", holder, 500):
            world.escrow.send(world.relayer, "claim", world.claim_of(work, index, token))
    assert world.balance(token, world.escrow.address) == 1000
