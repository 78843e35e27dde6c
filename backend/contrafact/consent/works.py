"""The training works of a model, with what pays for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from contrafact.consent.reading import read_collection, read_manifest, registry_of
from contrafact.domain import training_works as rule
from contrafact.domain.collections import Collection
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.history import Anchored, TermsVersion
from contrafact.domain.licences import licence_hash
from contrafact.domain.manifests import Leaf
from contrafact.domain.models import Model
from contrafact.domain.training_works import Described, TrainingWork
from contrafact.domain.works import Work, WorkMetadata
from contrafact.errors import NotFound
from contrafact.ports import ConsentLedger, ContentStore


def training_works(ledger: ConsentLedger, store: ContentStore, model: Model) -> tuple[TrainingWork, ...]:
    """What the model learnt from, ordered by content digest, from the chain and the content store alone.

    Raises NotFound or StoreError where a document cannot be had, InvalidInput where it is not what was registered.
    """
    documents = _Documents(ledger, store)
    described = [documents.describe(leaf) for leaf in read_manifest(model, store).leaves]
    return rule.training_works(described, registry_of(ledger))


def payable_works(ledger: ConsentLedger, store: ContentStore, model: Model) -> tuple[TrainingWork, ...]:
    """The same without those that name a licence which their work never had: nobody is there to be paid.

    So a model that was registered with such a work shares its pool among the others. Raises NotFound or StoreError
    where a document cannot be had, InvalidInput where it is not what was registered.
    """
    documents, described = _Documents(ledger, store), []
    for leaf in read_manifest(model, store).leaves:
        with suppress(Unlicensed):
            described.append(documents.describe(leaf))
    return rule.training_works(described, registry_of(ledger))


class Unlicensed(NotFound):
    """A leaf of a manifest names a work, or a licence of it, that chain and anchored documents do not have."""


@dataclass(frozen=True)
class _Documents:
    """What is published about training works."""

    ledger: ConsentLedger
    store: ContentStore

    def describe(self, leaf: Leaf) -> Described:
        if leaf.collection is None:
            return self._registered(leaf)
        work = self._collection(leaf.registrant, leaf.collection).by_content.get(leaf.content)
        if work is None or work.licence != leaf.licence:
            raise _other_licence(leaf)
        return Described(leaf, work.metadata.title, work.form, work.metadata.split)

    def _registered(self, leaf: Leaf) -> Described:
        """A work that was registered singly: the chain has its licence, the store its description."""
        work_id = self._registry.work_id(leaf.registrant, leaf.content)
        if work_id not in self._works:
            raise Unlicensed(f"The training work {to_hex(work_id)} is not registered.", _NO_CONSENT)
        root = self._split_root(work_id, leaf)
        metadata = WorkMetadata.from_bytes(self.store.get(cid(self._split_documents[work_id, root])))
        return Described(leaf, metadata.title, self.store.get(cid(self._works[work_id].source_form)), metadata.split)

    def _split_root(self, work_id: bytes, leaf: Leaf) -> bytes:
        for version in self._terms.get(work_id, ()):
            if _licence(version) == leaf.licence:
                return version.split_root
        raise _other_licence(leaf)

    def _collection(self, licensor: str, root: bytes) -> Collection:
        if (licensor, root) not in self._anchors:
            raise Unlicensed(f"{licensor} has anchored no collection {to_hex(root)}.", _NO_CONSENT)
        if (licensor, root) not in self._collections:
            self._collections[licensor, root] = read_collection(self._anchors[licensor, root], self.store)
        return self._collections[licensor, root]

    @cached_property
    def _registry(self) -> rule.Registry:
        return registry_of(self.ledger)

    @cached_property
    def _collections(self) -> dict[tuple[str, bytes], Collection]:
        return {}

    @cached_property
    def _anchors(self) -> Mapping[tuple[str, bytes], Anchored]:
        return {(one.licensor, one.root): one for one in self.ledger.collections()}

    @cached_property
    def _works(self) -> Mapping[bytes, Work]:
        return {work.work_id: work for work in self.ledger.works()}

    @cached_property
    def _terms(self) -> Mapping[bytes, list[TermsVersion]]:
        found = defaultdict(list)
        for version in self.ledger.terms_history():
            found[version.work_id].append(version)
        return found

    @cached_property
    def _split_documents(self) -> Mapping[tuple[bytes, bytes], bytes]:
        return {(split.work_id, split.split_root): split.metadata for split in self.ledger.split_history()}


_NO_CONSENT = "The model was registered without this work's consent: `contrafact audit` says so, too."


def _licence(version: TermsVersion) -> bytes:
    return licence_hash(version.split_root, version.terms.to_words())


def _other_licence(leaf: Leaf) -> Unlicensed:
    text = f"The manifest names a licence of the work {to_hex(leaf.content)} of {leaf.registrant} that it never had."
    return Unlicensed(text, _NO_CONSENT)
