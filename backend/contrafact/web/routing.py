"""How operations are called: JSON is read strictly, and a request with an idempotency key is answered once."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute

from contrafact.domain.digests import sha256
from contrafact.domain.documents import read_json
from contrafact.errors import InvalidInput
from contrafact.store.visitors import KeptAnswer, KeptRequest, Visitors
from contrafact.web.auth import sessions
from contrafact.web.clients import asking
from contrafact.web.errors import Conflict, UnsupportedMedia
from contrafact.web.services import Services, services_of

KEY = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class JsonRoute(APIRoute):
    """Refuses bodies that are not JSON, and JSON that is nested so deep that reading it is an attack."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle

        async def strict(request: Request) -> Response:
            _require_json(request, await request.body())
            return await handle(request)

        return strict


class IdempotentRoute(JsonRoute):
    """Answers a request with an `Idempotency-Key` once: the same request again gets the answer that was kept.

    Kept are answers below 300; what failed changed nothing and may be tried again with the same key.
    """

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        if not (self.methods or set()) & _UNSAFE:
            return handle

        async def once(request: Request) -> Response:
            fingerprint = await self.fingerprint(request)
            if not (key := request.headers.get(KEY)):
                return await handle(request)
            asked = KeptRequest(await run_in_threadpool(_caller, request), self.unique_id, _usable(key), fingerprint)
            return await _once(services_of(request), asked, request, handle)

        return once

    async def fingerprint(self, request: Request) -> bytes:
        """SHA-256 of what makes the request this one: its address and its body."""
        # Not by `request.url`, which needs a Host that is one.
        address = request.scope["path"].encode() + b"\0" + request.scope["query_string"]
        return sha256(address + b"\0" + await request.body())


def _key(
    _: Annotated[
        str | None,
        Header(
            alias=KEY,
            min_length=1,
            max_length=128,
            pattern=r"^[\x21-\x7e]+$",
            description="A name of your own for this request: sent again with it, it is answered once.",
            examples=["6f1c5a52-7f1e-4a0e-9a34-0c8e2b1d7a90"],
        ),
    ] = None,
) -> None:
    """Documents the header; the route reads it."""


IDEMPOTENT = [Depends(_key)]
"""Dependencies of a router whose unsafe operations take the header."""


async def _once(services: Services, asked: KeptRequest, request: Request, handle: Handler) -> Response:
    visitors, seconds = Visitors(services.database), services.settings.idempotency_seconds
    kept = await run_in_threadpool(visitors.begin, asked, int(services.clock()), seconds)
    if kept is not None:
        return _again(asked, kept)
    try:
        response = await handle(request)
    except BaseException:
        await run_in_threadpool(visitors.abandon, asked)
        raise
    if response.status_code >= 300:
        await run_in_threadpool(visitors.abandon, asked)
    else:
        given, where = (response.status_code, response.media_type or ""), response.headers.get("Location", "")
        answer = KeptAnswer(asked.fingerprint, *given, bytes(response.body), where)
        await run_in_threadpool(visitors.finish, asked, answer)
    return response


def _again(asked: KeptRequest, kept: KeptAnswer) -> Response:
    """The kept answer. Raises Conflict where it is of another request, or not there yet."""
    if kept.fingerprint != asked.fingerprint:
        raise Conflict("This idempotency key was used for another request.", "Take a new key for a new request.")
    if kept.status is None:
        raise Conflict("The same request is still under way.", "Send it again in a moment, with the same key.")
    headers = {REPLAYED: "true"} | ({"Location": kept.location} if kept.location else {})
    return Response(kept.body, kept.status, headers, kept.media_type or None)


def _caller(request: Request) -> str:
    caller = sessions.find(request)
    return caller.wallet if caller else f"at {asking(request)}"


def _usable(key: str) -> str:
    if len(key) > 128 or not key.isascii() or not key.isprintable() or " " in key:
        raise InvalidInput("The idempotency key cannot be used.", "Send 1 to 128 printable ASCII characters.")
    return key


def media_type_of(request: Request) -> str:
    """What its Content-Type says, without parameters; empty without one."""
    return request.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _require_json(request: Request, body: bytes) -> None:
    kind = media_type_of(request)
    if kind != "application/json":
        raise UnsupportedMedia(f"The body is {kind or 'of no type'}.", "Send application/json.")
    try:
        read_json(body)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"The body is not JSON: {error}"[:300], "Send one JSON object in UTF-8.") from error
