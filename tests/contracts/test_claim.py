"""Holders are paid one by one: see claim.tree."""

from __future__ import annotations

from typing import Any

import pytest

from contrafact.domain.confirmations import confirmation_message
from contrafact.domain.shares import PPM
from contrafact.domain.splits import HolderLeaf, Split, account_id

from .chain import NATIVE, reverts
from .disputes import DisputeWorld
from .hostile import Quirk, Reaction, assert_guarded, puppet, quirk, react, reenter_with
from .recordings import earn_again
from .trees import earn_under, leaf_node, parent_of, step_of
from .world import Catalogued, World, account, claim, digest, even


def split_of(world: World, count: int) -> Split:
    """Even shares of holders whose keys are known, and who have no money yet."""
    return Split.of(list(zip(world.strangers(count), even(count), strict=True)))


def confirmed(world: World, split: Split, amount: int, token: str | None = None, content: int = 500) -> Catalogued:
    """A work that has earned `amount`, and all of whose holders have confirmed."""
    work = world.earn(split, amount, token, content)
    world.confirm(work, token)
    return work


# Who is paid, and what


@pytest.mark.parametrize("count", [1, 2, 3, 64])
def test_each_confirmed_holder_draws_its_share_whoever_calls(world: World, count: int) -> None:
    work = confirmed(world, split_of(world, count), 1_000_003)
    key = account(work, world.escrow, world.usd.address)
    for index in {0, 1, count // 2, count - 1} & set(range(count)):
        leaf = work.split.leaves[index]
        expected = 1_000_003 * leaf.share // PPM
        assert world.escrow.get("claimable", world.claim_of(work, index)) == expected
        receipt = world.escrow.send(world.relayer, "claim", world.claim_of(work, index))
        assert world.balance(world.usd.address, leaf.holder) == expected
        assert world.escrow.get("claimable", world.claim_of(work, index)) == 0
        paid = {"accountId": key, "payee": leaf.holder, "index": index, "amount": expected}
        assert world.event(receipt, "Paid").args == paid


def test_the_gas_of_a_claim_grows_with_the_steps_of_its_proof_only(metered: DisputeWorld) -> None:
    used = {}
    metered.usd.send(metered.deployer, "mint", metered.strangers(1)[0], 1)
    for count in (1, 2, 64):
        work = confirmed(metered, split_of(metered, count), 10**9, content=500 + count)
        used[count] = metered.escrow.send(metered.relayer, "claim", metered.claim_of(work, 0))["gas_used"]
    assert used[64] - used[1] < 7 * (used[2] - used[1])  # 64 holders are six steps


def test_native_coin_is_claimed_likewise(world: World) -> None:
    work = confirmed(world, split_of(world, 3), 10**18, NATIVE)
    world.escrow.send(world.relayer, "claim", world.claim_of(work, 1, NATIVE))
    assert world.chain.balance(work.split.leaves[1].holder) == 10**18 * work.split.leaves[1].share // PPM


def test_what_a_holder_has_not_confirmed_waits(world: World) -> None:
    work = world.earn(Split.of([(world.holders[0], 400_000), (world.holders[1], 600_000)]), 1000)
    for caller in (world.relayer, world.holders[0], world.licensor):
        with reverts("RoyaltyVault_NotConfirmed", world.holders[1], 1):
            world.escrow.send(caller, "claim", world.claim_of(work, 1))
    assert world.escrow.get("claimable", world.claim_of(work, 1)) == 600


def test_a_holders_own_claim_confirms_its_place_and_no_other(world: World) -> None:
    other, holder = world.holders[:2]
    work = world.earn(Split.of([(other, 400_000), (holder, 600_000)]), 1000)
    key = account(work, world.escrow, world.usd.address)
    receipt = world.escrow.send(holder, "claim", world.claim_of(work, 1))
    assert world.event(receipt, "PlaceConfirmed").args == {"accountId": key, "holder": holder, "index": 1}
    assert [world.escrow.get("placeOf", key, i) for i in (0, 1)] == [(0, 0), (600, 1)]
    earn_again(world, work)
    receipt = world.escrow.send(world.relayer, "claim", world.claim_of(work, 1))
    assert world.event(receipt, "Paid").args["amount"] == 600
    assert not world.chain.events(receipt, "PlaceConfirmed")
    with reverts("RoyaltyVault_NotConfirmed", other, 0):
        world.escrow.send(world.relayer, "claim", world.claim_of(work, 0))


def test_claim_twice_pays_once(world: World) -> None:
    work = confirmed(world, split_of(world, 2), 1000)
    world.escrow.send(world.relayer, "claim", world.claim_of(work, 0))
    with reverts("RoyaltyVault_NothingToClaim"):
        world.escrow.send(world.relayer, "claim", world.claim_of(work, 0))
    assert earn_again(world, work, units=3) == 3000
    receipt = world.escrow.send(world.relayer, "claim", world.claim_of(work, 0))
    assert world.event(receipt, "Paid").args["amount"] == 1500


def test_an_account_that_never_earned_pays_nothing(world: World) -> None:
    holder = world.holders[0]
    with reverts("RoyaltyVault_NothingToClaim"):
        world.escrow.send(holder, "claim", claim(digest(1), Split.of([(holder, PPM)]), world.usd.address, 0))


def test_a_holders_claim_of_nothing_does_not_confirm(world: World) -> None:
    holder = world.holders[0]
    work = world.earn(Split.of([(holder, 1), (world.holders[1], PPM - 1)]), 1000)
    with reverts("RoyaltyVault_NothingToClaim"):
        world.escrow.send(holder, "claim", world.claim_of(work, 0))
    assert world.escrow.get("placeOf", account(work, world.escrow, world.usd.address), 0) == (0, 0)


# Sums


def test_small_payments_lose_nothing_on_the_way(world: World) -> None:
    """Flooring each of the payments of 7 would leave this holder of 10 % with nothing at all."""
    work = confirmed(world, Split.of([(world.strangers(1)[0], 100_000), (world.holders[0], 900_000)]), 7)
    drawn = 0
    for _ in range(9):
        earn_again(world, work)
        if world.escrow.get("claimable", world.claim_of(work, 0)):
            receipt = world.escrow.send(world.relayer, "claim", world.claim_of(work, 0))
            drawn += world.event(receipt, "Paid").args["amount"]
    assert drawn == 7  # 70 came in


def test_holders_together_never_draw_more_than_came_in(world: World) -> None:
    """Three shares that divide nothing evenly, and a claim after each payment of 1 to 3 units."""
    shares = (333_333, 333_333, 333_334)
    work = confirmed(world, Split.of(list(zip(world.strangers(3), shares, strict=True))), 1)
    held = world.balance(world.usd.address, world.escrow.address) - 1
    came, drawn = 1, [0, 0, 0]
    for step in range(24):
        came += earn_again(world, work, units=1 + step % 3)
        for index in {step % 3, (step + 1) % 3}:
            if due := world.escrow.get("claimable", world.claim_of(work, index)):
                world.escrow.send(world.relayer, "claim", world.claim_of(work, index))
                drawn[index] += due
            assert drawn[index] == came * shares[index] // PPM
        assert sum(drawn) <= came
        assert world.balance(world.usd.address, world.escrow.address) - held == came - sum(drawn)
    assert came - sum(drawn) < 3 + came // 3  # at most a unit each, and what the last one has not asked for


def test_the_views_say_what_came_and_went(world: World) -> None:
    work = confirmed(world, split_of(world, 2), 1001)
    key = account_id(work.work_id, work.split.root, world.usd.address)
    assert account(work, world.escrow, world.usd.address) == key
    world.escrow.send(world.relayer, "claim", world.claim_of(work, 1))
    assert world.escrow.get("received", key) == 1001
    assert [world.escrow.get("placeOf", key, index) for index in (0, 1)] == [(0, 1), (500, 1)]
    assert world.escrow.get("payeeOf", key, 0) == NATIVE


def test_money_earned_under_an_old_split_stays_there(world: World) -> None:
    old, new = split_of(world, 2), Split.of([(world.holders[0], PPM)])
    work = confirmed(world, old, 1000)
    changed = world.change_split(work, new)
    assert earn_again(world, changed) == 1000
    assert [world.escrow.get("claimable", world.claim_of(work, index)) for index in (0, 1)] == [500, 500]
    assert world.escrow.get("claimable", world.claim_of(changed, 0)) == 1000
    world.escrow.send(world.relayer, "claim", world.claim_of(work, 0))
    with reverts("RoyaltyVault_NotConfirmed", world.holders[0], 0):  # a new split is confirmed anew
        world.escrow.send(world.relayer, "claim", world.claim_of(changed, 0))


def test_the_pool_of_a_model_is_claimed_like_a_work(world: World) -> None:
    world.commit(world.funded())
    before = world.balance(world.usd.address, world.licensor2)
    pool_claim = claim(world.model_id, world.pool, world.usd.address, 1)
    with reverts("RoyaltyVault_NotConfirmed", world.licensor2, 1):
        world.escrow.send(world.relayer, "claim", pool_claim)
    world.escrow.send(world.licensor2, "claim", pool_claim)
    assert world.balance(world.usd.address, world.licensor2) - before == 200_000 * 600_000 // PPM


# Proofs


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
        pytest.param(lambda a, leaf, steps: (a, leaf, [(digest(1), steps[0][1]), *steps[1:]]), id="hash of a step"),
        pytest.param(lambda a, leaf, steps: (a, leaf, [(h, side ^ 1) for h, side in steps]), id="sides"),
        pytest.param(lambda a, leaf, steps: (a, leaf, [(h, side + 2) for h, side in steps]), id="sums"),
        pytest.param(lambda a, leaf, steps: (a, leaf, [(h, 2**255 + side) for h, side in steps]), id="a huge sum"),
        pytest.param(lambda a, leaf, steps: ((digest(1), *a[1:]), leaf, steps), id="beneficiary"),
        pytest.param(lambda a, leaf, steps: ((a[0], digest(1), a[2]), leaf, steps), id="root"),
    ]


