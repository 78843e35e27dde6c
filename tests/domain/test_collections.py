"""Collections and manifests as documents: what comes back, what is refused, what is proved."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contrafact.domain import manifest_proofs
from contrafact.domain.collections import CollectedWork, Collection
from contrafact.domain.digests import canonical_json, sha256
from contrafact.domain.manifests import Leaf, Manifest
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms
from contrafact.domain.works import WorkMetadata
from contrafact.errors import InvalidInput, NotFound

from .documents import ALICE, BOB, LISTED, SPLIT, TERMS, digest
from .strategies import texts

TO_TRAIN = Terms(True, False, frozenset(), False, 0, 0, 0, 0, ())


def work(name: str, terms: Terms = TO_TRAIN, split: Split = SPLIT, **changes: object) -> CollectedWork:
    file, form = f"file of {name}".encode(), f'{{"form of":"{name}"}}'.encode()
    metadata = WorkMetadata(name, name, "Airs", ("trad.",), "text/vnd.abc", sha256(file), sha256(form), split)
    return CollectedWork(replace(metadata, **changes), terms, file, form)  # type: ignore[arg-type]


AIRS = Collection.of(
    "Airs",
    [
        work("The Lark"),
        work("Tom’s Air", TERMS, note="with a note", confirmations={1: bytes(range(65))}),
        work("Third", LISTED, Split.of([(BOB, 1_000_000)])),
        work("Fourth", recording_of=digest("composition")),
    ],
    "a note",
)
LEAVES = tuple(Leaf(who, digest(f"content {i}"), bytes(26) + bytes([i])) for i, who in enumerate((ALICE, BOB, ALICE)))
MANIFEST = Manifest.of([*LEAVES[1:], replace(LEAVES[0], collection=digest("root"))])


def changed(document: bytes, change: object) -> bytes:
    fields = json.loads(document)
    change(fields)  # type: ignore[operator]
    return canonical_json(fields)


# Collections


def test_a_collection_comes_back_from_its_document_with_all_that_its_leaves_are_made_of() -> None:
    read = Collection.from_bytes(AIRS.to_bytes())
    assert read == AIRS
    assert (read.root, read.digest(), read.values) == (AIRS.root, AIRS.digest(), AIRS.values)
    assert [one.metadata.digest() for one in read.works] == [one.metadata.digest() for one in AIRS.works]


@settings(max_examples=25)
@given(st.lists(st.tuples(texts, st.binary(max_size=40)), min_size=1, max_size=6, unique_by=lambda one: one[1]), texts)
def test_any_files_come_back(files: list[tuple[str, bytes]], name: str) -> None:
    works = []
    for title, data in files:
        metadata = WorkMetadata(title, "", name, (), "audio/midi", sha256(data), sha256(data), SPLIT)
        works.append(CollectedWork(metadata, TO_TRAIN, data, data))
    collection = Collection.of(name, works)
    assert Collection.from_bytes(collection.to_bytes()) == collection


def test_terms_and_splits_are_stated_once() -> None:
    fields = json.loads(AIRS.to_bytes())
    assert (len(fields["terms"]), len(fields["splits"])) == (3, 2)
    assert [row["terms"] for row in fields["works"]] == [0, 1, 2, 0]


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["works"].clear(),
        lambda d: d["works"].append(d["works"][0]),
        lambda d: d["works"][0].update(terms=7),
        lambda d: d["works"][0].update(split=-1),
        lambda d: d["works"][0].update(file="not base64"),
        lambda d: d["terms"].append(d["terms"][0]),
        lambda d: d["works"][0].update(split=1),
        lambda d: d["works"][0].pop("form"),
        lambda d: d.update(schema="contrafact/collection/2"),
    ],
    ids=["none", "twice", "terms", "split", "file", "terms twice", "splits", "form", "schema"],
)
def test_a_document_that_says_it_otherwise_is_refused(change: object) -> None:
    with pytest.raises(InvalidInput):
        Collection.from_bytes(changed(AIRS.to_bytes(), change))


def test_works_of_other_collections_and_files_of_other_works_are_refused() -> None:
    with pytest.raises(InvalidInput, match="names another collection"):
        Collection.of("Reels", [work("The Lark")])
    with pytest.raises(InvalidInput, match="not of its file"):
        Collection.of("Airs", [replace(work("The Lark"), file=b"another")])
    with pytest.raises(InvalidInput, match="same file"):
        Collection.of("Airs", [work("The Lark"), work("The Lark", TERMS)])


def test_a_work_that_is_not_in_the_collection_is_not_found() -> None:
    with pytest.raises(NotFound, match="no work with the content"):
        AIRS.proof(digest("elsewhere"))


# Manifests


def test_a_manifest_comes_back_ordered_by_content() -> None:
    assert Manifest.from_bytes(MANIFEST.to_bytes()) == MANIFEST
    assert [leaf.content for leaf in MANIFEST.leaves] == sorted(leaf.content for leaf in LEAVES)
    assert MANIFEST.leaf(ALICE, LEAVES[0].content).collection == digest("root")


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["works"].reverse(),
        lambda d: d["works"].clear(),
        lambda d: d["works"].append(d["works"][-1]),
        lambda d: d["works"][0].update(licence="0x00"),
        lambda d: d["works"][0].update(registrant=ALICE.lower()),
    ],
    ids=["order", "none", "twice", "licence", "address"],
)
def test_a_manifest_that_says_it_otherwise_is_refused(change: object) -> None:
    with pytest.raises(InvalidInput):
        Manifest.from_bytes(changed(MANIFEST.to_bytes(), change))


def test_where_a_licence_is_stated_is_no_part_of_the_leaf() -> None:
    assert Manifest.of(LEAVES).root == MANIFEST.root
    assert Manifest.of(LEAVES).digest() != MANIFEST.digest()


# Proofs


@pytest.mark.parametrize("leaf", LEAVES)
def test_a_work_that_the_model_learnt_from_is_proved_by_its_branch(leaf: Leaf) -> None:
    data = manifest_proofs.prove(digest("model"), MANIFEST, leaf.content).to_bytes()
    proof = manifest_proofs.from_bytes(data)
    assert (type(proof), proof.content) == (manifest_proofs.Membership, leaf.content)
    proof.require(MANIFEST.root)
    with pytest.raises(InvalidInput, match="does not lead to"):
        proof.require(digest("another root"))


def test_that_it_did_not_is_proved_by_the_whole_manifest() -> None:
    data = manifest_proofs.prove(digest("model"), MANIFEST, digest("elsewhere")).to_bytes()
    proof = manifest_proofs.from_bytes(data)
    assert isinstance(proof, manifest_proofs.Absence)
    proof.require(MANIFEST.root)


def test_absence_is_not_proved_by_another_manifest_nor_of_what_is_there() -> None:
    left_out = manifest_proofs.Absence(digest("model"), LEAVES[0].content, Manifest.of(LEAVES[1:]))
    with pytest.raises(InvalidInput, match="not the one whose root is on the chain"):
        left_out.require(MANIFEST.root)
    with pytest.raises(InvalidInput, match="holds the work"):
        manifest_proofs.Absence(digest("model"), LEAVES[0].content, MANIFEST).require(MANIFEST.root)


@pytest.mark.parametrize("other", [{"licence": b"\1" * 27}, {"registrant": BOB}, {"content": digest("elsewhere")}])
def test_a_branch_proves_no_other_leaf(other: dict[str, object]) -> None:
    proof = manifest_proofs.prove(digest("model"), MANIFEST, LEAVES[0].content)
    assert isinstance(proof, manifest_proofs.Membership)
    with pytest.raises(InvalidInput):
        replace(proof, leaf=replace(proof.leaf, **other)).require(MANIFEST.root)  # type: ignore[arg-type]
