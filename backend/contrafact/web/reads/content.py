"""Content by its CID, and attribution records by their digest."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from contrafact.domain.digests import cid as cid_of
from contrafact.domain.digests import digest_of_cid, from_hex
from contrafact.domain.documents import read_json
from contrafact.errors import NotFound, StoreError
from contrafact.web.conditional import IMMUTABLE, tag_of_digest
from contrafact.web.errors import answers, error_response
from contrafact.web.orders import summary
from contrafact.web.reads.answering import kept
from contrafact.web.reads.spool import spooled
from contrafact.web.reads.streaming import streamed
from contrafact.web.reads.work_views import file_of
from contrafact.web.schemas.errors import Error
from contrafact.web.schemas.fields import Digest
from contrafact.web.schemas.records import Record
from contrafact.web.services import Given, Services

router = APIRouter(prefix="/v1", tags=["content"])
WITHDRAWN = 451  # Unavailable For Legal Reasons, RFC 7725
_BINARY = "application/octet-stream"
Cid = Annotated[str, Path(pattern=r"^bafkrei[a-z2-7]{52}$", examples=["bafkrei" + "a" * 52])]
_RESPONSES = {
    **answers(304, 404, 416),
    200: {"content": {_BINARY: {}}, "description": "The bytes, which the CID proves."},
    206: {"content": {_BINARY: {}}, "description": "The range that was asked for."},
    WITHDRAWN: {"model": Error, "description": "It was taken down here."},
}


@router.get("/content/{cid}", responses=_RESPONSES, response_class=Response)
def get_content(cid: Cid, request: Request, services: Given) -> Response:
    """A file or a document. What a CID names never changes; whether it is open here may."""
    tag = tag_of_digest(digest_of_cid(cid))
    try:
        path = spooled(services, cid)
    except NotFound as error:
        if error.code == "withdrawn":
            return _withdrawn(error)
        raise
    headers = {"Cache-Control": IMMUTABLE, "Content-Security-Policy": "sandbox", "Content-Disposition": "attachment"}
    return streamed(request, path, tag, _BINARY, headers)


@router.get("/records/{digest}", responses=answers(304, 404))
def get_record(digest: Digest, request: Request, response: Response, services: Given) -> Record:
    """The attribution record with this SHA-256, and the order that it settled."""
    row = services.read_model.order_of_record(from_hex(digest))
    record = Record(
        record=file_of(from_hex(digest)), order=summary(row, services), document=_document(services, from_hex(digest))
    )
    return kept(request, response, record)


def _document(services: Services, digest: bytes) -> dict[str, Any] | None:
    with suppress(NotFound, StoreError, ValueError, RecursionError):
        found = read_json(services.published.get(cid_of(digest)))
        return found if isinstance(found, dict) else None
    return None


def _withdrawn(error: NotFound) -> Response:
    answer = error_response(error, {"Cache-Control": "no-store"})
    answer.status_code = WITHDRAWN
    return answer
