"""Uploads: a score or a recording, looked at and kept for a day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from contrafact.domain.digests import from_hex, sha256, to_hex
from contrafact.errors import NotFound
from contrafact.music.reading import is_recording
from contrafact.music.reading.names import named
from contrafact.registration import MEDIA_TYPES
from contrafact.web.auth import sessions
from contrafact.web.auth.sessions import SignedIn
from contrafact.web.conditional import tag_of, tag_of_digest
from contrafact.web.errors import NotSignedIn, UnsupportedMedia, answers
from contrafact.web.ranges import Range, file_answers, streamed
from contrafact.web.routing import IDEMPOTENT, Handler, IdempotentRoute, media_type_of
from contrafact.web.schemas.fields import Digest, time
from contrafact.web.schemas.uploads import Upload
from contrafact.web.services import Given, Services, services_of
from contrafact.web.uploads import Kept, Uploads
from contrafact.web.verdicts import recognised, verdict

KINDS = tuple(dict.fromkeys(MEDIA_TYPES.values()))
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file's bytes; its media type in Content-Type.",
        "content": {kind: {"schema": {"type": "string", "format": "binary", "minLength": 1}} for kind in KINDS},
    }
}


class StreamedRoute(IdempotentRoute):
    """Writes the body to a temporary file while it comes in, once it is clear that somebody may send one."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def received(request: Request) -> Response:
            await run_in_threadpool(_require_sender, request)
            uploads = uploads_of(services_of(request))
            request.state.received = await uploads.receive(request.stream())
            try:
                return await handle(request)
            finally:
                request.state.received[1].unlink(missing_ok=True)

        return received

    async def fingerprint(self, request: Request) -> bytes:
        digest: bytes = request.state.received[0]
        return sha256(digest + media_type_of(request).encode())


router = APIRouter(prefix="/v1/uploads", tags=["uploads"], route_class=StreamedRoute)


@router.post("", status_code=201, responses=answers(401, 403, 409), dependencies=IDEMPOTENT, openapi_extra=_BODY)
def upload_file(caller: SignedIn, services: Given, request: Request) -> Upload:
    """Takes a score or a recording in, and says what it is like. It is yours alone until you register it."""
    (digest, partial), kind = request.state.received, media_type_of(request)
    with services.gate.passed():
        data = partial.read_bytes()  # not before: files that wait are not in memory
        form = services.derive(data, kind)
        recognition = recognised(services, data, kind)
    title, credits = named(data, kind)
    kept = uploads_of(services).keep(caller.wallet, digest, kind, partial)  # only what can be used
    return Upload(
        upload=to_hex(digest),
        media_type=kind,
        size=len(data),
        source_form=to_hex(sha256(form)),
        kept_until=time(kept.until),
        verdict=verdict(services, recognition),
        title=title,
        credits=list(credits),
    )


sounds = APIRouter(prefix="/v1/uploads", tags=["uploads"])
"""Of what is kept: nothing comes in."""


@sounds.get("/{upload}/sound", responses=file_answers(["audio/mpeg"], 401), response_class=Response)
def get_upload_sound(
    upload: Digest, caller: SignedIn, request: Request, services: Given, range: Range = None
) -> Response:
    """How a file of yours sounds: a recording itself, of a score the melody that is read in it, as MP3."""
    kept = uploads_of(services).get(caller.wallet, from_hex(upload))
    headers = {"Cache-Control": "private, max-age=86400", "Vary": "Cookie, Authorization"}
    if is_recording(kept.media_type):
        return streamed(request, kept.path, tag_of_digest(kept.digest), kept.media_type, headers)
    sound = _played(services, kept)
    return streamed(request, sound, tag_of(kept.digest, sound.stat().st_mtime_ns), "audio/mpeg", headers)


def _played(services: Services, kept: Kept) -> Path:
    """The MP3 file of a score, which is made once."""
    if services.songs is None:
        raise NotFound("This service makes no sound.", "Look at the file in a program for scores.")
    if not kept.sound.exists():
        with services.playing.passed():
            if not kept.sound.exists():  # who waited may find it made
                uploads_of(services).add_sound(kept, services.songs.once(kept.read(), kept.media_type))
    return kept.sound


def uploads_of(services: Services) -> Uploads:
    settings = services.settings
    return Uploads(settings.home / "uploads", settings.upload_seconds, services.clock, settings.max_uploads)


def _require_sender(request: Request) -> None:
    """Raises NotSignedIn, NotPermitted or UnsupportedMedia before anything of the body is read."""
    if sessions.find(request) is None:
        raise NotSignedIn("Nobody is signed in.", "Sign in with your wallet first.")
    if media_type_of(request) not in KINDS:
        raise UnsupportedMedia(
            f"{media_type_of(request) or 'No type'} is no kind of score or recording.", f"Send {', '.join(KINDS)}."
        )
