"""Holders confirm their places by signature: see confirmations.tree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contrafact.domain.confirmations import confirmation_message
from contrafact.domain.shares import PPM
from contrafact.domain.splits import HolderLeaf, Split

from .chain import NATIVE, reverts
from .hostile import malleated, puppet
from .recordings import earn_again
from .test_claim import split_of
from .world import Catalogued, World, account, claim, digest


def signature(world: World, beneficiary: bytes, root: bytes, leaf: HolderLeaf, signer: str | None = None) -> bytes:
    message = confirmation_message(beneficiary, root, leaf, world.domain)
    return bytes(world.chain.keys[signer or leaf.holder].sign_message(message).signature)


def statuses(world: World, work: Catalogued, token: str | None = None) -> list[int]:
    key = account(work, world.escrow, token or world.usd.address)
    return [world.escrow.get("placeOf", key, leaf.index)[1] for leaf in work.split.leaves]


@pytest.mark.parametrize("count", [1, 2, 64])
def test_anybody_confirms_with_the_holders_signatures(world: World, count: int) -> None:
    work = world.earn(split_of(world, count), 10**6)
    receipt = world.confirm(work)
    key = account(work, world.escrow, world.usd.address)
    events = [event.args for event in world.chain.events(receipt, "PlaceConfirmed")]
    assert events == [{"accountId": key, "holder": leaf.holder, "index": leaf.index} for leaf in work.split.leaves]
    assert statuses(world, work) == [1] * count
    assert world.escrow.get("payout", [world.claim_of(work, count - 1)]) == 1


def test_a_confirmation_sends_nothing_and_counts_for_its_place_only(world: World) -> None:
    work = world.earn(split_of(world, 3), 900)
    held = world.balance(world.usd.address, world.escrow.address)
    world.confirm(work, None, 1)
    assert statuses(world, work) == [0, 1, 0]
    assert world.balance(world.usd.address, world.escrow.address) == held


def test_the_holder_itself_needs_no_signature(world: World) -> None:
    work = world.earn(Split.of([(world.holders[0], 400_000), (world.holders[1], 600_000)]), 1000)
    mine = world.claim_of(work, 0)
    with reverts("RoyaltyVault_BadConfirmation", world.holders[0], 0):
        world.escrow.send(world.relayer, "confirm", [mine], [b""])
    with reverts("RoyaltyVault_BadConfirmation", world.holders[1], 1):
        world.escrow.send(world.holders[0], "confirm", [mine, world.claim_of(work, 1)], [b"", b""])
    world.escrow.send(world.holders[0], "confirm", [mine], [b""])
    assert statuses(world, work) == [1, 0]


def test_a_place_is_confirmed_before_any_money_comes(world: World) -> None:
    split = split_of(world, 1)
    work = world.catalogued(600, split, world.licensor)
    world.confirm(work)
    assert statuses(world, work) == [1]


def test_confirming_again_changes_nothing(world: World) -> None:
    work = world.earn(split_of(world, 2), 1000)
    world.confirm(work)
    world.escrow.send(world.relayer, "claim", world.claim_of(work, 0))
    receipt = world.confirm(work)
    assert world.chain.events(receipt) == []
    key = account(work, world.escrow, world.usd.address)
    assert world.escrow.get("placeOf", key, 0) == (500, 1)


def test_one_signature_counts_for_every_token(world: World) -> None:
    split = split_of(world, 1)
    work = world.catalogued(600, split, world.licensor)
    signed = signature(world, work.work_id, split.root, split.leaves[0])
    for token in (world.usd.address, NATIVE):
        assert statuses(world, work, token) == [0]
        world.escrow.send(world.relayer, "confirm", [world.claim_of(work, 0, token)], [signed])
        assert statuses(world, work, token) == [1]
    assert statuses(world, work, world.quirky.address) == [0]


def test_a_holder_that_is_a_contract_confirms_under_erc1271(world: World) -> None:
    wallet = puppet(world, owner=world.holders[0])
    split = Split.of([(wallet.address, PPM)])
    work = world.earn(split, 1000)
    mine, leaf = world.claim_of(work, 0), split.leaves[0]
    for signed in (b"", signature(world, work.work_id, split.root, leaf, world.holders[1])):
        with reverts("RoyaltyVault_BadConfirmation", wallet.address, 0):
            world.escrow.send(world.holders[0], "confirm", [mine], [signed])
    owners = signature(world, work.work_id, split.root, leaf, world.holders[0])
    world.escrow.send(world.relayer, "confirm", [mine], [owners])
    assert statuses(world, work) == [1]


def test_the_pool_of_a_model_is_confirmed_like_a_work(world: World) -> None:
    world.commit(world.funded())
    leaf = world.pool.leaves[0]
    signed = signature(world, world.model_id, world.pool.root, leaf)
    mine = claim(world.model_id, world.pool, world.usd.address, 0)
    world.escrow.send(world.relayer, "confirm", [mine], [signed])
    assert world.escrow.get("claim", mine, sender=world.relayer) == 200_000 * leaf.share // PPM


def _wrong() -> list[Any]:
    """Signatures of the right holder over something else, or of somebody else over the right thing."""

    def over(**changes: Any) -> Any:
        def sign(world: World, work: Catalogued, leaf: HolderLeaf) -> bytes:
            beneficiary, root = changes.get("beneficiary", work.work_id), changes.get("root", work.split.root)
            fields = {name: value for name, value in changes.items() if name in HolderLeaf.__slots__}
            return signature(world, beneficiary, root, replace(leaf, **fields), leaf.holder)

        return sign

    def other_domain(world: World, work: Catalogued, leaf: HolderLeaf) -> bytes:
        elsewhere = replace(world.domain, contract=world.catalogue.address)
        message = confirmation_message(work.work_id, work.split.root, leaf, elsewhere)
        return bytes(world.chain.keys[leaf.holder].sign_message(message).signature)

    def own(world: World, work: Catalogued, leaf: HolderLeaf) -> bytes:
        return signature(world, work.work_id, work.split.root, leaf)

    return [
        pytest.param(over(beneficiary=digest(1)), id="another work"),
        pytest.param(over(root=digest(1)), id="another split"),
        pytest.param(over(index=1), id="another place"),
        pytest.param(over(share=1), id="another share"),
        pytest.param(over(holder="0x" + "11" * 20), id="another holder"),
        pytest.param(other_domain, id="another contract"),
        pytest.param(lambda world, work, leaf: malleated(own(world, work, leaf)), id="malleated"),
        pytest.param(lambda world, work, leaf: own(world, work, leaf)[:64], id="short"),
        pytest.param(lambda world, work, leaf: own(world, work, work.split.leaves[1]), id="the other holder's"),
        pytest.param(
            lambda world, work, leaf: signature(world, work.work_id, work.split.root, leaf, world.licensor),
            id="the licensor's",
        ),
    ]


@pytest.mark.parametrize("wrong", _wrong())
def test_a_wrong_signature_is_refused(world: World, wrong: Any) -> None:
    work = world.earn(split_of(world, 2), 1000)
    signed = wrong(world, work, work.split.leaves[0])
    with reverts("RoyaltyVault_BadConfirmation", work.split.leaves[0].holder, 0):
        world.escrow.send(world.relayer, "confirm", [world.claim_of(work, 0)], [signed])


def test_one_bad_signature_reverts_all(world: World) -> None:
    work = world.earn(split_of(world, 2), 1000)
    good = signature(world, work.work_id, work.split.root, work.split.leaves[0])
    with reverts("RoyaltyVault_BadConfirmation", work.split.leaves[1].holder, 1):
        world.escrow.send(world.relayer, "confirm", [world.claim_of(work, i) for i in (0, 1)], [good, good])
    assert statuses(world, work) == [0, 0]


def test_a_place_that_does_not_stand_in_the_split_is_not_confirmed(world: World) -> None:
    work = world.earn(split_of(world, 2), 1000)
    account_, _, steps = world.claim_of(work, 0)
    forged = HolderLeaf(0, world.holders[0], 500_000)
    signed = signature(world, work.work_id, work.split.root, forged)
    with reverts("RoyaltyVault_InvalidProof"):
        world.escrow.send(world.relayer, "confirm", [(account_, forged.to_abi(), steps)], [signed])


@pytest.mark.parametrize(("claims", "signatures"), [(1, 0), (0, 1), (2, 1)])
def test_each_claim_has_a_signature(world: World, claims: int, signatures: int) -> None:
    work = world.earn(split_of(world, 2), 1000)
    with reverts("RoyaltyVault_CountMismatch", claims, signatures):
        given = [world.claim_of(work, i) for i in range(claims)], [b""] * signatures
        world.escrow.send(world.relayer, "confirm", *given)


def test_a_confirmed_place_stays_so_while_money_comes_in(world: World) -> None:
    work = world.earn(split_of(world, 2), 1000)
    world.confirm(work)
    earn_again(world, work)
    assert statuses(world, work) == [1, 1]
    assert world.escrow.get("claimable", world.claim_of(work, 0)) == 1000
