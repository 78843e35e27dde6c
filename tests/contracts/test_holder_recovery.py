"""Holders who are lost: see holder_recovery.tree."""

from __future__ import annotations

import pytest

from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split

from .chain import NATIVE, reverts
from .recordings import earn_again
from .trees import earn_under, leaf_node, parent_of, step_of
from .world import DAY, Catalogued, RuledWorld, World, account, claim, digest, release

RECOVERY, READDRESSING = 30 * DAY, 180 * DAY


@pytest.fixture
def work(world: World) -> Catalogued:
    """Has earned 1,000 for two holders who have not confirmed."""
    return world.earn(Split.of([(world.holders[0], 400_000), (world.holders[1], 600_000)]), 1000)


def place(world: World, work: Catalogued, index: int) -> tuple[int, str]:
    """Status and payee."""
    key = account(work, world.escrow, world.usd.address)
    _, status = world.escrow.get("placeOf", key, index)
    return status, world.escrow.get("payeeOf", key, index)


def recover(world: World, work: Catalogued, index: int = 0) -> None:
    world.recovery.send(world.relayer, "recover", world.claim_of(work, index))


def started(world: World, successor: str, holder: int = 0) -> int:
    """The holder's guardian, the maker, has started a recovery; when it is ready."""
    world.recovery.send(world.holders[holder], "setGuardian", world.maker)
    receipt = world.recovery.send(world.maker, "startRecovery", world.holders[holder], successor)
    return int(world.event(receipt, "RecoveryStarted").args["readyAt"])


# Recovery by a guardian


def test_a_lost_holders_money_goes_to_the_successor_that_its_guardian_names(world: World, work: Catalogued) -> None:
    (successor,) = world.strangers(1)
    world.confirm(work)
    world.escrow.send(world.relayer, "claim", world.claim_of(work, 0))
    ready = started(world, successor)
    assert ready == world.chain.now + RECOVERY
    assert world.recovery.get("recoveryOf", world.holders[0]) == (successor.lower(), ready)
    earn_again(world, work)
    world.chain.travel(ready)
    receipt = world.recovery.send(world.relayer, "recover", world.claim_of(work, 0))
    key = account(work, world.escrow, world.usd.address)
    expected = {"accountId": key, "index": 0, "payee": successor}
    assert world.event(receipt, "PlaceReaddressed").args == expected
    assert place(world, work, 0) == (2, successor.lower())
    assert world.escrow.get("placeOf", key, 0) == (400, 2)  # what was drawn stays drawn
    held = world.balance(world.usd.address, world.holders[0])
    receipt = world.escrow.send(world.relayer, "claim", world.claim_of(work, 0))
    assert world.event(receipt, "Paid").args["payee"] == successor
    assert world.balance(world.usd.address, successor) == 400
    assert world.balance(world.usd.address, world.holders[0]) == held
    assert place(world, work, 1)[0] == 1  # the other holder's place is as it was


def test_a_payout_goes_to_the_successor_by_its_threshold(world: World, work: Catalogued) -> None:
    successor = world.holders[2]
    world.chain.travel(started(world, successor))
    recover(world, work)
    world.escrow.send(successor, "setThreshold", world.usd.address, 401)
    assert world.escrow.get("payout", [world.claim_of(work, 0)]) == 0
    world.escrow.send(successor, "setThreshold", world.usd.address, 400)
    before = world.balance(world.usd.address, successor)
    world.escrow.send(world.relayer, "payout", [world.claim_of(work, 0)])
    assert world.balance(world.usd.address, successor) - before == 400


def test_before_thirty_days_nothing_moves(world: World, work: Catalogued) -> None:
    ready = started(world, world.relayer)
    world.chain.travel(ready - 1)
    with reverts("HolderRecovery_TooEarly", ready):
        world.recovery.get("recover", world.claim_of(work, 0))
    world.chain.travel(ready)
    world.recovery.get("recover", world.claim_of(work, 0))


