"""Reading what is anchored: collections, manifests, and all licences, from events and published documents."""

from __future__ import annotations

from functools import lru_cache

from contrafact.domain.collections import Collection
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.history import Anchored
from contrafact.domain.manifests import Manifest
from contrafact.domain.models import Model, ModelMetadata
from contrafact.domain.registrations import Registry
from contrafact.domain.training_consent import Licences
from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.ports import ConsentLedger, ContentStore


def read_licences(ledger: ConsentLedger, store: ContentStore) -> Licences:
    """All licences that ever were; collections whose documents cannot be had, or are not the anchored ones, give none.

    Raises ChainError when the chain cannot be reached.
    """
    anchored = ledger.collections()
    first_licensors = dict(reversed([(work_id, who) for work_id, who, _ in ledger.licensor_changes()]))
    first_splits = {split.work_id: split.split_root for split in reversed(ledger.split_history())}
    return Licences(
        registry=registry_of(ledger),
        works=ledger.works(),
        registrants=first_licensors,
        terms=ledger.terms_history(),
        anchored=anchored,
        materialised=ledger.materialised(),
        first_splits=first_splits,
        collections={(a.licensor, a.root): found for a in anchored if (found := _collection_or_none(a, store))},
    )


def registry_of(ledger: ConsentLedger) -> Registry:
    """Where ids of works and models count."""
    return Registry(ledger.domain.chain_id, ledger.catalogue)


def read_collection(anchor: Anchored, store: ContentStore) -> Collection:
    """The published document of an anchored collection.

    Raises NotFound or StoreError where it cannot be had, InvalidInput where it is not what was anchored.
    """
    return parsed_collection(store.get(cid(anchor.document)), anchor)


def parsed_collection(data: bytes, anchor: Anchored) -> Collection:
    """As `read_collection`, of the document's bytes."""
    collection = _parsed(data)
    if collection.root != anchor.root:
        text = f"The document of collection {to_hex(anchor.root)} gives another root than the one that was anchored."
        raise InvalidInput(text, "Its licensor must anchor the collection anew, with the document's own root.")
    return collection


def read_manifest(model: Model, store: ContentStore) -> Manifest:
    """The published training manifest of a model.

    Raises NotFound or StoreError where it cannot be had, InvalidInput where it is not the one that was registered.
    """
    metadata = ModelMetadata.from_bytes(store.get(cid(model.metadata)))
    manifest = Manifest.from_bytes(store.get(cid(metadata.manifest_document)))
    if manifest.root != model.manifest:
        text = f"The manifest document of model {to_hex(model.model_id)} gives another root than the registered one."
        raise InvalidInput(text, "Its operator must publish the manifest that it registered.")
    return manifest


@lru_cache(maxsize=16)
def _parsed(data: bytes) -> Collection:
    """A document of a few MB takes a tenth of a second and is asked for again and again."""
    return Collection.from_bytes(data)


def _collection_or_none(anchor: Anchored, store: ContentStore) -> Collection | None:
    try:
        return read_collection(anchor, store)
    except (NotFound, StoreError, InvalidInput):
        return None
