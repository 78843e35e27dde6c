"""What the catalogue can tell of consent to training: see consent_proofs.tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from contrafact.domain.allow_list import AllowList

from .chain import NATIVE, Reverted, reverts
from .consents import (
    NOTICE,
    NOWHERE,
    Leaf,
    Trained,
    anchored_leaf,
    collected,
    in_force,
    leaf_of,
    licence,
    train,
    unregistered,
    versioned,
    words_of,
)
from .permits import permit
from .test_collections import Anchored, anchor, materialise
from .world import DAY, Catalogued, RuledWorld, World, digest

CONTENT = 800


def work_with(world: World, **terms: Any) -> Catalogued:
    return world.catalogued(CONTENT, world.pool, world.licensor, world.terms(**terms))


def trained_on(world: World, work: Catalogued, **more: Any) -> tuple[Trained, Leaf]:
    leaf = leaf_of(work, CONTENT)
    return train(world, [leaf, unregistered()], **more), leaf


def no_consent(world: World, model: Trained, leaf: Leaf, evidence: Any, **changes: Any) -> None:
    proof = changes.get("proof", model.proof(leaf))
    world.catalogue.get("requireNoConsent", *model.at(leaf, proof, evidence))


def consent(world: World, model: Trained, leaf: Leaf, given: Any) -> None:
    world.catalogue.get("requireConsent", *model.at(leaf, given))


def wait(world: World, seconds: int) -> None:
    world.chain.travel(world.chain.now + seconds)


def test_leaves_of_the_manifest_are_known(world: World) -> None:
    work = work_with(world)
    model, leaf = trained_on(world, work)
    world.catalogue.get("requireLearntFrom", *model.at(leaf, model.proof(leaf)))
    others = [replace(leaf, licence=1), replace(leaf, registrant=world.maker), replace(leaf, content=digest(1))]
    for other in others:
        for name, more in (("requireLearntFrom", ()), ("requireNoConsent", (in_force(2),))):
            with reverts("ModelRegistry_NotLearntFrom", model.model_id, other.registrant.lower(), other.content):
                world.catalogue.get(name, *model.at(other, model.proof(leaf), *more))
    with reverts("ModelRegistry_NotLearntFrom"):
        world.catalogue.get("requireLearntFrom", digest(5), leaf.to_abi(), model.proof(leaf))
    with reverts("ModelRegistry_UnknownModel", digest(5)):
        world.catalogue.get("requireNoConsent", digest(5), leaf.to_abi(), [], in_force(2))
    with reverts("ModelRegistry_UnknownModel", digest(5)):
        world.catalogue.get("requireConsent", digest(5), leaf.to_abi(), versioned(work))


# None, by the leaf's own words


@pytest.mark.parametrize(
    "limits",
    [
        lambda now: {"training": False},
        lambda now: {"valid_from": now + 2},
        lambda now: {"valid_until": now + 1},
    ],
    ids=["not permitted", "not yet", "no longer"],
)
def test_own_words_that_do_not_permit_training_prove_it(world: World, limits: Callable[[int], dict[str, int]]) -> None:
    """The model is registered in the third block from now."""
    work = work_with(world, **limits(world.chain.now + 2))
    model, leaf = trained_on(world, work)
    no_consent(world, model, leaf, words_of(work.terms, work.split))
    with reverts("ConsentProofs_NotPermitted", work.work_id):
        consent(world, model, leaf, versioned(work))


def test_no_terms_are_no_consent(world: World) -> None:
    world.register(CONTENT, world.pool, world.licensor)
    leaf = Leaf(world.licensor, digest(CONTENT), licence(world.pool.root, []))
    model = train(world, [leaf])
    no_consent(world, model, leaf, words_of(None, world.pool))
    with reverts("TermsInvalid"):
        consent(world, model, leaf, (1, world.pool.root, [], NOWHERE, [], []))


def test_own_words_that_permit_training_prove_nothing(world: World) -> None:
    now = world.chain.now
    work = work_with(world, valid_from=now + 3, valid_until=now + 4)  # the very second
    model, leaf = trained_on(world, work)
    assert world.chain.now == now + 3
    with reverts("ConsentProofs_Permitted", work.work_id):
        no_consent(world, model, leaf, words_of(work.terms, work.split))
    consent(world, model, leaf, versioned(work))
    other = world.terms(training=False)
    with reverts("ConsentProofs_OtherLicence", leaf.licence, licence(work.split.root, other.to_words())):
        no_consent(world, model, leaf, words_of(other, work.split))


# None, by the version in force


@pytest.mark.parametrize("training", [False, True])
def test_another_licence_in_force_since_the_notice_proves_it(world: World, training: bool) -> None:
    old = work_with(world)
    new = world.set_terms(old, world.terms(training=training, max_weight=1))
    wait(world, NOTICE - 1)
    model, leaf = trained_on(world, old)
    no_consent(world, model, leaf, in_force(new.version))
    with reverts("ModelRegistry_NotInForceThen", old.work_id, old.version):
        consent(world, model, leaf, versioned(old))
    world.set_terms(new, old.terms)  # too late
    no_consent(world, model, leaf, in_force(new.version))
    for version in (new.version + 1, new.version + 2, 2**32, 2**256 - 2):
        with reverts("ModelRegistry_NotInForceThen", old.work_id, version):
            no_consent(world, model, leaf, in_force(version))


def test_a_change_within_the_notice_hurts_no_model(world: World) -> None:
    old = work_with(world)
    new = world.set_terms(old, world.terms(training=False))
    wait(world, NOTICE - 2)
    model, leaf = trained_on(world, old)
    with reverts("ModelRegistry_NotInForceThen", old.work_id, new.version):
        no_consent(world, model, leaf, in_force(new.version))
    consent(world, model, leaf, versioned(old))


def test_what_was_replaced_before_the_model_proves_nothing(world: World) -> None:
    first = work_with(world, training=False)
    second = world.set_terms(first, world.terms())
    wait(world, 2 * NOTICE)
    model, leaf = trained_on(world, second)
    with reverts("ModelRegistry_NotInForceThen", first.work_id, first.version):
        no_consent(world, model, leaf, in_force(first.version))
    with reverts("ConsentProofs_SameLicence", first.work_id, second.version):
        no_consent(world, model, leaf, in_force(second.version))


def test_a_first_version_proves_nothing_against_a_model(world: World) -> None:
    """A licensor that anchored two collections could else choose after the model which one its work is of."""
    words = [world.terms(max_weight=weight).to_words() for weight in (1, 2)]
    mine, hidden = (Anchored(CONTENT, world.pool.root, each) for each in words)
    shown, secret = anchor(world, [mine]), anchor(world, [hidden])
    wait(world, 2 * NOTICE)
    leaf = anchored_leaf(shown, mine)
    model = train(world, [leaf])
    materialise(world, secret, hidden)
    with reverts("ConsentProofs_FirstVersion", leaf.work_id(world)):
        no_consent(world, model, leaf, in_force(1))
    consent(world, model, leaf, collected(shown, mine))


# Consent by a version


def test_a_foretold_licence_is_no_consent(world: World) -> None:
    work_id = world.register(CONTENT, world.pool, world.licensor)
    foretold = Catalogued(work_id, world.licensor, world.pool, world.terms(), 2)
    model, leaf = trained_on(world, foretold)
    assert world.set_terms(foretold, world.terms()).version == 2
    with reverts("ModelRegistry_NotInForceThen", work_id, 2):
        consent(world, model, leaf, versioned(foretold))


def test_another_version_or_work_is_no_consent(world: World) -> None:
    work = work_with(world)
    model, leaf = trained_on(world, work)
    for version in (1, 3, 2**32 + 2):
        given = int(world.catalogue.get("licenceOf", work.work_id, version)) >> 40
        with reverts("ConsentProofs_OtherLicence", leaf.licence, given):
            consent(world, model, leaf, versioned(work, version=version))
    absent = unregistered()
    with reverts("ConsentProofs_OtherLicence", absent.licence, leaf.licence):
        consent(world, model, absent, versioned(work))


def test_registrant_and_model_must_be_listed(world: World) -> None:
    model_id = bytes(world.catalogue.get("modelIdOf", world.operator, digest(95)))
    other = bytes(world.catalogue.get("modelIdOf", world.relayer, digest(95)))
    allow = AllowList.of([world.operator, world.maker], [model_id, digest(5)])
    work = work_with(world, allow=allow)
    model, leaf = trained_on(world, work)
    lists = allow.operator_proof(world.operator), allow.model_proof(model_id)
    consent(world, model, leaf, versioned(work, lists))
    with reverts("Licensing_OperatorNotListed", work.work_id, world.operator.lower()):
        consent(world, model, leaf, versioned(work, (allow.operator_proof(world.maker), lists[1])))
    with reverts("Licensing_ModelNotListed", work.work_id, model_id):
        consent(world, model, leaf, versioned(work, (lists[0], allow.model_proof(digest(5)))))
    theirs, leaf = trained_on(world, work, sender=world.relayer)
    assert theirs.model_id == other
    with reverts("Licensing_OperatorNotListed", work.work_id, world.relayer.lower()):
        consent(world, theirs, leaf, versioned(work, lists))


# Consent by a collection


def test_a_collection_consents_for_works_that_were_never_materialised(world: World) -> None:
    works = [Anchored(CONTENT + i, world.pool.root, world.terms(max_weight=i + 1).to_words()) for i in range(3)]
    collection = anchor(world, works)
    leaves = [anchored_leaf(collection, work) for work in works]
    model = train(world, leaves)
    for leaf, work in zip(leaves, works, strict=True):
        consent(world, model, leaf, collected(collection, work))
    with reverts("ConsentProofs_OtherLicence", leaves[0].licence, leaves[1].licence):
        consent(world, model, leaves[0], collected(collection, works[1]))
    twin = replace(leaves[0], content=digest(1))  # the same licence for another work
    with reverts("Collections_InvalidProof", collection.root):
        consent(world, train(world, [twin], weights=96), twin, collected(collection, works[0]))
    foreign = replace(leaves[0], registrant=world.licensor2)  # who has not anchored it
    with reverts("Collections_UnknownCollection", world.licensor2.lower(), collection.root):
        consent(world, train(world, [foreign], weights=97), foreign, collected(collection, works[0]))


@pytest.mark.parametrize("after", ["withdraw", "register", "materialise", "replace"])
def test_nothing_that_a_licensor_does_later_takes_its_collections_consent_back(world: World, after: str) -> None:
    work = Anchored(CONTENT, world.pool.root, world.terms().to_words())
    collection = anchor(world, [work])
    wait(world, 2 * NOTICE)
    leaf = anchored_leaf(collection, work)
    model = train(world, [leaf])
    if after == "withdraw":
        world.catalogue.send(world.licensor, "withdrawCollection", collection.root)
    elif after == "register":
        world.register(CONTENT, world.pool, world.licensor)
    else:
        materialise(world, collection, work)
        consent(world, model, leaf, (1, *collected(collection, work)[1:3], NOWHERE, [], []))
    if after == "replace":
        world.set_terms(Catalogued(leaf.work_id(world), world.licensor, world.pool, world.terms()), world.terms())
    consent(world, model, leaf, collected(collection, work))


def test_a_collection_that_did_not_speak_for_the_work_then_is_no_consent(world: World) -> None:
    work = Anchored(CONTENT, world.pool.root, world.terms().to_words())
    proof = collected(collection := anchor(world, [work]), work)
    leaf = anchored_leaf(collection, work)
    materialise(world, collection, work)
    world.set_terms(Catalogued(leaf.work_id(world), world.licensor, world.pool, world.terms()), world.terms())
    within = train(world, [leaf], weights=101)
    world.catalogue.send(world.licensor, "withdrawCollection", collection.root)
    wait(world, NOTICE - 1)
    consent(world, within, leaf, proof)
    superseded = train(world, [leaf], weights=102)
    with reverts("Collections_UnknownCollection", world.licensor.lower(), collection.root):
        consent(world, superseded, leaf, proof)
    other = Anchored(CONTENT + 1, world.pool.root, world.terms().to_words())
    early = Leaf(world.licensor, digest(CONTENT + 1), licence(world.pool.root, other.words))
    before = train(world, [early], weights=103)
    late = anchor(world, [other])
    with reverts("Collections_UnknownCollection", world.licensor.lower(), late.root):
        consent(world, before, early, collected(late, other))


def test_a_second_version_speaks_instead_of_the_collection(world: World) -> None:
    work = Anchored(CONTENT, world.pool.root, world.terms().to_words())
    collection = anchor(world, [work])
    materialise(world, collection, work)
    leaf = anchored_leaf(collection, work)
    known = Catalogued(leaf.work_id(world), world.licensor, world.pool, world.terms())
    world.set_terms(known, world.terms(training=False))
    wait(world, NOTICE)
    model = train(world, [leaf])
    with reverts("ConsentProofs_Superseded", known.work_id):
        consent(world, model, leaf, collected(collection, work))
    no_consent(world, model, leaf, in_force(2))


def test_words_that_are_no_terms_are_no_consent(world: World) -> None:
    words = (b"\x00" * 31 + b"\x01",)  # training, and a flag that there is not
    bad = (b"\x00" * 30 + b"\xf0\x01",)
    for content, given, fits in ((CONTENT, words, True), (CONTENT + 1, bad, False)):
        work = Anchored(content, world.pool.root, given)
        collection = anchor(world, [work])
        leaf = anchored_leaf(collection, work)
        model = train(world, [leaf], weights=content)
        if fits:
            consent(world, model, leaf, collected(collection, work))
        else:
            with reverts("TermsInvalid"):
                consent(world, model, leaf, collected(collection, work))


# Both


@pytest.mark.parametrize("seed", range(40))
def test_what_is_a_consent_is_never_proved_to_be_none(world: World, seed: int) -> None:
    """Whatever licensor and operator did before and after, in whatever order."""
    rng = Random(seed)
    choices = [world.terms(), world.terms(max_weight=1), world.terms(training=False)]
    anchored = [Anchored(CONTENT, world.pool.root, terms.to_words()) for terms in choices]
    collections = {i: anchor(world, [anchored[i]]) for i in range(3) if rng.random() < 0.5}
    work_id = bytes(world.catalogue.get("workIdOf", world.licensor, digest(CONTENT)))
    model: Trained | None = None
    terms = rng.choice(choices)
    leaf = Leaf(world.licensor, digest(CONTENT), licence(world.pool.root, terms.to_words()))
    for _ in range(rng.randrange(2, 9)):
        wait(world, rng.choice((0, NOTICE // 2, NOTICE, 2 * NOTICE)))
        if model is None and rng.random() < 0.3:
            model = train(world, [leaf])
        _change(world, rng, work_id, [choice.to_words() for choice in choices], collections, anchored)
    model = model or train(world, [leaf])
    consents = [versioned(Catalogued(work_id, world.licensor, world.pool, terms), version=v) for v in range(1, 9)]
    consents += [(0, *collected(one, anchored[i])[1:]) for i, one in collections.items()]
    proofs = [words_of(terms, world.pool), *(in_force(v) for v in range(1, 10))]
    assert not (passes(consent, world, model, leaf, consents) and passes(no_consent, world, model, leaf, proofs))


def _change(world: World, rng: Random, work_id: bytes, words: Any, collections: Any, anchored: Any) -> None:
    """Something that a licensor may do; what is refused changes nothing."""
    choice = rng.randrange(6)
    try:
        if choice == 0:
            world.register(CONTENT, world.pool, world.licensor)
        elif choice == 1 and collections:
            i = rng.choice(list(collections))
            materialise(world, collections[i], anchored[i])
        elif choice == 2 and collections:
            one = rng.choice(list(collections.values()))
            world.catalogue.send(world.licensor, "withdrawCollection", one.root)
        else:
            world.catalogue.send(world.licensor, "setTerms", work_id, world.pool.root, list(rng.choice(words)))
    except Reverted:
        pass


def passes(check: Callable[..., None], world: World, model: Trained, leaf: Leaf, given: list[Any]) -> bool:
    for each in given:
        try:
            check(world, model, leaf, each)
        except Reverted:
            continue
        return True
    return False


# stopModel


def test_the_desk_stops_a_model_in_one_token(ruled: RuledWorld) -> None:
    world = ruled
    model, _ = trained_on(world, work_with(world))
    place = (model.model_id, world.pool.root, NATIVE)
    with reverts("WorkRegistry_NotDesk", world.licensor.lower()):
        world.catalogue.send(world.licensor, "stopModel", *place)
    with reverts("ModelRegistry_NotOffered", model.model_id, digest(1), NATIVE):
        world.catalogue.send(world.desk_address, "stopModel", model.model_id, digest(1), NATIVE)
    permit(world, world.catalogue_works, NATIVE, model_id=model.model_id)
    receipt = world.catalogue.send(world.desk_address, "stopModel", *place)
    now = world.chain.now
    told = {"modelId": model.model_id, "token": NATIVE, "sunset": now}
    assert world.event(receipt, "ModelStopped").args == told
    with reverts("ModelRegistry_SunsetPassed", model.model_id, now):
        permit(world, world.catalogue_works, NATIVE, model_id=model.model_id)
    permit(world, world.catalogue_works, world.usd.address, model_id=model.model_id)
    wait(world, DAY)
    assert not world.chain.events(world.catalogue.send(world.desk_address, "stopModel", *place), "ModelStopped")
    assert world.catalogue.get("baseRateOf", *place)[2] == now