def test_only_the_guardian_starts_a_recovery(world: World) -> None:
    holder = world.holders[0]
    receipt = world.recovery.send(holder, "setGuardian", world.maker)
    assert world.event(receipt, "GuardianSet").args == {"holder": holder, "guardian": world.maker}
    assert world.recovery.get("guardianOf", holder) == world.maker.lower()
    for caller in (holder, world.relayer, world.licensor):
        with reverts("HolderRecovery_NotGuardian", holder, caller):
            world.recovery.send(caller, "startRecovery", holder, world.relayer)
    with reverts("HolderRecovery_NotGuardian", world.holders[1], world.maker):
        world.recovery.send(world.maker, "startRecovery", world.holders[1], world.relayer)


def test_who_has_no_guardian_is_recovered_by_nobody(world: World) -> None:
    with reverts("HolderRecovery_NotGuardian", NATIVE, world.relayer):
        world.recovery.send(world.relayer, "startRecovery", NATIVE, world.relayer)
    with reverts("HolderRecovery_NotGuardian", world.holders[0], world.relayer):
        world.recovery.send(world.relayer, "startRecovery", world.holders[0], world.relayer)


def test_the_holder_stops_a_recovery_and_its_guardian(world: World, work: Catalogued) -> None:
    holder = world.holders[0]
    ready = started(world, world.relayer)
    receipt = world.recovery.send(holder, "cancelRecovery")
    assert world.event(receipt, "RecoveryCancelled").args == {"holder": holder}
    assert world.event(receipt, "GuardianSet").args == {"holder": holder, "guardian": NATIVE}
    assert world.recovery.get("recoveryOf", holder) == (NATIVE, 0)
    world.chain.travel(ready)
    with reverts("HolderRecovery_NoneStarted"):
        recover(world, work)
    with reverts("HolderRecovery_NotGuardian", holder, world.maker):
        world.recovery.send(world.maker, "startRecovery", holder, world.relayer)


def test_nobody_cancels_for_the_holder(world: World, work: Catalogued) -> None:
    ready = started(world, world.relayer)
    with reverts("HolderRecovery_NoneStarted"):
        world.recovery.send(world.maker, "cancelRecovery")
    world.chain.travel(ready)
    recover(world, work)


def test_another_guardian_stops_what_the_last_one_started(world: World, work: Catalogued) -> None:
    holder = world.holders[0]
    ready = started(world, world.relayer)
    receipt = world.recovery.send(holder, "setGuardian", world.licensor)
    assert [event.name for event in world.chain.events(receipt)] == ["GuardianSet", "RecoveryCancelled"]
    world.chain.travel(ready)
    with reverts("HolderRecovery_NoneStarted"):
        recover(world, work)
    with reverts("HolderRecovery_NotGuardian", holder, world.maker):
        world.recovery.send(world.maker, "startRecovery", holder, world.relayer)
    world.recovery.send(world.licensor, "startRecovery", holder, world.licensor2)
    assert world.recovery.get("recoveryOf", holder)[0] == world.licensor2.lower()


def test_naming_a_guardian_cancels_nothing_where_nothing_was_started(world: World) -> None:
    receipt = world.recovery.send(world.holders[0], "setGuardian", world.maker)
    assert [event.name for event in world.chain.events(receipt)] == ["GuardianSet"]


def test_another_successor_waits_anew(world: World, work: Catalogued) -> None:
    first = started(world, world.relayer)
    world.chain.travel(first - 10)
    world.recovery.send(world.maker, "startRecovery", world.holders[0], world.licensor2)
    successor, ready = world.recovery.get("recoveryOf", world.holders[0])
    assert (successor, ready) == (world.licensor2.lower(), world.chain.now + RECOVERY)
    world.chain.travel(first)
    with reverts("HolderRecovery_TooEarly", ready):
        recover(world, work)


