"""Models may learn from works whose licences permitted it when they were registered, and from no others."""

from __future__ import annotations

import pytest

from contrafact.audit import AuditVerdict, Finding
from contrafact.domain.allow_list import AllowList
from contrafact.domain.collections import Collection
from contrafact.domain.digests import sha256
from contrafact.domain.licences import licence_hash
from contrafact.domain.manifests import Leaf
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms

from .fakes import BLOCK_SECONDS
from .history import DAY, World, address, honest_world, lesson, lessons, terms

NEXT = sha256(b"weights of the next model")


@pytest.fixture
def world() -> World:
    return honest_world()


def learn(world: World, *leaves: Leaf, publish: bool = True) -> bytes:
    """A model that nobody orders from, registered straight by the contract, which asks for no consent."""
    return world.register_model(NEXT, leaves, publish)


def found(world: World) -> list[Finding]:
    return [finding for finding in world.audit().findings if finding.check.startswith("model.")]


def anchored(world: World, collection: Collection, licensor: str = "school") -> list[Leaf]:
    world.anchor(licensor, collection)
    return world.consented(*(work.metadata.title for work in collection.works), licensor=licensor)


def leaf_of(world: World, title: str) -> Leaf:
    """A leaf of a work of the honest catalogue under its terms in force."""
    work = next(work for work in world.ledger.work_list if work.content == sha256(title.encode()))
    version = [v for v in world.ledger.terms_list if v.work_id == work.work_id][-1]
    registrant = next(one.licensor for one in world.ledger.licensor_list if one.work_id == work.work_id)
    return Leaf(registrant, work.content, licence_hash(version.split_root, version.terms.to_words()))


def test_a_work_that_was_never_registered_is_named(world: World) -> None:
    (consented, stranger) = anchored(world, lessons("Consented", "A Stranger"))
    unknown = Leaf(stranger.registrant, sha256(b"never registered"), stranger.licence)
    learn(world, consented, unknown)
    (finding,) = found(world)
    assert (finding.check, finding.evidence["content"]) == ("model.consent", "0x" + unknown.content.hex())
    assert "neither registered nor in an anchored collection" in finding.message
    assert finding.severity == "warning"  # nobody ordered from it


def test_it_is_an_error_once_somebody_orders_from_the_model(world: World) -> None:
    world.ledger.collection_list.clear()
    report = world.audit()
    assert [finding.check for finding in report.errors] == ["model.consent"] * 2
    assert report.verdict is AuditVerdict.FAILED


def test_a_work_that_was_opted_out_before_is_found(world: World) -> None:
    world.ledger.set_terms(world.works[0], terms(5, training=True))
    leaf = leaf_of(world, "The Blackbird")
    world.ledger.set_terms(world.works[0], Terms.opted_out())
    world.ledger.next_block(DAY - 2 * BLOCK_SECONDS)
    learn(world, leaf)
    assert found(world) == []  # for a day before the registration, the licence that was still counts
    world = honest_world()
    world.ledger.set_terms(world.works[0], terms(5, training=True))
    world.ledger.set_terms(world.works[0], Terms.opted_out())
    world.ledger.next_block(DAY - BLOCK_SECONDS)
    learn(world, leaf)
    (finding,) = found(world)
    assert "the licence that the list names was not in force" in finding.message


def test_terms_that_forbid_training_are_found(world: World) -> None:
    learn(world, leaf_of(world, "The Blackbird"))
    (finding,) = found(world)
    assert "do not permit training" in finding.message


def test_a_later_opt_out_takes_nothing_back(world: World) -> None:
    world.ledger.set_terms(world.works[0], terms(5, training=True))
    learn(world, leaf_of(world, "The Blackbird"))
    world.ledger.set_terms(world.works[0], Terms.opted_out())
    assert found(world) == []


def test_who_registered_a_work_counts_and_not_who_licenses_it_now(world: World) -> None:
    world.ledger.set_terms(world.works[1], terms(5, training=True))  # by the heir, to whom it was handed over
    learn(world, leaf_of(world, "Drowsy Maggie"))
    assert found(world) == []


def test_a_collection_that_was_withdrawn_before_is_found_and_later_is_not(world: World) -> None:
    collection = lessons("Withdrawn")
    (leaf,) = anchored(world, collection)
    world.ledger.withdraw(address("school"), collection.root)
    world.ledger.next_block(DAY)
    model = learn(world, leaf)
    (finding,) = found(world)
    assert finding.subject.id == "0x" + model.hex()
    world = honest_world()
    (leaf,) = anchored(world, collection)
    learn(world, leaf)
    world.ledger.withdraw(address("school"), collection.root)
    assert found(world) == []


