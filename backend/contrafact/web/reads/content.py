"""Content by its CID, and attribution records by their digest."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from contrafact.domain.digests import cid as cid_of
from contrafact.domain.digests import digest_of_cid, from_hex
from contrafact.domain.documents import read_json
from contrafact.errors import NotFound, StoreError, Withdrawn
from contrafact.web.conditional import IMMUTABLE, kept, tag_of_digest
from contrafact.web.errors import answers
from contrafact.web.orders import summary
from contrafact.web.ranges import streamed
from contrafact.web.reads.spool import spooled
from contrafact.web.reads.work_views import file_of
from contrafact.web.schemas.fields import Digest
from contrafact.web.schemas.records import Record
from contrafact.web.services import Given, Services

router = APIRouter(prefix="/v1", tags=["content"])
_BINARY = "application/octet-stream"
Cid = Annotated[str, Path(pattern=r"^bafkrei[a-z2-7]{52}$", examples=["bafkrei" + "a" * 52])]
_RESPONSES = {
    **answers(304, 404, 416, 451),
    200: {"content": {_BINARY: {}}, "description": "The bytes, which the CID proves."},
    206: {"content": {_BINARY: {}}, "description": "The range that was asked for."},
}


@router.get("/content/{cid}", responses=_RESPONSES, response_class=Response)
def get_content(cid: Cid, request: Request, services: Given) -> Response:
    """A file or a document. What a CID names never changes; whether it is open here may."""
    tag = tag_of_digest(digest_of_cid(cid))
    path = spooled(services, cid)
    headers = {"Cache-Control": IMMUTABLE, "Content-Security-Policy": "sandbox", "Content-Disposition": "attachment"}
    return streamed(request, path, tag, _BINARY, headers)


@router.get("/records/{digest}", responses=answers(304, 404, 451))
def get_record(digest: Digest, request: Request, response: Response, services: Given) -> Record:
    """The attribution record with this SHA-256, and the order that it settled."""
    row = services.read_model.order_of_record(from_hex(digest))
    record = Record(
        record=file_of(from_hex(digest)), order=summary(row, services), document=_document(services, from_hex(digest))
    )
    return kept(request, response, record)


def _document(services: Services, digest: bytes) -> dict[str, Any] | None:
    """None where it is missing or unreadable. Raises Withdrawn."""
    try:
        found = read_json(services.published.get(cid_of(digest)))
    except Withdrawn:
        raise
    except (NotFound, StoreError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
