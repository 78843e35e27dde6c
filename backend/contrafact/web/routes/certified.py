"""The piece as its maker gets it: with the operator's certificate inside, in three formats."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from contrafact.domain.digests import from_hex, sha256
from contrafact.errors import NotFound
from contrafact.order.certifying import MEDIA_TYPES
from contrafact.web import conditional
from contrafact.web.auth.sessions import ANYBODY, Anybody
from contrafact.web.hearing import files_for
from contrafact.web.orders import order_row
from contrafact.web.ranges import Range, file_answers, file_response
from contrafact.web.schemas.fields import Digest
from contrafact.web.services import Given

router = APIRouter(prefix="/v1/orders/{order}/certified", tags=["orders"])
_FILE = file_answers(MEDIA_TYPES.values(), 401, 403, 451)


class Format(StrEnum):
    FLAC = "flac"
    WAV = "wav"
    MP3 = "mp3"


Kind = Annotated[Format, Path(examples=["flac"])]


@router.get("/{kind}", responses=_FILE, response_class=Response, openapi_extra=ANYBODY)
def get_certified_piece(
    order: Digest, kind: Kind, services: Given, caller: Anybody, request: Request, range: Range = None
) -> Response:
    """The piece with the certificate that its maker gets. Made when it is first asked for, and the same from then on.

    Whoever may have `files/piece.flac` may have it.
    """
    order_id = from_hex(order)
    row = order_row(services, order_id)
    files_for(services, row, caller).read("piece.flac", services)
    if services.delivered is None:
        raise NotFound("This service hands over no pieces.", "Take files/piece.flac, which has no certificate.")
    with services.gate.passed():
        data = services.delivered(order_id, kind.value)
    headers = {
        "Cache-Control": conditional.PRIVATE,
        "Content-Disposition": f'inline; filename="piece-{order[2:10]}-certified.{kind.value}"',
    }
    tag = conditional.tag_of_digest(sha256(data))
    return file_response(request, data, tag, MEDIA_TYPES[kind.value], headers)