def test_a_recovery_covers_every_place_of_its_holder_and_no_other(world: World, work: Catalogued) -> None:
    (successor,) = world.strangers(1)
    other = world.earn(Split.of([(world.holders[1], 1), (world.holders[0], PPM - 1)]), 10**6, NATIVE, content=501)
    world.chain.travel(started(world, successor))
    world.recovery.send(world.relayer, "recover", world.claim_of(work, 0))
    world.recovery.send(world.relayer, "recover", world.claim_of(other, 1, NATIVE))
    for claim_ in (world.claim_of(work, 0), world.claim_of(other, 1, NATIVE)):
        world.escrow.send(world.relayer, "claim", claim_)
    assert world.balance(world.usd.address, successor) == 400
    assert world.chain.balance(successor) == PPM - 1
    with reverts("HolderRecovery_NoneStarted"):
        world.recovery.send(world.relayer, "recover", world.claim_of(work, 1))


def test_a_place_is_given_to_a_successor_once(world: World, work: Catalogued) -> None:
    world.chain.travel(started(world, world.relayer))
    recover(world, work)
    world.recovery.send(world.maker, "startRecovery", world.holders[0], world.licensor2)
    world.chain.travel(world.chain.now + RECOVERY)
    with reverts("HolderRecovery_NoneStarted"):
        recover(world, work)
    assert place(world, work, 0) == (2, world.relayer.lower())


def test_what_has_gone_to_the_successor_does_not_come_back(world: World, work: Catalogued) -> None:
    """A holder who returns after its money was readdressed stops the rest only."""
    other = world.earn(work.split, 1000, content=501)
    world.chain.travel(started(world, world.relayer))
    recover(world, work)
    world.recovery.send(world.holders[0], "cancelRecovery")
    with reverts("HolderRecovery_NoneStarted"):
        recover(world, other)
    receipt = world.escrow.send(world.holders[0], "claim", world.claim_of(work, 0))
    assert world.event(receipt, "Paid").args["payee"] == world.relayer
    world.confirm(work, None, 0)
    assert place(world, work, 0)[0] == 2


@pytest.mark.parametrize("bad", ["nobody", "escrow"])
def test_nobody_and_the_escrow_succeed_nobody(world: World, work: Catalogued, bad: str) -> None:
    successor = NATIVE if bad == "nobody" else world.escrow.address
    world.recovery.send(world.holders[0], "setGuardian", world.maker)
    with reverts("HolderRecovery_InvalidSuccessor", successor):
        world.recovery.send(world.maker, "startRecovery", world.holders[0], successor)
    with reverts("HolderRecovery_InvalidSuccessor", successor):
        world.recovery.send(work.licensor, "startReaddressing", world.claim_of(work, 0), successor)


def test_a_place_that_is_not_in_the_split_is_not_recovered(world: World, work: Catalogued) -> None:
    world.chain.travel(started(world, world.relayer))
    account_, (_, holder, share), steps = world.claim_of(work, 0)
    with reverts("HolderRecovery_InvalidProof"):
        world.recovery.send(world.relayer, "recover", (account_, (1, holder, share), steps))


def test_a_successor_is_paid_for_its_own_holder_only_where_two_share_an_index(world: World) -> None:
    """A licensor may put an accomplice beside a holder; its guardian then gets nothing of what is the holder's."""
    accomplice, holder = world.holders[:2]
    mean, good = leaf_node(0, accomplice, 300_000), leaf_node(0, holder, 700_000)
    money = earn_under(world, parent_of(mean, good)[0], 10**6)
    of_accomplice = (money, (0, accomplice, 300_000), [step_of(good, False)])
    of_holder = (money, (0, holder, 700_000), [step_of(mean, True)])
    world.escrow.send(holder, "confirm", [of_holder], [b""])
    (successor,) = world.strangers(1)
    world.chain.travel(started(world, successor))
    world.recovery.send(world.relayer, "recover", of_accomplice)
    before = world.balance(world.usd.address, holder)
    world.escrow.send(world.relayer, "claim", of_holder)
    assert world.balance(world.usd.address, holder) - before == 700_000
    with reverts("RoyaltyVault_NothingToClaim"):
        world.escrow.send(world.relayer, "claim", of_accomplice)
    assert world.balance(world.usd.address, successor) == 0