@pytest.mark.parametrize("forge", _forgeries())
def test_a_forged_proof_is_refused(world: World, forge: Any, request: pytest.FixtureRequest) -> None:
    work = confirmed(world, split_of(world, 3), 10**6)
    forged = forge(*world.claim_of(work, 1))
    name = "NotConfirmed" if "beneficiary" in request.node.name else "InvalidProof"  # another account, which is empty
    for call in ("claim", "payout"):
        if call == "payout" and name == "NotConfirmed":
            assert world.escrow.get("payout", [forged]) == 0
            continue
        with reverts(f"RoyaltyVault_{name}"):
            world.escrow.send(world.relayer, call, forged if call == "claim" else [forged])


def test_a_proof_for_one_account_does_not_serve_another(world: World) -> None:
    work = confirmed(world, split_of(world, 2), 10**6)
    other = confirmed(world, Split.of([(world.holders[0], PPM)]), 10**6, content=501)
    _, leaf, steps = world.claim_of(work, 0)
    with reverts("RoyaltyVault_InvalidProof"):
        world.escrow.send(world.relayer, "claim", (world.claim_of(other, 0)[0], leaf, steps))


# Trees as a malicious licensor would build them


@pytest.mark.parametrize("shares", [(600_000, 600_000), (400_000, 400_000), (PPM, PPM)])
def test_a_tree_that_does_not_sum_to_the_whole_pays_nobody(world: World, shares: tuple[int, int]) -> None:
    a, b = (leaf_node(i, world.holders[i], share) for i, share in enumerate(shares))
    money = earn_under(world, parent_of(a, b)[0], 10**6)
    for i, (own, sibling) in enumerate(((a, b), (b, a))):
        with reverts("RoyaltyVault_InvalidProof"):
            leaf = (i, world.holders[i], own[1])
            world.escrow.send(world.holders[i], "claim", (money, leaf, [step_of(sibling, i == 1)]))