def test_of_two_collections_of_a_licensor_each_counts_until_it_is_withdrawn(world: World) -> None:
    """As for the contract. The command that registers a model is stricter: there the later one counts."""
    (before,) = anchored(world, lessons("Reconsidered"))
    (after,) = anchored(world, lessons("Reconsidered", training=False, inference=True))
    learn(world, before)
    assert found(world) == []
    world = honest_world()
    for collection in (lessons("Reconsidered"), lessons("Reconsidered", training=False, inference=True)):
        anchored(world, collection)
    learn(world, after)
    (finding,) = found(world)
    assert "do not permit training" in finding.message


def test_a_second_version_ends_what_a_collection_permitted(world: World) -> None:
    collection = lessons("Brought")
    (leaf,) = anchored(world, collection)
    work_id = world.ledger.materialise(address("school"), collection, collection.works[0].content)
    world.ledger.set_terms(work_id, Terms.opted_out())
    world.ledger.next_block(DAY)
    learn(world, leaf)
    assert "not in force" in next(one.message for one in found(world))


def test_a_work_that_was_brought_onto_the_chain_is_licensed_as_it_was_anchored(world: World) -> None:
    collection = lessons("Brought", "Left")
    leaves = anchored(world, collection)
    learn(world, *leaves)
    content = collection.works[0].content
    for data in (collection.works[0].file, collection.works[0].form, collection.works[0].metadata.to_bytes()):
        world.store.put(data)
    work_id = world.ledger.materialise(address("school"), collection, content)
    world.ledger.set_terms(work_id, Terms.opted_out())
    assert [finding.check for finding in world.audit().findings] == []


def test_terms_before_or_after_their_time_are_found(world: World) -> None:
    now = world.ledger.timestamp()
    leaves = anchored(world, lessons("Expired", valid_until=now), "one")
    leaves += anchored(world, lessons("Not yet", valid_from=now + 10**6), "two")
    leaves += anchored(world, lessons("Now", valid_from=now, valid_until=now + 10**6), "three")
    learn(world, *leaves)
    assert len(found(world)) == 2


def test_a_list_without_the_model_is_found(world: World) -> None:
    others = AllowList.of(operators=[address("another lab")])
    mine = AllowList.of(operators=[address("lab")], models=[sha256(b"some model")])
    ours = AllowList.of(operators=[address("lab")])
    leaves = [*anchored(world, lessons("Theirs", allow=others)), *anchored(world, lessons("Ours", allow=ours), "two")]
    learn(world, *leaves, *anchored(world, lessons("Another model's", allow=mine), "three"))
    assert [finding.message.split(": ")[1][:12] for finding in found(world)].count("The operator") == 1
    assert len(found(world)) == 2


def test_of_a_list_that_only_the_chain_knows_is_said_that_nobody_can_tell(world: World) -> None:
    """The chain keeps its root; the documents of collections have its members."""
    known = terms(5, training=True, allow=AllowList.of(operators=[address("another lab")]))
    world.ledger.set_terms(world.works[0], Terms.from_words(known.to_words()))
    learn(world, leaf_of(world, "The Blackbird"))
    report = world.audit()
    assert [gap.check for gap in report.not_checked if not gap.excused] == ["model.consent"]
    assert [finding for finding in report.findings if finding.check == "model.consent"] == []


def test_a_manifest_that_is_not_published_is_found(world: World) -> None:
    learn(world, *anchored(world, lessons("Secret")), publish=False)
    assert [finding.check for finding in found(world)] == ["model.manifest"]
    assert "model.consent" in {gap.check for gap in world.audit().not_checked}


def test_a_document_that_is_not_the_anchored_one_consents_to_nothing(world: World) -> None:
    """The licensor anchors one root, and publishes a document with another."""
    honest, other = lessons("Published"), lessons("Anchored")
    world.store.put(honest.to_bytes())
    world.ledger.anchor(address("school"), other)
    anchor = world.ledger.collection_list[-1]
    world.ledger.collection_list[-1] = type(anchor)(anchor.licensor, anchor.root, honest.digest(), anchor.block)
    work = lesson("Anchored")
    learn(world, Leaf(address("school"), work.content, work.licence, other.root))
    assert [finding.check for finding in found(world)] == ["model.consent"]


def test_a_model_whose_pool_goes_elsewhere_is_found(world: World) -> None:
    world.model_split = Split.of([(address("thief"), 1_000_000)])
    learn(world, *anchored(world, lessons("Lesson")))
    (finding,) = found(world)
    assert (finding.check, finding.severity) == ("model.pool", "warning")
