"""Models by the digest of their weights: see model_registry.tree."""

from __future__ import annotations

import pytest
from eth_abi import encode
from eth_utils import keccak

from .chain import reverts
from .world import World, digest


def _arguments(world: World) -> list[object]:
    return [digest(60), digest(61), world.pool.root, 12_345, world.usd.address, digest(62)]


def test_register_stores_the_pool_root_and_emits_everything(world: World) -> None:
    event = world.event(world.models.send(world.operator, "register", *_arguments(world)), "ModelRegistered").args
    types = ["uint256", "address", "address", "bytes32"]
    model_id = keccak(encode(types, [world.domain.chain_id, world.models.address, world.operator, digest(60)]))
    assert event == {
        "modelId": model_id,
        "registrant": world.operator,
        "weightsDigest": digest(60),
        "manifestRoot": digest(61),
        "poolSplitRoot": world.pool.root,
        "baseRate": 12_345,
        "token": world.usd.address,
        "metadataDigest": digest(62),
    }
    assert world.models.get("modelIdOf", world.operator, digest(60)) == model_id
    assert world.models.get("poolSplitRootOf", model_id) == world.pool.root


def test_same_weights_from_another_registrant_are_another_model(world: World) -> None:
    receipts = [world.models.send(who, "register", *_arguments(world)) for who in (world.operator, world.maker)]
    assert len({world.event(receipt, "ModelRegistered").args["modelId"] for receipt in receipts}) == 2


def test_same_weights_twice_revert(world: World) -> None:
    receipt = world.models.send(world.operator, "register", *_arguments(world))
    with reverts("ModelRegistry_AlreadyRegistered", world.event(receipt, "ModelRegistered").args["modelId"]):
        world.models.send(world.operator, "register", *_arguments(world))


@pytest.mark.parametrize("empty", [0, 1, 2, 5])
def test_register_refuses_an_empty_digest(world: World, empty: int) -> None:
    arguments = _arguments(world)
    arguments[empty] = bytes(32)
    with reverts("ModelRegistry_EmptyDigest"):
        world.models.send(world.operator, "register", *arguments)


def test_an_unknown_model_reverts(world: World) -> None:
    with reverts("ModelRegistry_UnknownModel", digest(1)):
        world.models.get("poolSplitRootOf", digest(1))
