"""Models by the digest of their weights: see model_registry.tree."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak

from .chain import NATIVE, Receipt, reverts
from .permits import permit
from .world import DAY, EQUAL, PPM, World, digest

OTHER = "0x" + "77" * 20


def register(world: World, sender: str | None = None, **changes: Any) -> Receipt:
    values = {
        "weights": digest(60),
        "manifest": digest(61),
        "pool": world.pool.root,
        "metadata": digest(62),
        "sunset": 0,
        "rates": [(world.usd.address, 12_345), (NATIVE, 2**96 - 1)],
        "pool_terms": EQUAL,
    }
    return world.catalogue.send(sender or world.operator, "registerModel", *(values | changes).values())


def registered(world: World, **changes: Any) -> bytes:
    return bytes(world.event(register(world, **changes), "ModelRegistered").args["modelId"])


def test_registering_stores_the_offers_and_emits_everything(world: World) -> None:
    sunset = world.chain.now + DAY
    receipt = register(world, sunset=sunset)
    types = ["uint256", "address", "address", "bytes32", "bytes32"]
    values = [world.domain.chain_id, world.catalogue.address, world.operator, digest(60), b"model".ljust(32, b"\0")]
    model_id = keccak(encode(types, values))
    assert world.event(receipt, "ModelRegistered").args == {
        "modelId": model_id,
        "registrant": world.operator,
        "weightsDigest": digest(60),
        "manifestRoot": digest(61),
        "poolRoot": world.pool.root,
        "metadataDigest": digest(62),
        "sunset": sunset,
    }
    events = [event.args for event in world.chain.events(receipt, "BaseRateSet")]
    rates = [(args["modelId"], args["token"], args["rate"]) for args in events]
    assert rates == [(model_id, world.usd.address, 12_345), (model_id, NATIVE, 2**96 - 1)]
    for _, token, rate in rates:
        assert world.catalogue.get("baseRateOf", model_id, world.pool.root, token) == (True, rate, sunset)
    assert world.catalogue.get("modelIdOf", world.operator, digest(60)) == model_id
    assert world.catalogue.get("registrantOf", model_id) == world.operator.lower()


def test_who_copies_a_registration_gets_a_model_of_its_own(world: World) -> None:
    """Front-running: the id binds the registrant, so that the copy stands in nobody's way."""
    copied, mine = registered(world, sender=world.relayer), registered(world)
    assert copied != mine
    owners = [world.catalogue.get("registrantOf", model_id) for model_id in (copied, mine)]
    assert owners == [world.relayer.lower(), world.operator.lower()]


def test_a_models_id_is_never_a_works(world: World) -> None:
    """Else its registrant could become the licensor of the account of its training pool."""
    registration = (digest(60), digest(61), digest(62), world.pool.root, bytes(32))
    receipt = world.catalogue.send(world.operator, "register", registration)
    assert world.event(receipt, "WorkRegistered").args["workId"] != registered(world)


def test_same_weights_twice_revert(world: World) -> None:
    model_id = registered(world)
    with reverts("ModelRegistry_AlreadyRegistered", model_id):
        register(world, pool=digest(5), rates=[(OTHER, 1)])


@pytest.mark.parametrize("empty", ["weights", "manifest", "pool", "metadata"])
def test_an_empty_digest_is_refused(world: World, empty: str) -> None:
    changes: dict[str, Any] = {empty: bytes(32)}
    with reverts("ModelRegistry_EmptyDigest"):
        register(world, **changes)


def test_a_model_without_a_rate_is_refused(world: World) -> None:
    with reverts("ModelRegistry_NoRates"):
        register(world, rates=[])


@pytest.mark.parametrize("rate", [0, 1])
def test_two_rates_for_a_token_are_refused(world: World, rate: int) -> None:
    with reverts("ModelRegistry_RateGivenTwice", OTHER):
        register(world, rates=[(OTHER, rate), (NATIVE, 1), (OTHER, 1)])


def test_what_is_unknown_is_not_offered(world: World) -> None:
    model_id, root = registered(world), world.pool.root
    with reverts("ModelRegistry_UnknownModel", digest(1)):
        world.catalogue.get("registrantOf", digest(1))
    for offer in ((digest(1), root, NATIVE), (model_id, digest(1), NATIVE), (model_id, root, OTHER)):
        assert world.catalogue.get("baseRateOf", *offer) == (False, 0, 0)