def test_a_node_that_lies_about_a_sum_makes_its_leaf_unprovable(world: World) -> None:
    first, second = world.holders[:2]
    a, b = leaf_node(0, first, 900_000), leaf_node(1, second, 900_000)
    money = earn_under(world, parent_of(a, b, (100_000, 900_000))[0], 10**6)
    for claimed in (100_000, 900_000):
        with reverts("RoyaltyVault_InvalidProof"):
            world.escrow.send(first, "claim", (money, (0, first, claimed), [step_of(b, False)]))
    with reverts("RoyaltyVault_InvalidProof"):  # b's own sum is right, but then the root's is not
        world.escrow.send(second, "claim", (money, (1, second, 900_000), [step_of(a, True)]))


def test_sums_that_wrap_around_do_not_prove(world: World) -> None:
    """More than the whole for one leaf, made the whole again by two siblings of 2^255 - 1."""
    holder, share, huge = world.holders[0], PPM + 2, 2**255 - 1
    below = parent_of(leaf_node(0, holder, share), (digest(5), huge))
    root, _ = parent_of(below, (digest(6), huge))
    assert (share + 2 * huge) % 2**256 == PPM
    money = earn_under(world, root, 10**6)
    with reverts("RoyaltyVault_InvalidProof"):
        steps = [step_of((digest(5), huge), False), step_of((digest(6), huge), False)]
        world.escrow.send(holder, "claim", (money, (0, holder, share), steps))


