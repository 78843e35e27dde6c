"""What documents say of works and models that a statement names, as of the statement's block."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from contrafact.content_ports import ContentStore
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.works import WorkMetadata
from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.read_model import ReadModel


@dataclass(frozen=True, slots=True)
class Described:
    """What a work's document says that a statement repeats; empty where it says nothing."""

    title: str = ""
    iswc: str = ""
    isrc: str = ""


NOTHING = Described()


def described(model: ReadModel, store: ContentStore, works: Iterable[bytes], until: int) -> dict[bytes, Described]:
    """Works by their documents that were in force at the block `until`, models by their names."""
    return {work: _about(model, store, work, until) for work in sorted(set(works))}


def _about(model: ReadModel, store: ContentStore, work_id: bytes, until: int) -> Described:
    with suppress(NotFound):
        row, document = model.work(work_id), _document(model, work_id, until)
        known = row.title if document == row.metadata else None
        return _work(store, document) or Described(known or "")
    with suppress(NotFound):
        return Described(model.model(work_id).name or f"Training pool of {to_hex(work_id)}")
    return NOTHING


def _document(model: ReadModel, work_id: bytes, until: int) -> bytes:
    """The newest document of then: a later one must not rename what an old statement names."""
    versions = model.split_history(work_id)
    return [each.metadata for each in versions if each.block <= until or each is versions[0]][-1]


def _work(store: ContentStore, document: bytes) -> Described | None:
    with suppress(NotFound, StoreError, InvalidInput):
        said = WorkMetadata.from_bytes(store.get(cid(document)))
        return Described(said.title, said.identifiers.iswc, said.identifiers.isrc)
    return None
