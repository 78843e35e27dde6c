"""Verifying a file that somebody found: anybody may ask, and nothing of it is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from contrafact.errors import NotFound
from contrafact.web.errors import answers
from contrafact.web.routes.uploads import uploads_of
from contrafact.web.routing import Handler
from contrafact.web.schemas.verification import Verification
from contrafact.web.services import Given, services_of

KINDS = ("audio/flac", "audio/wav", "audio/mpeg", "audio/ogg", "application/octet-stream")
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The audio file's bytes. Its kind is told from how it begins, whatever Content-Type says.",
        "content": {kind: {"schema": {"type": "string", "format": "binary", "minLength": 1}} for kind in KINDS},
    }
}


class PassingRoute(APIRoute):
    """Writes the body to a temporary file while it comes in, and removes that once the answer is made."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def received(request: Request) -> Response:
            _, request.state.passing = await uploads_of(services_of(request)).receive(request.stream())
            try:
                return await handle(request)
            finally:
                request.state.passing.unlink(missing_ok=True)

        return received


router = APIRouter(prefix="/v1/verify", tags=["verification"], route_class=PassingRoute)


@router.post("", responses=answers(404), openapi_extra=_BODY)
def verify_file(services: Given, request: Request) -> Verification:
    """Leads from an audio file to its order: whether its certificate holds, whose music is in it, who was paid.

    A file without a certificate is found by its samples or its sound. Nobody need sign in, and the file is not kept.
    """
    passing: Path = request.state.passing
    if services.verify is None:
        raise NotFound("This service verifies no files.", "Run: contrafact verify FILE")
    with services.gate.passed():
        report = services.verify(passing.read_bytes())  # not before: files that wait are not in memory
    return Verification.model_validate(report.to_dict())