def test_a_holder_that_stands_twice_under_one_index_draws_once(world: World) -> None:
    holder = world.holders[0]
    twice = leaf_node(0, holder, 500_000)
    money = earn_under(world, parent_of(twice, twice)[0], 10**6)
    leaf = (0, holder, 500_000)
    world.escrow.send(holder, "claim", (money, leaf, [step_of(twice, False)]))
    with reverts("RoyaltyVault_NothingToClaim"):
        world.escrow.send(holder, "claim", (money, leaf, [step_of(twice, True)]))


def test_two_holders_under_one_index_share_one_balance(world: World) -> None:
    poor, rich = world.holders[:2]
    small, large = leaf_node(0, poor, 300_000), leaf_node(0, rich, 700_000)
    money = earn_under(world, parent_of(small, large)[0], 10**6)
    with world.chain.undone():
        world.escrow.send(rich, "claim", (money, (0, rich, 700_000), [step_of(small, True)]))
        with reverts("RoyaltyVault_NothingToClaim"):
            world.escrow.send(poor, "claim", (money, (0, poor, 300_000), [step_of(large, False)]))
    before = world.balance(world.usd.address, rich)
    world.escrow.send(poor, "claim", (money, (0, poor, 300_000), [step_of(large, False)]))
    world.escrow.send(rich, "claim", (money, (0, rich, 700_000), [step_of(small, True)]))
    assert world.balance(world.usd.address, rich) - before == 400_000


def test_one_holder_at_two_places_draws_both(world: World) -> None:
    (holder,) = world.strangers(1)
    work = confirmed(world, Split.of([(holder, 300_000), (holder, 700_000)]), 1000)
    for index in (0, 1):
        world.escrow.send(world.relayer, "claim", world.claim_of(work, index))
    assert world.balance(world.usd.address, holder) == 1000


def test_sixty_four_holders_take_six_steps_and_seven_are_refused(world: World) -> None:
    deep = split_of(world, 64)
    assert len(deep.proof(0)) == 6
    extra = leaf_node(64, world.holders[0], 0)
    money = earn_under(world, parent_of((deep.root, PPM), extra)[0], 10**6)
    _, leaf, steps = claim(digest(1), deep, world.usd.address, 0)
    with reverts("RoyaltyVault_InvalidProof"):
        world.escrow.send(world.relayer, "claim", (money, leaf, [*steps, step_of(extra, False)]))


