"""Models that end on the date that a training work's terms had named: see sunset.tree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from eth_abi import encode

from contrafact.domain import merkle
from contrafact.domain.licences import licence_word

from .chain import NATIVE, Receipt, reverts
from .permits import permit
from .world import DAY, EQUAL, Catalogued, World, digest

CONTENTS = (1, 2, 3)  # of the works in the world's catalogue


@dataclass(frozen=True)
class Learnt:
    """A model with its manifest, and one of the works in it."""

    model_id: bytes
    manifest: tuple[bytes, ...]
    work: Catalogued
    content: int

    def enforce(self, world: World, token: str | None = None, model_id: bytes | None = None, **changes: Any) -> Receipt:
        values = {
            "registrant": self.work.licensor,
            "content": digest(self.content),
            "version": self.work.version,
            "root": self.work.split.root,
            "words": list(self.work.terms.to_words()),
        } | changes
        proof = list(merkle.proof(self.manifest, self.manifest[0]))
        place = (model_id or self.model_id, world.pool.root, token or world.usd.address)
        return world.catalogue.send(world.relayer, "enforceSunset", *place, tuple(values.values()), proof)


def leaf(registrant: str, content: int, work: Catalogued | None = None) -> bytes:
    """What is hashed twice; the licence is that of `work`."""
    licence = licence_word(work.split.root, work.terms.to_words(), 0) >> 40 if work else 0
    return bytes(encode(["address", "bytes32", "uint256"], [registrant, digest(content), licence]))


def learn(world: World, sunset: int, own: int = 0) -> Learnt:
    """A model that learnt from three works, the first of which names a sunset; its own date is `own`."""
    content, licensor = 800, world.licensor
    work = world.catalogued(content, world.pool, licensor, world.terms(sunset=sunset))
    manifest = (leaf(licensor, content, work), leaf(licensor, 801), leaf(world.licensor2, 802))
    rates = [(token, 500_000) for token in (world.usd.address, NATIVE)]
    arguments = (digest(95), merkle.root(manifest), world.pool.root, digest(79), own, rates, EQUAL)
    receipt = world.catalogue.send(world.operator, "registerModel", *arguments)
    return Learnt(bytes(world.event(receipt, "ModelRegistered").args["modelId"]), manifest, work, content)


def sunset_of(world: World, model_id: bytes, token: str) -> int:
    return int(world.catalogue.get("baseRateOf", model_id, world.pool.root, token)[2])


def test_the_date_of_the_terms_ends_the_model(world: World) -> None:
    sunset = world.chain.now + 10 * DAY
    learnt = learn(world, sunset)
    receipt = learnt.enforce(world)
    args = world.event(receipt, "SunsetEnforced").args
    assert (args["modelId"], args["token"], args["sunset"]) == (learnt.model_id, world.usd.address, sunset)
    assert args["workId"] == learnt.work.work_id
    assert sunset_of(world, learnt.model_id, world.usd.address) == sunset
    assert sunset_of(world, learnt.model_id, NATIVE) == 0


def test_orders_are_taken_until_the_date(world: World) -> None:
    sunset = world.chain.now + 10 * DAY
    learnt = learn(world, sunset)
    learnt.enforce(world)
    works, usd = world.catalogue_works[:1], world.usd.address
    world.chain.travel(sunset - 1)
    permit(world, works, usd, model_id=learnt.model_id)
    world.chain.travel(sunset)
    with reverts("ModelRegistry_SunsetPassed", learnt.model_id, sunset):
        permit(world, works, usd, model_id=learnt.model_id)


@pytest.mark.parametrize("own", [DAY, 10 * DAY])
def test_a_model_that_ends_no_later_keeps_its_date(world: World, own: int) -> None:
    sunset = world.chain.now + 10 * DAY
    learnt = learn(world, sunset, own=sunset - 10 * DAY + own)
    with reverts("ModelRegistry_NoEarlierSunset", learnt.model_id, sunset):
        learnt.enforce(world)


def test_a_later_date_of_its_own_is_brought_forward(world: World) -> None:
    sunset = world.chain.now + 10 * DAY
    learnt = learn(world, sunset, own=sunset + 1)
    learnt.enforce(world)
    assert sunset_of(world, learnt.model_id, world.usd.address) == sunset


def test_terms_without_a_date_end_nothing(world: World) -> None:
    learnt = learn(world, 0)
    with reverts("ModelRegistry_NoEarlierSunset", learnt.model_id, 0):
        learnt.enforce(world)


def test_terms_of_after_the_model_do_not_count(world: World) -> None:
    learnt = learn(world, 0)
    later = world.set_terms(learnt.work, world.terms(sunset=world.chain.now + DAY))
    with reverts("ModelRegistry_NotLearntFrom"):
        replace(learnt, work=later).enforce(world)


def test_terms_that_a_manifest_foretold_do_not_count(world: World) -> None:
    """The manifest names the licence, but it was not in force when the model was registered."""
    work_id = world.register(800, world.pool, world.licensor)
    terms = world.terms(sunset=world.chain.now + 10 * DAY)
    foretold = Catalogued(work_id, world.licensor, world.pool, terms, 2)
    manifest = (leaf(world.licensor, 800, foretold), leaf(world.licensor, 801))
    arguments = (
        digest(95),
        merkle.root(manifest),
        world.pool.root,
        digest(79),
        0,
        [(world.usd.address, 500_000)],
        EQUAL,
    )
    receipt = world.catalogue.send(world.operator, "registerModel", *arguments)
    model_id = bytes(world.event(receipt, "ModelRegistered").args["modelId"])
    world.chain.travel(world.chain.now + DAY)
    assert world.set_terms(foretold, terms).version == 2
    with reverts("ModelRegistry_NotInForceThen", work_id, 2):
        Learnt(model_id, manifest, foretold, 800).enforce(world)


def test_terms_that_were_replaced_before_the_model_do_not_count(world: World) -> None:
    sunset = world.chain.now + 10 * DAY
    old = world.catalogued(800, world.pool, world.licensor, world.terms(sunset=sunset))
    new = world.set_terms(old, world.terms())
    manifest = (leaf(world.licensor, 800, old), leaf(world.licensor, 800, new))
    arguments = (
        digest(95),
        merkle.root(manifest),
        world.pool.root,
        digest(79),
        0,
        [(world.usd.address, 500_000)],
        EQUAL,
    )
    receipt = world.catalogue.send(world.operator, "registerModel", *arguments)
    model_id = bytes(world.event(receipt, "ModelRegistered").args["modelId"])
    with reverts("ModelRegistry_NotInForceThen", old.work_id, old.version):
        Learnt(model_id, manifest, old, 800).enforce(world)
    with reverts("ModelRegistry_NoEarlierSunset", model_id, 0):
        Learnt(model_id, manifest[::-1], new, 800).enforce(world)


def test_terms_that_were_replaced_after_the_model_still_count(world: World) -> None:
    sunset = world.chain.now + 10 * DAY
    learnt = learn(world, sunset)
    world.set_terms(learnt.work, world.terms())
    learnt.enforce(world)
    assert sunset_of(world, learnt.model_id, world.usd.address) == sunset


def test_nobody_elses_registration_of_the_content_counts(world: World) -> None:
    """Who registers the same content with a date of its own ends no model."""
    learnt = learn(world, 0)
    squatted = world.catalogued(800, world.pool, world.licensor2, world.terms(sunset=world.chain.now + DAY))
    with reverts("ModelRegistry_NotLearntFrom", learnt.model_id, world.licensor2, digest(800)):
        learnt.enforce(world, registrant=world.licensor2, version=squatted.version)


@pytest.mark.parametrize("what", ["content", "words", "root", "version"])
def test_what_is_not_the_works_is_refused(world: World, what: str) -> None:
    learnt = learn(world, world.chain.now + 10 * DAY)
    changed = {
        "content": ("ModelRegistry_NotLearntFrom", {"content": digest(801)}),
        "words": ("Licensing_LicenceMismatch", {"words": list(world.terms(sunset=5).to_words())}),
        "root": ("Licensing_LicenceMismatch", {"root": digest(4)}),
        "version": ("ModelRegistry_NotLearntFrom", {"version": 1}),
    }
    error, values = changed[what]
    with reverts(error):
        learnt.enforce(world, **values)


def test_a_model_or_token_that_is_not_there_is_refused(world: World) -> None:
    learnt = learn(world, world.chain.now + 10 * DAY)
    with reverts("ModelRegistry_UnknownModel", digest(3)):
        learnt.enforce(world, model_id=digest(3))
    with reverts("ModelRegistry_NotOffered"):
        learnt.enforce(world, token=world.quirky.address)
