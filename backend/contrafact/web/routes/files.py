"""The files of a finished order: mix, stems, MIDI, notes, record; never before the commit."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from contrafact.domain.digests import cid, from_hex, to_hex
from contrafact.domain.terms import Use
from contrafact.web import conditional
from contrafact.web.auth.sessions import ANYBODY, Anybody, Caller
from contrafact.web.errors import answers
from contrafact.web.hearing import MEDIA_TYPES, files_for, media_type_of
from contrafact.web.orders import order_row
from contrafact.web.ranges import Range, file_answers, file_response
from contrafact.web.schemas.fields import Digest
from contrafact.web.schemas.orders import OrderFile, OrderFiles
from contrafact.web.services import Given, Services

router = APIRouter(prefix="/v1/orders/{order}/files", tags=["orders"])
_FILE = file_answers(MEDIA_TYPES.values(), 401, 403, 451)
_HEADERS: dict[int | str, dict[str, Any]] = {
    status: {"description": said["description"]} for status, said in _FILE.items()
}
Name = Annotated[str, Path(min_length=1, max_length=200, examples=["piece.flac"])]


@router.get("", responses=answers(401, 403, 404, 451), openapi_extra=ANYBODY)
def list_order_files(order: Digest, services: Given, caller: Anybody, response: Response) -> OrderFiles:
    """The files of an order. Of a private one, those that are the caller's."""
    row = order_row(services, from_hex(order))
    files = files_for(services, row, caller)
    response.headers["Cache-Control"] = conditional.PRIVATE
    return OrderFiles(files=[_file(order, name, digest) for name, digest in files.open.items()])


@router.get("/{name:path}", responses=_FILE, response_class=Response, openapi_extra=ANYBODY)
def get_order_file(
    order: Digest, name: Name, services: Given, caller: Anybody, request: Request, range: Range = None
) -> Response:
    """A file, or a range of it. Its entity tag is its SHA-256."""
    return _answer(order, name, services, caller, request)


@router.head("/{name:path}", responses=_HEADERS, response_class=Response, openapi_extra=ANYBODY)
def head_order_file(
    order: Digest, name: Name, services: Given, caller: Anybody, request: Request, range: Range = None
) -> Response:
    """What the file is, without it."""
    return _answer(order, name, services, caller, request)


def _answer(order: str, name: str, services: Services, caller: Caller | None, request: Request) -> Response:
    row = order_row(services, from_hex(order))
    files = files_for(services, row, caller)
    data = files.read(name, services)
    is_public = row.quote.use is not Use.PRIVATE and row.confirmed
    last = name.rpartition("/")[2]
    headers = {
        "Cache-Control": conditional.IMMUTABLE if is_public else conditional.PRIVATE,
        "Content-Disposition": f'inline; filename="{last}"',
    }
    return file_response(request, data, conditional.tag_of_digest(files.digests[name]), media_type_of(name), headers)


def _file(order: str, name: str, digest: bytes) -> OrderFile:
    return OrderFile(
        name=name,
        media_type=media_type_of(name),
        sha256=to_hex(digest),
        cid=cid(digest),
        url=f"/v1/orders/{order}/files/{name}",
    )