# Receivers and tokens


def test_a_receiver_that_rejects_keeps_its_balance(world: World) -> None:
    doll = puppet(world, Reaction.REJECT)
    work = confirmed(world, Split.of([(doll.address, PPM)]), 1000, NATIVE)
    with reverts("Payments_TransferFailed", doll.address, 1000):
        world.escrow.send(world.relayer, "claim", world.claim_of(work, 0, NATIVE))
    react(world, doll, Reaction.ACCEPT)
    world.escrow.send(world.relayer, "claim", world.claim_of(work, 0, NATIVE))
    assert world.chain.balance(doll.address) == 1000


def test_a_receiver_that_reenters_is_paid_once(world: World) -> None:
    doll = puppet(world)
    work = confirmed(world, Split.of([(doll.address, 500_000), (world.holders[0], 500_000)]), 1000, NATIVE)
    held = world.chain.balance(world.escrow.address)
    reenter_with(world, doll, "claim", world.claim_of(work, 1, NATIVE))  # somebody else's, still claimable
    world.escrow.send(world.relayer, "claim", world.claim_of(work, 0, NATIVE))
    assert world.chain.balance(doll.address) == 500
    assert_guarded(doll, 1)
    assert world.chain.balance(world.escrow.address) == held - 500


@pytest.mark.parametrize("bad", [Quirk.RETURNS_FALSE, Quirk.RETURNS_TWO, Quirk.REVERTS])
def test_a_token_that_fails_leaves_the_balance(world: World, bad: Quirk) -> None:
    token = world.quirky.address
    work = confirmed(world, split_of(world, 2), 1000, token)
    quirk(world, bad)
    with reverts("Payments_TransferFailed", work.split.leaves[0].holder, 500):
        world.escrow.send(world.relayer, "claim", world.claim_of(work, 0, token))
    assert world.escrow.get("claimable", world.claim_of(work, 0, token)) == 500


def test_a_token_that_returns_nothing_pays(world: World) -> None:
    token = world.quirky.address
    work = confirmed(world, split_of(world, 2), 1000, token)
    quirk(world, Quirk.RETURNS_NOTHING)
    world.escrow.send(world.relayer, "claim", world.claim_of(work, 0, token))
    assert world.balance(token, work.split.leaves[0].holder) == 500


def test_a_token_without_code_pays_nobody(world: World) -> None:
    """Nothing can be earned in such a token; a claim on it finds nothing."""
    holder = world.holders[0]
    with reverts("RoyaltyVault_NothingToClaim"):
        world.escrow.send(holder, "claim", claim(digest(1), Split.of([(holder, PPM)]), world.holders[1], 0))


@pytest.mark.parametrize("name", ["native", "dollar"])
def test_money_for_nobody_or_for_the_escrow_itself_waits_in_its_account(world: World, name: str) -> None:
    token = NATIVE if name == "native" else world.usd.address
    nowhere = [(NATIVE, 500_000), (world.escrow.address, 500_000)]
    held = world.balance(token, world.escrow.address)
    work = world.earn(Split.of(nowhere), 1000, token)
    for index, (holder, _) in enumerate(nowhere):
        with reverts("RoyaltyVault_NotConfirmed", holder, index):
            world.escrow.send(world.relayer, "claim", world.claim_of(work, index, token))
        leaf = HolderLeaf(index, holder, 500_000)
        message = confirmation_message(work.work_id, work.split.root, leaf, world.domain)
        for signature in (b"", bytes(65), bytes(world.chain.keys[world.relayer].sign_message(message).signature)):
            with reverts("RoyaltyVault_BadConfirmation", holder, index):
                world.escrow.send(world.relayer, "confirm", [world.claim_of(work, index, token)], [signature])
    assert world.balance(token, world.escrow.address) == held + 1000