@pytest.mark.parametrize("terms", [(0, PPM, bytes(32)), (0, 1, bytes(32)), (1, 400_000, digest(63))])
def test_the_pools_rule_is_told_with_the_model(world: World, terms: tuple[int, int, bytes]) -> None:
    receipt = register(world, pool_terms=terms)
    model_id = world.event(receipt, "ModelRegistered").args["modelId"]
    told = dict(zip(("rule", "ownerCap", "evidenceDigest"), terms, strict=True))
    assert world.event(receipt, "PoolRuleSet").args == {"modelId": model_id, **told}


@pytest.mark.parametrize("terms", [(1, PPM, bytes(32)), (0, 0, bytes(32)), (1, PPM + 1, digest(63))])
def test_influence_without_evidence_or_a_cap_that_is_none_is_refused(
    world: World, terms: tuple[int, int, bytes]
) -> None:
    with reverts("ModelRegistry_PoolTermsInvalid", *terms):
        register(world, pool_terms=terms)


# The rule


def order(world: World, **changes: Any) -> None:
    """Asks whether an order in native coin is permitted."""
    permit(world, world.catalogue_works, NATIVE, **changes)


def test_an_order_at_the_registered_rate_is_permitted(world: World) -> None:
    rates = [(world.usd.address, 5), (NATIVE, 2**96 - 1), (world.quirky.address, 0)]
    model_id = registered(world, rates=rates)
    for token, rate in rates:
        permit(world, world.catalogue_works, token, model_id=model_id, base_rate=rate)


def test_an_unknown_model_or_another_pool_is_refused(world: World) -> None:
    root = world.pool.root
    for model_id, pool in ((digest(1), root), (world.model_id, digest(1))):
        with reverts("ModelRegistry_NotOffered", model_id, pool, NATIVE):
            order(world, model_id=model_id, pool_root=pool)


def test_the_pool_of_another_model_is_refused(world: World) -> None:
    model_id = registered(world, pool=digest(5), rates=[(NATIVE, 500_000)])
    order(world, model_id=model_id, pool_root=digest(5))
    with reverts("ModelRegistry_NotOffered", model_id, world.pool.root, NATIVE):
        order(world, model_id=model_id)


def test_a_token_without_a_rate_is_refused(world: World) -> None:
    model_id = registered(world, rates=[(world.usd.address, 500_000)])
    with reverts("ModelRegistry_NotOffered", model_id, world.pool.root, NATIVE):
        order(world, model_id=model_id)


@pytest.mark.parametrize("difference", [-1, 1])
def test_any_other_base_rate_is_refused(world: World, difference: int) -> None:
    with reverts("ModelRegistry_BaseRateMismatch", world.model_id, 500_000, 500_000 + difference):
        order(world, model_id=world.model_id, base_rate=500_000 + difference)


def test_a_base_rate_of_zero_is_not_any_rate(world: World) -> None:
    model_id = registered(world, rates=[(NATIVE, 0)])
    with reverts("ModelRegistry_BaseRateMismatch", model_id, 0, 1):
        order(world, model_id=model_id, base_rate=1)


def test_a_model_takes_no_orders_from_its_sunset_on(world: World) -> None:
    sunset = world.chain.now + DAY
    model_id = registered(world, sunset=sunset, rates=[(NATIVE, 500_000)])
    world.chain.travel(sunset - 1)
    assert world.chain.now == sunset - 1
    order(world, model_id=model_id)
    for second in (sunset, sunset + DAY):
        world.chain.travel(second)
        with reverts("ModelRegistry_SunsetPassed", model_id, sunset):
            order(world, model_id=model_id)


def test_an_order_funded_before_the_sunset_settles_after_it(world: World) -> None:
    sunset = world.chain.now + 600
    model_id = registered(world, sunset=sunset, rates=[(NATIVE, 500_000)])
    deal = world.deal(world.quote(token=NATIVE, model_id=model_id))
    world.fund(deal)
    world.chain.travel(sunset)
    world.commit(deal)
    assert world.status(deal) == "committed"
