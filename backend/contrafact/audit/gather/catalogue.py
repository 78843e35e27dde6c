"""Reading the documents and files of works and models."""

from __future__ import annotations

from contrafact.audit.evidence import Catalogue, Chain
from contrafact.audit.gather.documents import read
from contrafact.audit.ports import Tools
from contrafact.audit.results import Done, Result, Skipped, presence, then
from contrafact.domain.models import ModelMetadata
from contrafact.domain.works import Work, WorkMetadata
from contrafact.ports import ContentStore


def read_catalogue(chain: Chain, store: ContentStore, tools: Tools) -> Catalogue:
    """Every description that a registration or a split names, and the presence of every work's files."""
    named = {*(work.metadata for work in chain.works), *(split.metadata for split in chain.splits)}
    works = {digest: then(read(store, digest), WorkMetadata.from_bytes) for digest in named}
    models = {m.metadata: then(read(store, m.metadata), ModelMetadata.from_bytes) for m in chain.models}
    files = {d: presence(read(store, d)) for work in chain.works for d in (work.content, work.source_form)}
    derived = {work.work_id: _derived(work, works[work.metadata], store, tools) for work in chain.works}
    return Catalogue(works, models, files, derived)


def _derived(work: Work, metadata: Result[WorkMetadata], store: ContentStore, tools: Tools) -> Result[bytes]:
    """The source form that follows from the work's file."""
    derive = tools.derive
    if derive is None:
        return Skipped("No reader of music files is installed.")
    if not isinstance(metadata, Done):
        return metadata
    media_type = metadata.value.media_type
    return then(read(store, work.content), lambda content: derive(content, media_type))
