"""Consent to training on real contracts: what was anchored and registered, and what a model may learn from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from contrafact import registration
from contrafact.consent import learnt_from, read_collection, read_licences, read_manifest, training_works
from contrafact.domain.allow_list import AllowList
from contrafact.domain.collections import CollectedWork, Collection
from contrafact.domain.digests import cid, sha256
from contrafact.domain.licences import hash_in
from contrafact.domain.manifests import Leaf, Manifest
from contrafact.domain.models import Model, ModelMetadata
from contrafact.domain.pool_rule import PoolRule
from contrafact.domain.terms import NATIVE, Terms
from contrafact.domain.training_consent import Learner, manifest_of
from contrafact.domain.works import WorkMetadata
from contrafact.errors import ContractError, InvalidInput, NotFound, NotPermitted
from contrafact.records.folder import FolderStore

from .scene import BASE_RATE, Scene

DAY = 86_400
TO_TRAIN = Terms(True, False, frozenset(), False, 0, 0, 0, 0, ())
RISING = list(range(30, 50, 1))
JUMPING = [30, 37, 33, 40, 35, 42, 38, 45, 31, 39, 44, 36, 41, 34, 43, 32, 46, 37, 30, 39]


@dataclass(frozen=True)
class School:
    """The scene with a content store, as somebody has it who trains a model."""

    scene: Scene
    store: FolderStore

    def work(
        self, name: str, terms: Terms = TO_TRAIN, melody: Sequence[int] = (), who: str = "composer"
    ) -> CollectedWork:
        """A work whose tokens are `melody`, or some that are no other work's."""
        own = [30 + sha256(name.encode())[i] % 12 for i in range(20)]
        tokens = [token for pitch in (melody or own) for token in (pitch, 70)]
        file, form = name.encode(), json.dumps({"tokens": [2, *tokens]}).encode()
        split = self.scene.split(who)
        metadata = WorkMetadata(name, name, "Lessons", (), "text/vnd.abc", sha256(file), sha256(form), split)
        return CollectedWork(metadata, terms, file, form)

    def anchor(self, *works: CollectedWork, who: str = "bach") -> Collection:
        collection = Collection.of("Lessons", works)
        registration.anchor(collection, self.store, self.scene.writer(who))
        return collection

    def register(self, work: CollectedWork, who: str = "anon") -> bytes:
        """Registers a work singly, with its terms."""
        for data in (work.file, work.form, work.metadata.to_bytes()):
            self.store.put(data)
        work_id, _ = self.scene.writer(who).register_work(work.metadata)
        self.scene.writer(who).set_terms(work_id, work.metadata.split.root, work.terms)
        return work_id

    def manifest(self, *works: CollectedWork) -> Manifest:
        """What a model that learnt from these works can be registered with now. Raises NotPermitted."""
        scene = self.scene
        operator, block = scene.address("operator"), scene.connection.head()
        model_id = scene.reader.model_id_of(operator, sha256(b"new weights"))
        contents = {work.content: work.metadata.title for work in works}
        learner = Learner(model_id, operator, block, scene.now())
        return manifest_of(contents, read_licences(scene.reader, self.store), learner)

    def learn(self, manifest: Manifest) -> Model:
        digests = (sha256(b"new weights"), sha256(b"generator"), manifest.root, manifest.digest())
        metadata = ModelMetadata("pupil", *digests, len(manifest.leaves), PoolRule(owner_cap=250_000))
        given = (metadata, manifest, {NATIVE: BASE_RATE}, self.store, self.scene.writer("operator"))
        model_id = registration.register_model(*given)
        return self.model(model_id)

    def model(self, model_id: bytes) -> Model:
        return next(model for model in self.scene.reader.models() if model.model_id == model_id)


@pytest.fixture
def school(scene: Scene, tmp_path: Path) -> School:
    return School(scene, FolderStore(tmp_path / "store"))


# Collections


def test_an_anchored_collection_is_read_back_from_chain_and_store(school: School) -> None:
    collection = school.anchor(school.work("one"), school.work("two"))
    (anchored,) = school.scene.reader.collections()
    assert (anchored.licensor, anchored.root) == (school.scene.address("bach"), collection.root)
    assert read_collection(anchored, school.store) == collection
    assert school.scene.reader.anchored_since(anchored.licensor, anchored.root) == school.scene.now()


@pytest.mark.parametrize("name", ["one", "two", "three"])
def test_a_work_is_brought_onto_the_chain_as_the_collection_says(school: School, name: str) -> None:
    scene, works = school.scene, [school.work("one"), school.work("two", replace(TO_TRAIN, sunset=2**39))]
    collection = school.anchor(*works, school.work("three", scene.terms[0]))
    work = collection.work(sha256(name.encode()))
    given = (scene.address("bach"), collection, work.content, school.store, scene.writer("stranger"))
    work_id = registration.materialise(*given)
    found = next(one for one in scene.reader.works() if one.work_id == work_id)
    assert (found.content, found.source_form, found.metadata) == work.registration[:3]
    assert found.licensor == scene.address("bach")
    assert hash_in(scene.reader.licence_of(work_id, 1)) == work.licence
    assert [(one.work_id, one.root) for one in scene.reader.materialised()] == [(work_id, collection.root)]
    assert WorkMetadata.from_bytes(school.store.get(cid(found.metadata))) == work.metadata


