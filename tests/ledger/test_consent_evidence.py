"""Evidence about consents, found in what is published and judged by the catalogue without a transaction."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from contrafact import registration
from contrafact.consent import Case, Cases, read_licences, read_manifest
from contrafact.domain.allow_list import AllowList
from contrafact.domain.consent_proofs import Candidates, NoConsent
from contrafact.domain.digests import sha256, to_hex
from contrafact.domain.manifests import Leaf, Manifest
from contrafact.errors import ContractError
from contrafact.ledger.consent_reader import ConsentReader
from contrafact.records.folder import FolderStore

from .scene import Scene
from .test_training_consent import TO_TRAIN, School


@pytest.fixture
def school(scene: Scene, tmp_path: Path) -> School:
    return School(scene, FolderStore(tmp_path / "store"))


def case(school: School, manifest: Manifest, content: bytes) -> Case:
    """The work in the manifest of a model that is registered with it."""
    model, scene = school.learn(manifest), school.scene
    candidates = Candidates(read_licences(scene.reader, school.store))
    judge = ConsentReader(scene.connection, scene.deployment)
    return Cases(model, read_manifest(model, school.store), candidates, judge, {}).named(to_hex(content))


def listing(*operators: str) -> AllowList:
    return AllowList.of(operators=operators)


@pytest.mark.parametrize("materialised", [False, True])
def test_the_document_of_a_collection_proves_that_the_operator_is_listed(school: School, materialised: bool) -> None:
    scene = school.scene
    work = school.work("listed", replace(TO_TRAIN, allow=listing(scene.address("operator"), scene.address("anon"))))
    collection = school.anchor(work, school.work("other"))
    if materialised:
        given = (scene.address("bach"), collection, work.content, school.store, scene.writer("stranger"))
        registration.materialise(*given)
    found = case(school, school.manifest(work), work.content)
    consent = found.consent()
    assert consent is not None
    assert (consent.version, consent.collection) == ((1, None) if materialised else (None, collection.root))
    assert len(consent.operator_proof) == 1
    assert found.no_consent() is None
    other = Leaf(found.leaf.registrant, school.work("other").content, found.leaf.licence)
    with pytest.raises(ContractError):
        found.judge.require_consent(found.model.model_id, other, consent)


def test_nothing_shows_the_consent_or_its_absence_where_the_list_holds_others(school: School) -> None:
    work = school.work("listed", replace(TO_TRAIN, allow=listing(school.scene.address("anon"))))
    collection = school.anchor(work)
    leaf = Leaf(school.scene.address("bach"), work.content, work.licence, collection.root)
    found = case(school, Manifest.of([leaf]), work.content)
    assert found.consent() is None
    assert found.no_consent() is None


@pytest.mark.parametrize("terms", [replace(TO_TRAIN, valid_until=1), replace(TO_TRAIN, valid_from=2**39)])
def test_terms_out_of_their_time_are_proved_by_their_own_words(school: School, terms) -> None:  # type: ignore[no-untyped-def]
    work = school.work("expired", terms)
    collection = school.anchor(work)
    leaf = Leaf(school.scene.address("bach"), work.content, work.licence, collection.root)
    found = case(school, Manifest.of([leaf]), work.content)
    assert found.no_consent() == NoConsent(None, work.metadata.split.root, work.words)
    assert found.consent() is None


def test_a_work_before_any_terms_is_proved_by_having_no_words(school: School) -> None:
    work = school.work("bare")
    scene = school.scene
    scene.writer("anon").register_work(work.metadata)
    licences = read_licences(scene.reader, school.store)
    licence = licences.first(work.content, scene.connection.head())
    assert licence is not None
    found = case(school, Manifest.of([licence.leaf]), work.content)
    assert found.no_consent() == NoConsent(None, work.metadata.split.root, ())


def test_a_consent_of_the_leaf_is_none_of_another_registrant(school: School) -> None:
    """Who copies a leaf and puts another registrant into it has nothing to show, and nothing is proved against it."""
    work = school.work("copied")
    collection = school.anchor(work)
    leaf = Leaf(school.scene.address("anon"), sha256(b"copied"), work.licence, collection.root)
    found = case(school, Manifest.of([leaf]), work.content)
    assert found.consent() is None
    assert found.no_consent() is None
