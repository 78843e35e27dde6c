"""Reading the documents and files of works, collections and models."""

from __future__ import annotations

from contrafact.audit.evidence import Catalogue
from contrafact.audit.gather.documents import read
from contrafact.audit.gather.lazy import Lazy
from contrafact.audit.ports import Tools
from contrafact.audit.registered import Registered
from contrafact.audit.results import Done, Result, Skipped, presence, then
from contrafact.consent import parsed_collection
from contrafact.domain.collections import Collection
from contrafact.domain.digests import cid
from contrafact.domain.history import Anchored
from contrafact.domain.manifests import Manifest
from contrafact.domain.models import ModelMetadata, pool_split
from contrafact.domain.protection import Protection
from contrafact.domain.works import Work, WorkMetadata
from contrafact.errors import StoreError
from contrafact.ports import ContentStore


def read_catalogue(chain: Registered, store: ContentStore, tools: Tools) -> Catalogue:
    """Every description that a registration or a split names, and, where they are asked for, every work's files."""
    named = {*(work.metadata for work in chain.works), *(split.metadata for split in chain.splits)}
    works = {digest: then(read(store, digest), WorkMetadata.from_bytes) for digest in named}
    models = {m.metadata: then(read(store, m.metadata), ModelMetadata.from_bytes) for m in chain.models}
    files = frozenset((work.work_id, digest) for work in chain.works for digest in (work.content, work.source_form))

    def present(key: tuple[bytes, bytes]) -> Result[None]:
        work_id, digest = key
        return presence(read(store, digest, protection(works[chain.work[work_id].metadata])))

    def derived(work_id: bytes) -> Result[bytes]:
        work = chain.work[work_id]
        return _derived(work, works[work.metadata], store, tools)

    return Catalogue(
        works=works,
        models=models,
        files=Lazy(files, present),
        derived=Lazy(frozenset(chain.work), derived),
        manifests={digest: _manifest(found, store) for digest, found in models.items()},
        collections={(a.licensor, a.root): _collection(a, store) for a in chain.collections},
        pool_split=pool_split(chain.address["TrainingPool"]),
        weights={model.weights: _weights(model.weights, store, tools) for model in chain.models},
    )


def protection(metadata: Result[WorkMetadata] | None) -> Protection | None:
    """What a work's description says of its files."""
    return metadata.value.protection if isinstance(metadata, Done) else None


def source_form(work: Work, store: ContentStore, catalogue: Catalogue) -> Result[bytes]:
    """The registered source form of a work, opened where it is protected."""
    return read(store, work.source_form, protection(catalogue.works.get(work.metadata)))


def _weights(digest: bytes, store: ContentStore, tools: Tools) -> Result[None]:
    """Whether the weights with this digest are installed or published; Skipped where they are neither."""
    if tools.generator is not None and tools.generator.model_digest == digest:
        return Done(None)
    try:
        if not store.has(cid(digest)):
            return Skipped("The model's weights are neither published nor installed here.")
    except StoreError as error:
        return Skipped(str(error))
    return presence(read(store, digest))


def _manifest(metadata: Result[ModelMetadata], store: ContentStore) -> Result[Manifest]:
    """The training manifest that a model's description names."""
    if not isinstance(metadata, Done):
        return metadata
    return then(read(store, metadata.value.manifest_document), Manifest.from_bytes)


def _collection(anchor: Anchored, store: ContentStore) -> Result[Collection]:
    """The document of a collection, which must give the root that was anchored."""
    return then(read(store, anchor.document), lambda data: parsed_collection(data, anchor))


def _derived(work: Work, metadata: Result[WorkMetadata], store: ContentStore, tools: Tools) -> Result[bytes]:
    """The source form that follows from the work's file."""
    derive = tools.derive
    if derive is None:
        return Skipped("No reader of music files is installed.")
    if not isinstance(metadata, Done):
        return metadata
    media_type = metadata.value.media_type
    return then(read(store, work.content, protection(metadata)), lambda content: derive(content, media_type))