# Places that nobody has confirmed


def test_after_180_days_a_place_goes_where_the_licensor_said(world: World, work: Catalogued) -> None:
    (payee,) = world.strangers(1)
    receipt = world.recovery.send(work.licensor, "startReaddressing", world.claim_of(work, 0), payee)
    key, ready = account(work, world.escrow, world.usd.address), world.chain.now + READDRESSING
    expected = {"accountId": key, "index": 0, "payee": payee, "readyAt": ready}
    assert world.event(receipt, "ReaddressingStarted").args == expected
    of_account = (work.work_id, work.split.root, world.usd.address)
    assert world.recovery.get("readdressingOf", of_account, 0) == (payee.lower(), ready)
    world.chain.travel(ready - 1)
    with reverts("HolderRecovery_TooEarly", ready):
        world.recovery.get("finishReaddressing", world.claim_of(work, 0))
    world.chain.travel(ready)
    world.recovery.send(world.relayer, "finishReaddressing", world.claim_of(work, 0))
    assert place(world, work, 0) == (2, payee.lower())
    world.escrow.send(world.relayer, "claim", world.claim_of(work, 0))
    assert world.balance(world.usd.address, payee) == 400
    with reverts("HolderRecovery_PlaceConfirmed", world.holders[0], 0):
        world.recovery.send(world.relayer, "finishReaddressing", world.claim_of(work, 0))
    with reverts("HolderRecovery_NoneStarted"):
        world.recovery.send(world.relayer, "finishReaddressing", world.claim_of(work, 1))


@pytest.mark.parametrize("how", ["signature", "claim"])
def test_a_holder_that_confirms_in_time_keeps_its_place(world: World, work: Catalogued, how: str) -> None:
    world.recovery.send(work.licensor, "startReaddressing", world.claim_of(work, 0), world.relayer)
    world.chain.travel(world.chain.now + READDRESSING)
    if how == "signature":
        world.confirm(work, None, 0)
    else:
        world.escrow.send(world.holders[0], "claim", world.claim_of(work, 0))
    with reverts("HolderRecovery_PlaceConfirmed", world.holders[0], 0):
        world.recovery.send(world.relayer, "finishReaddressing", world.claim_of(work, 0))
    with reverts("HolderRecovery_PlaceConfirmed", world.holders[0], 0):
        world.recovery.send(work.licensor, "startReaddressing", world.claim_of(work, 0), world.relayer)


def test_only_the_licensor_readdresses(world: World, work: Catalogued) -> None:
    for caller in (world.relayer, world.licensor2, world.holders[0], world.holders[1]):
        with reverts("HolderRecovery_NotLicensor", work.work_id, caller):
            world.recovery.send(caller, "startReaddressing", world.claim_of(work, 0), world.relayer)


def test_what_a_former_licensor_started_ends_with_its_role(world: World, work: Catalogued) -> None:
    world.recovery.send(work.licensor, "startReaddressing", world.claim_of(work, 0), world.relayer)
    world.catalogue.send(work.licensor, "transferLicensor", work.work_id, world.licensor2)
    world.catalogue.send(world.licensor2, "acceptLicensor", work.work_id)
    world.chain.travel(world.chain.now + 181 * DAY)
    with reverts("HolderRecovery_NotLicensor", work.work_id, work.licensor):
        world.recovery.send(world.relayer, "finishReaddressing", world.claim_of(work, 0))


