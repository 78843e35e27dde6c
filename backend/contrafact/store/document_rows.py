"""What documents in the content store say of works and models, as columns; the documents lie in the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from contrafact.domain.models import ModelMetadata
from contrafact.domain.works import Work, WorkMetadata
from contrafact.store.facts import CHUNK
from contrafact.store.folding import folded
from contrafact.store.tables import documents

WORK, MODEL = "work", "model"
UNDESCRIBED: Mapping[str, Any] = {
    "title": None,
    "credits": "[]",
    "collection": "",
    "catalogue_id": "",
    "media_type": "",
    "metre": None,
    "key": None,
    "folded": "",
    "folded_collection": "",
}


def want(session: Session, kind: str, digests: Iterable[bytes]) -> None:
    """Puts documents that are not known yet on the list of those to fetch."""
    wanted = sorted(set(digests))
    known = set(_rows(session, wanted))
    fresh = [{"digest": digest, "kind": kind} | _NEW for digest in wanted if digest not in known]
    if fresh:
        session.execute(insert(documents), fresh)


_NEW = {"complete": False, "tries": 0, "next_try": 0.0, "problem": ""}


def work_columns(session: Session, works: Sequence[Work]) -> dict[bytes, Mapping[str, Any]]:
    """By work id, what the work's document says. One that is about another file says nothing of this work."""
    rows = _rows(session, [work.metadata for work in works])
    return {work.work_id: _work(work, rows.get(work.metadata)) for work in works}


def _work(work: Work, row: Any) -> Mapping[str, Any]:
    if row is None or row.content is None or row.kind != WORK:
        return UNDESCRIBED
    said = WorkMetadata.from_bytes(row.content)
    if (said.content, said.source_form) != (work.content, work.source_form):
        return UNDESCRIBED
    return {
        "title": storable(said.title),
        "credits": json.dumps([storable(credit) for credit in said.credits]),
        "collection": storable(said.collection),
        "catalogue_id": storable(said.catalogue_id),
        "media_type": storable(said.media_type),
        "metre": row.metre,
        "key": row.key,
        "folded": folded(said.title, *said.credits, said.collection, said.catalogue_id),
        "folded_collection": folded(said.collection),
    }


def model_columns(session: Session, digests: Sequence[bytes]) -> dict[bytes, Mapping[str, Any]]:
    """By the document's digest, the model's name and how many works it learnt from."""
    rows = _rows(session, digests)
    return {digest: _model(rows.get(digest)) for digest in digests}


def _model(row: Any) -> Mapping[str, Any]:
    if row is None or row.content is None or row.kind != MODEL:
        return {"name": None, "training_works": None}
    said = ModelMetadata.from_bytes(row.content)
    return {"name": storable(said.name), "training_works": said.training_works}


def storable(text: str) -> str:
    """The text without what PostgreSQL cannot keep."""
    return text.replace("\0", "")


def _rows(session: Session, digests: Sequence[bytes]) -> dict[bytes, Any]:
    found: dict[bytes, Any] = {}
    for start in range(0, len(digests), CHUNK):
        query = select(documents).where(documents.c.digest.in_(digests[start : start + CHUNK]))
        found |= {row.digest: row for row in session.execute(query)}
    return found