def test_a_withdrawn_collection_gives_nothing_any_more(school: School) -> None:
    collection = school.anchor(school.work("one"))
    school.scene.writer("bach").withdraw_collection(collection.root)
    (anchored,) = school.scene.reader.collections()
    assert anchored.withdrawn == school.scene.connection.head()
    content = collection.works[0].content
    given = (school.scene.address("bach"), collection, content, school.store, school.scene.writer("stranger"))
    with pytest.raises(NotFound, match="has withdrawn it"):
        registration.materialise(*given)
    with pytest.raises(NotPermitted, match="neither registered nor in an anchored collection"):
        school.manifest(collection.works[0])


def test_a_document_with_another_root_is_refused(school: School) -> None:
    honest, other = school.work("one"), school.work("two")
    collection = Collection.of("Lessons", [honest])
    school.store.put(Collection.of("Lessons", [other]).to_bytes())
    catalogue = school.scene.connection.contract("Catalogue", school.scene.reader.catalogue)
    lie = catalogue.functions.anchorCollection(collection.root, Collection.of("Lessons", [other]).digest())
    school.scene.connection.send(lie, school.scene.keys["bach"])
    (anchored,) = school.scene.reader.collections()
    with pytest.raises(InvalidInput, match="another root"):
        read_collection(anchored, school.store)
    with pytest.raises(NotPermitted):
        school.manifest(other)


# What a model may learn from


def test_a_model_learns_from_collections_and_from_single_works(school: School) -> None:
    one, two, single = school.work("one"), school.work("two"), school.work("single")
    collection = school.anchor(one, two)
    school.register(single)
    model = school.learn(school.manifest(one, two, single))
    manifest = read_manifest(model, school.store)
    assert manifest.root == model.manifest
    bach, anon = school.scene.address("bach"), school.scene.address("anon")
    expected = [Leaf(bach, work.content, work.licence, collection.root) for work in (one, two)]
    assert manifest == Manifest.of([*expected, Leaf(anon, single.content, single.licence)])


def test_a_refusal_names_the_first_works_and_counts_them(school: School) -> None:
    school.anchor(school.work("yes"))
    unknown = [school.work(f"unknown {i}") for i in range(7)]
    with pytest.raises(NotPermitted) as refused:
        school.manifest(school.work("yes"), *unknown)
    assert refused.value.message.startswith("7 of 8 training works lack consent: unknown 0 (it is neither registered")
    assert refused.value.message.endswith(", and 2 more.")
    assert "contrafact collections anchor" in refused.value.hint
    assert "unknown 4" in refused.value.message
    assert "unknown 5" not in refused.value.message


def test_an_opt_out_before_the_registration_counts_and_one_after_it_does_not(school: School) -> None:
    work = school.work("single")
    work_id = school.register(work)
    model = school.learn(school.manifest(work))
    school.scene.writer("anon").set_terms(work_id, work.metadata.split.root, Terms.opted_out())
    with pytest.raises(NotPermitted, match="do not permit training"):
        school.manifest(work)
    head, licences = school.scene.connection.head(), read_licences(school.scene.reader, school.store)
    (learning,), _ = learnt_from(work.content, None, [model], licences, school.store, head)
    assert (learning.consents, learning.version, learning.terms) == (False, 2, work.terms)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"training": False, "inference": True}, "do not permit training"),
        ({"valid_from": 2**39}, "not in force now"),
        ({"valid_until": 5}, "not in force now"),
        ({"allow": AllowList.of(models=[bytes(32)])}, "is not listed by the licensor"),
        ({"allow": AllowList.of(operators=["0x" + "11" * 20])}, "is not listed by the licensor"),
    ],
)
def test_terms_that_do_not_let_this_model_learn_now_refuse_it(
    school: School, change: dict[str, object], why: str
) -> None:
    work = school.work("limited", replace(TO_TRAIN, **change))  # type: ignore[arg-type]
    school.anchor(work)
    with pytest.raises(NotPermitted, match=why):
        school.manifest(work)


def test_a_listed_operator_may(school: School) -> None:
    listed = AllowList.of(operators=[school.scene.address("operator")])
    work = school.work("limited", replace(TO_TRAIN, allow=listed))
    school.anchor(work)
    assert len(school.manifest(work).leaves) == 1


def test_a_list_that_nobody_knows_refuses(school: School) -> None:
    """The chain has its root alone; a collection's document has its members."""
    work = school.work("limited", replace(TO_TRAIN, allow=AllowList.of(operators=[school.scene.address("operator")])))
    school.register(work)
    with pytest.raises(NotPermitted, match="is not known"):
        school.manifest(work)


def test_nobody_consents_in_the_place_of_who_registered_first(school: School) -> None:
    refusing, work = school.work("tune", Terms.opted_out()), school.work("tune")
    school.register(refusing, "anon")
    school.anchor(work, who="bach")
    with pytest.raises(NotPermitted, match="do not permit training"):
        school.manifest(work)


