"""Collections anchored as one root, their works materialised by proof: see collections.tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak

from contrafact.domain import merkle
from contrafact.domain.licences import licence_word

from .chain import Receipt, reverts
from .world import DAY, Catalogued, World, digest

META = digest(600)


@dataclass(frozen=True)
class Anchored:
    """A work of a collection: what its leaf is made of."""

    content: int
    split_root: bytes
    words: tuple[bytes, ...]
    recording_of: bytes = bytes(32)

    @property
    def registration(self) -> tuple[bytes, ...]:
        """The `Registration` struct."""
        digests = (digest(self.content), digest(self.content + 1000), digest(self.content + 2000))
        return (*digests, self.split_root, self.recording_of)

    @property
    def value(self) -> bytes:
        """What is hashed twice to the leaf."""
        return bytes(encode(["bytes32"] * 6, [*self.registration, keccak(b"".join(self.words))]))


@dataclass(frozen=True)
class Collection:
    licensor: str
    works: tuple[Anchored, ...]

    @property
    def root(self) -> bytes:
        return merkle.root([work.value for work in self.works])

    def call(self, work: Anchored, **changes: Any) -> tuple[Any, ...]:
        """The arguments that materialise `work`, some of them changed."""
        proof = list(merkle.proof([other.value for other in self.works], work.value))
        values = {
            "licensor": self.licensor,
            "root": self.root,
            "registration": work.registration,
            "words": list(work.words),
            "proof": proof,
        }
        return tuple((values | changes).values())


def works(world: World, count: int) -> list[Anchored]:
    return [Anchored(610 + i, world.pool.root, world.terms(max_weight=1_000_000 - i).to_words()) for i in range(count)]


def anchor(world: World, members: Sequence[Anchored], licensor: str | None = None) -> Collection:
    collection = Collection(licensor or world.licensor, tuple(members))
    world.catalogue.send(collection.licensor, "anchorCollection", collection.root, META)
    return collection


def materialise(world: World, collection: Collection, work: Anchored, **changes: Any) -> Receipt:
    return world.catalogue.send(world.relayer, "materialise", *collection.call(work, **changes))


def work_id(world: World, collection: Collection, work: Anchored) -> bytes:
    return bytes(world.catalogue.get("workIdOf", collection.licensor, digest(work.content)))


@pytest.fixture
def five(world: World) -> Collection:
    return anchor(world, works(world, 5))


# Anchors


def test_an_anchor_tells_root_metadata_and_second(world: World) -> None:
    collection = Collection(world.licensor, tuple(works(world, 3)))
    assert world.catalogue.get("anchoredSince", world.licensor, collection.root) == 0
    receipt = world.catalogue.send(world.licensor, "anchorCollection", collection.root, META)
    expected = {"licensor": world.licensor, "root": collection.root, "metadataDigest": META}
    assert world.event(receipt, "CollectionAnchored").args == expected
    assert world.catalogue.get("anchoredSince", world.licensor, collection.root) == world.chain.now
    assert world.catalogue.get("anchoredSince", world.licensor2, collection.root) == 0


def test_who_copies_a_root_has_a_collection_of_its_own(world: World, five: Collection) -> None:
    since = world.chain.now
    copy = anchor(world, five.works, world.licensor2)
    materialise(world, copy, copy.works[0])
    materialise(world, five, five.works[0])
    assert world.catalogue.get("licensorOf", work_id(world, five, five.works[0])) == world.licensor.lower()
    assert world.catalogue.get("licensorOf", work_id(world, copy, copy.works[0])) == world.licensor2.lower()
    assert world.catalogue.get("anchoredSince", world.licensor, five.root) == since


def test_a_root_is_anchored_once_even_when_withdrawn(world: World, five: Collection) -> None:
    with reverts("Collections_AlreadyAnchored", five.root):
        anchor(world, five.works)
    world.catalogue.send(world.licensor, "withdrawCollection", five.root)
    with reverts("Collections_AlreadyAnchored", five.root):
        anchor(world, five.works)


@pytest.mark.parametrize("digests", [(bytes(32), META), (digest(1), bytes(32))], ids=["root", "metadata"])
def test_an_empty_digest_is_refused(world: World, digests: tuple[bytes, bytes]) -> None:
    with reverts("WorkRegistry_EmptyDigest"):
        world.catalogue.send(world.licensor, "anchorCollection", *digests)


# Works


@pytest.mark.parametrize("place", range(5))
def test_anybody_materialises_a_work_as_it_was_anchored(world: World, five: Collection, place: int) -> None:
    since, work = world.chain.now, five.works[place]
    world.chain.travel(since + DAY)
    materialise(world, five, work)
    work_id_ = work_id(world, five, work)
    assert world.catalogue.get("licensorOf", work_id_) == world.licensor.lower()
    assert world.catalogue.get("currentVersion", work_id_) == 1
    assert world.catalogue.get("licenceOf", work_id_, 1) == licence_word(work.split_root, work.words, since)
    world.catalogue.get("requirePinned", work_id_, 1, work.split_root, list(work.words))


def test_materialising_tells_what_registering_tells(world: World, five: Collection) -> None:
    work = five.works[2]
    receipt = materialise(world, five, work)
    id_ = work_id(world, five, work)
    names = ("contentDigest", "sourceDigest", "metadataDigest", "splitRoot", "recordingOf")
    registered = {"workId": id_, "licensor": world.licensor, **dict(zip(names, work.registration, strict=True))}
    assert world.event(receipt, "WorkRegistered").args == registered
    terms = {"workId": id_, "version": 1, "splitRoot": work.split_root, "words": list(work.words)}
    assert world.event(receipt, "TermsSet").args == terms
    materialised = {"workId": id_, "licensor": world.licensor, "root": five.root}
    assert world.event(receipt, "WorkMaterialised").args == materialised


def test_a_materialised_work_enters_an_order_at_once(world: World, five: Collection) -> None:
    materialise(world, five, five.works[0])
    work = Catalogued(work_id(world, five, five.works[0]), world.licensor, world.pool, world.terms())
    deal = world.deal(world.quote([work]), [work.terms])
    world.fund(deal)
    world.commit(deal)
    assert world.status(deal) == "committed"


def test_a_collection_may_have_one_work(world: World) -> None:
    (only,) = works(world, 1)
    collection = anchor(world, [only])
    materialise(world, collection, only, proof=[])
    assert world.catalogue.get("licensorOf", work_id(world, collection, only)) == world.licensor.lower()


def test_a_recording_comes_after_its_composition(world: World) -> None:
    composition, other = works(world, 2)
    song = world.catalogue.get("workIdOf", world.licensor, digest(composition.content))
    recording = replace(other, recording_of=song)
    collection = anchor(world, [composition, recording])
    with reverts("WorkRegistry_NotComposition", song):
        materialise(world, collection, recording)
    materialise(world, collection, composition)
    materialise(world, collection, recording)
    assert world.catalogue.get("compositionOf", work_id(world, collection, recording)) == song


def test_what_was_not_anchored_is_refused(world: World, five: Collection) -> None:
    work = five.works[1]
    registrations = [list(work.registration) for _ in range(5)]
    for i, registration in enumerate(registrations):
        registration[i] = world.catalogue_works[0].work_id
    changes: list[dict[str, Any]] = [{"registration": tuple(registration)} for registration in registrations]
    dearer = list(world.terms(max_weight=5).to_words())
    changes += [{"words": dearer}, {"words": []}, {"words": list(five.works[0].words)}]
    for change in changes:
        with reverts("Collections_InvalidProof", five.root):
            materialise(world, five, work, **change)


def test_a_proof_that_is_not_the_works_is_refused(world: World, five: Collection) -> None:
    work = five.works[1]
    *_, proof = five.call(work)
    *_, others = five.call(five.works[3])
    for wrong in ([], proof[:-1], [*proof, digest(1)], proof[::-1], others):
        with reverts("Collections_InvalidProof", five.root):
            materialise(world, five, work, proof=wrong)


def test_a_work_of_another_collection_is_refused(world: World, five: Collection) -> None:
    foreign = Collection(world.licensor, tuple(replace(work, content=work.content + 50) for work in five.works))
    with reverts("Collections_InvalidProof", five.root):
        materialise(world, foreign, foreign.works[0], root=five.root)


def test_a_collection_is_known_by_its_licensor(world: World, five: Collection) -> None:
    for change in ({"licensor": world.relayer}, {"root": digest(5)}):
        licensor, root = change.get("licensor", world.licensor), change.get("root", five.root)
        with reverts("Collections_UnknownCollection", licensor, root):
            materialise(world, five, five.works[0], **change)


def test_a_work_is_materialised_once(world: World, five: Collection) -> None:
    work = five.works[0]
    materialise(world, five, work)
    with reverts("WorkRegistry_AlreadyRegistered", work_id(world, five, work)):
        materialise(world, five, work)


def test_a_registered_work_is_not_materialised_too(world: World, five: Collection) -> None:
    work = five.works[0]
    world.catalogue.send(world.licensor, "register", work.registration)
    with reverts("WorkRegistry_AlreadyRegistered", work_id(world, five, work)):
        materialise(world, five, work)


def test_two_anchored_versions_of_a_work_give_one_work(world: World, five: Collection) -> None:
    changed = replace(five.works[0], words=world.terms(max_weight=7).to_words())
    later = anchor(world, [changed])
    materialise(world, later, changed)
    with reverts("WorkRegistry_AlreadyRegistered", work_id(world, five, five.works[0])):
        materialise(world, five, five.works[0])


@pytest.mark.parametrize(
    ("words", "reason"),
    [((), "number of words"), ((digest(1 << 6),), "unknown use or flag"), ((digest(1), digest(2)), "number of words")],
)
def test_anchored_words_that_are_no_terms_are_refused(world: World, words: tuple[bytes, ...], reason: str) -> None:
    bad = Anchored(690, world.pool.root, words)
    collection = anchor(world, [bad, *works(world, 1)])
    with reverts("TermsInvalid", reason):
        materialise(world, collection, bad)


def test_an_anchored_work_with_an_empty_digest_is_refused(world: World) -> None:
    bad = Anchored(690, bytes(32), world.terms().to_words())
    collection = anchor(world, [bad])
    with reverts("WorkRegistry_EmptyDigest"):
        materialise(world, collection, bad)


def test_a_leaf_hashed_once_does_not_count(world: World) -> None:
    """Leaves are hashed twice, so that no node of the tree can pass for one."""
    (only,) = works(world, 1)
    once = keccak(only.value)
    world.catalogue.send(world.licensor, "anchorCollection", once, META)
    with reverts("Collections_InvalidProof", once):
        materialise(world, Collection(world.licensor, (only,)), only, root=once)


# Withdrawal


def test_a_withdrawn_collection_gives_no_more_works_and_takes_none_back(world: World, five: Collection) -> None:
    materialise(world, five, five.works[0])
    there = work_id(world, five, five.works[0])
    licence = world.catalogue.get("licenceOf", there, 1)
    receipt = world.catalogue.send(world.licensor, "withdrawCollection", five.root)
    expected = {"licensor": world.licensor, "root": five.root}
    assert world.event(receipt, "CollectionWithdrawn").args == expected
    assert world.catalogue.get("anchoredSince", world.licensor, five.root) == 0
    with reverts("Collections_UnknownCollection", world.licensor, five.root):
        materialise(world, five, five.works[1])
    assert world.catalogue.get("licenceOf", there, 1) == licence
    assert world.catalogue.get("licensorOf", there) == world.licensor.lower()


def test_only_the_licensor_withdraws_and_once(world: World, five: Collection) -> None:
    for sender, root in ((world.licensor2, five.root), (world.licensor, digest(5))):
        with reverts("Collections_UnknownCollection", sender, root):
            world.catalogue.send(sender, "withdrawCollection", root)
    world.catalogue.send(world.licensor, "withdrawCollection", five.root)
    with reverts("Collections_UnknownCollection", world.licensor, five.root):
        world.catalogue.send(world.licensor, "withdrawCollection", five.root)


def test_a_materialised_work_is_its_licensors_as_any_other(world: World, five: Collection) -> None:
    materialise(world, five, five.works[0])
    work = Catalogued(work_id(world, five, five.works[0]), world.licensor, world.pool, world.terms())
    world.catalogue.send(world.licensor, "transferLicensor", work.work_id, world.licensor2)
    world.catalogue.send(world.licensor2, "acceptLicensor", work.work_id)
    changed = world.set_terms(replace(work, licensor=world.licensor2), world.terms(max_weight=3))
    assert changed.version == 2
    assert world.catalogue.get("licenceOf", work.work_id, 1) & 2**40 - 1 < world.chain.now