def test_an_account_that_a_ruling_awarded_is_not_the_licensors_to_readdress(ruled: RuledWorld) -> None:
    split, won = Split.of([(ruled.holders[0], PPM)]), Split.of([(ruled.holders[1], PPM)])
    work = ruled.earn(split, 1000)
    named = claim(work.work_id, won, ruled.usd.address, 0)
    ruled.recovery.send(work.licensor, "startReaddressing", named, ruled.relayer)
    held = (work.work_id, split.root, ruled.usd.address)
    ruled.escrow.send(ruled.desk_address, "openHold", work.work_id)
    ruled.escrow.send(ruled.desk_address, "holdAccount", held, 1000)
    earn_again(ruled, work)
    ruled.escrow.send(ruled.desk_address, "releaseAccount", held, release(1000, won.root, PPM))
    key = ruled.escrow.get("accountId", named[0])
    assert ruled.escrow.get("isAwarded", key)
    assert not ruled.escrow.get("isAwarded", ruled.escrow.get("accountId", held))
    ruled.chain.travel(ruled.chain.now + READDRESSING)
    for call, *more in (("startReaddressing", ruled.relayer), ("finishReaddressing",)):
        with reverts("HolderRecovery_AccountAwarded", key):
            ruled.recovery.send(work.licensor, call, named, *more)


def test_the_licensor_says_anew_and_waits_anew(world: World, work: Catalogued) -> None:
    world.recovery.send(work.licensor, "startReaddressing", world.claim_of(work, 0), world.relayer)
    first = world.chain.now + READDRESSING
    world.chain.travel(first - 100)
    world.recovery.send(work.licensor, "startReaddressing", world.claim_of(work, 0), world.licensor2)
    ready = world.chain.now + READDRESSING
    world.chain.travel(first)
    with reverts("HolderRecovery_TooEarly", ready):
        world.recovery.send(world.relayer, "finishReaddressing", world.claim_of(work, 0))


def test_readdressing_counts_for_one_token(world: World, work: Catalogued) -> None:
    world.recovery.send(work.licensor, "startReaddressing", world.claim_of(work, 0), world.relayer)
    world.chain.travel(world.chain.now + READDRESSING)
    with reverts("HolderRecovery_NoneStarted"):
        world.recovery.send(world.relayer, "finishReaddressing", world.claim_of(work, 0, NATIVE))


def test_a_place_that_is_not_in_the_split_is_not_readdressed(world: World, work: Catalogued) -> None:
    account_, (_, holder, share), steps = world.claim_of(work, 0)
    forged = (account_, (1, holder, share), steps)
    with reverts("HolderRecovery_InvalidProof"):
        world.recovery.send(work.licensor, "startReaddressing", forged, world.relayer)
    with reverts("HolderRecovery_InvalidProof"):
        world.recovery.send(world.relayer, "finishReaddressing", forged)


def test_a_pools_places_have_no_licensor(world: World) -> None:
    world.commit(world.funded())
    place_ = claim(world.model_id, world.pool, world.usd.address, 0)
    for caller in (world.operator, world.licensor, world.licensor2):
        with reverts("WorkRegistry_UnknownWork", world.model_id):
            world.recovery.send(caller, "startReaddressing", place_, world.relayer)


def test_a_models_registrant_does_not_become_the_licensor_of_its_pool(world: World) -> None:
    """By registering a work with the digest of the model's weights as its content."""
    world.commit(world.funded())
    weights = digest(10_000 + 500_000)
    assert world.catalogue.get("modelIdOf", world.operator, weights) == world.model_id
    root = world.pool.root
    world.catalogue.send(world.operator, "register", (weights, digest(1), digest(2), root, bytes(32)))
    with reverts("WorkRegistry_UnknownWork", world.model_id):
        place_ = claim(world.model_id, world.pool, world.usd.address, 0)
        world.recovery.send(world.operator, "startReaddressing", place_, world.relayer)


def test_only_the_recovery_contract_readdresses_in_the_escrow(world: World, work: Catalogued) -> None:
    for caller in (world.deployer, work.licensor, world.maker, world.holders[0]):
        with reverts("RoyaltyVault_NotRecovery", caller):
            world.escrow.send(caller, "readdress", world.claim_of(work, 0), world.relayer)