def test_a_later_collection_of_the_same_licensor_counts_until_it_is_withdrawn(school: School) -> None:
    work, refusing = school.work("tune"), school.work("tune", replace(TO_TRAIN, training=False, inference=True))
    school.anchor(work)
    later = school.anchor(refusing)
    with pytest.raises(NotPermitted, match="do not permit training"):
        school.manifest(work)
    school.scene.writer("bach").withdraw_collection(later.root)
    assert len(school.manifest(work).leaves) == 1


def test_a_work_brought_onto_the_chain_keeps_the_licence_of_its_collection(school: School) -> None:
    work = school.work("one")
    collection = school.anchor(work)
    before = school.manifest(work)
    given = (school.scene.address("bach"), collection, work.content, school.store, school.scene.writer("stranger"))
    work_id = registration.materialise(*given)
    assert school.manifest(work) == before
    school.scene.writer("bach").set_terms(work_id, work.metadata.split.root, Terms.opted_out())
    with pytest.raises(NotPermitted):
        school.manifest(work)


# Training works


def test_training_works_have_titles_owners_splits_and_families(school: School) -> None:
    first = school.work("The Rolling Wave", melody=JUMPING, who="composer")
    variant = school.work("Another Name", melody=[pitch + 2 for pitch in JUMPING], who="arranger")
    named = school.work("Rolling Wave, The -- Jig", who="publisher")
    alone = school.work("Alone", melody=RISING)
    school.anchor(first, variant)
    school.register(named)
    school.register(alone)
    model = school.learn(school.manifest(first, variant, named, alone))
    works = {work.title: work for work in training_works(school.scene.reader, school.store, model)}
    assert {title: work.owner for title, work in works.items()} == {
        "The Rolling Wave": school.scene.address("bach"),
        "Another Name": school.scene.address("bach"),
        "Rolling Wave, The -- Jig": school.scene.address("anon"),
        "Alone": school.scene.address("anon"),
    }
    assert works["Another Name"].split == school.scene.split("arranger")
    related = [works[title] for title in ("The Rolling Wave", "Another Name", "Rolling Wave, The -- Jig")]
    family = min(work.content for work in related)
    assert {work.family for work in related} == {family}
    assert works["Alone"].family == works["Alone"].content
    for work in works.values():
        assert work.work_id == school.scene.reader.work_id_of(work.owner, work.content)


def test_training_works_ask_for_what_is_not_published(school: School) -> None:
    work = school.work("single")
    school.register(work)
    model = school.learn(school.manifest(work))
    empty = FolderStore(school.store._root.parent / "empty")
    with pytest.raises(NotFound):
        training_works(school.scene.reader, empty, model)


def test_training_works_of_a_model_registered_without_consent_are_refused(school: School) -> None:
    work = school.work("nobody's")
    model = school.learn(Manifest.of([Leaf(school.scene.address("anon"), work.content, work.licence)]))
    with pytest.raises(NotFound, match="is not registered"):
        training_works(school.scene.reader, school.store, model)


# Sunsets


@pytest.mark.parametrize("of_collection", [True, False])
def test_a_sunset_that_the_terms_named_ends_the_model_of_that_work(school: School, of_collection: bool) -> None:
    scene = school.scene
    work = school.work("one", replace(TO_TRAIN, sunset=scene.now() + 30 * DAY))
    collection = school.anchor(work, school.work("two")) if of_collection else None
    if collection is None:
        school.register(work)
    model = school.learn(school.manifest(work))
    if collection:
        given = (scene.address("bach"), collection, work.content, school.store, scene.writer("stranger"))
        registration.materialise(*given)
    licences = read_licences(scene.reader, school.store)
    (learning,), unknown = learnt_from(work.content, None, [model], licences, school.store, scene.connection.head())
    assert (learning.sunset, learning.version, unknown) == (work.terms.sunset, 1 if collection else 2, [])
    assert learning.terms is not None
    proof = learning.manifest.proof(learning.leaf)
    version = learning.version or 0
    enforced = (model, NATIVE, learning.leaf, version, learning.split_root, learning.terms, proof)
    scene.writer("stranger").enforce_sunset(*enforced)
    assert school.model(model.model_id).sunset_in(NATIVE) == work.terms.sunset
    with pytest.raises(ContractError):
        scene.writer("stranger").enforce_sunset(*enforced)


def test_what_a_model_did_not_learn_from_and_what_nobody_can_say(school: School) -> None:
    one, two = school.work("one"), school.work("two")
    school.anchor(one, two)
    model = school.learn(school.manifest(one))
    head, licences = school.scene.connection.head(), read_licences(school.scene.reader, school.store)
    found, unknown = learnt_from(two.content, None, list(school.scene.reader.models()), licences, school.store, head)
    assert found == []
    assert [one.model_id for one in unknown] == [school.scene.model_id]  # the scene's own publishes nothing
    assert model.model_id not in [one.model_id for one in unknown]
