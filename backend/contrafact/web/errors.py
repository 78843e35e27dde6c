"""Errors over HTTP: one form, `{code, message, hint}`, and one table of status codes. Who reads pages gets a page."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import Scope

from contrafact import errors
from contrafact.errors import ContrafactError
from contrafact.web.schemas.errors import MOST_AT, MOST_FIELDS, MOST_SAID, Error, WrongField

_log = logging.getLogger(__name__)


class NotSignedIn(ContrafactError):
    code = "not_signed_in"
    headers: ClassVar = {"WWW-Authenticate": "Bearer"}


class Conflict(ContrafactError):
    """The request meets a state that it does not fit: a key used twice, a request still under way."""

    code = "conflict"


class AlreadyThere(errors.NotPermitted):
    """A file is a copy or a version of a registered work: the catalogue stands against it."""


class TooLarge(ContrafactError):
    code = "too_large"


class UnsupportedMedia(ContrafactError):
    code = "unsupported_media"


class TooManyRequests(ContrafactError):
    code = "too_many_requests"


class Overloaded(ContrafactError):
    code = "overloaded"
    headers: ClassVar = {"Retry-After": "60"}


class NoSuchRange(ContrafactError):
    """The file of `size` bytes has nothing of the range asked for."""

    code = "no_such_range"

    def __init__(self, size: int) -> None:
        super().__init__(f"The file has {size} bytes.", "Ask for a range inside of it.")
        self.headers = {"Content-Range": f"bytes */{size}"}


class NotModified(Exception):
    """The client has the newest version; carries the headers of the answer."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__("not modified")
        self.headers = dict(headers)


STATUS: Mapping[type[ContrafactError], int] = {
    NotSignedIn: 401,
    errors.Payment: 402,
    errors.NotPermitted: 403,
    errors.NotFound: 404,
    errors.Withdrawn: 451,  # Unavailable For Legal Reasons, RFC 7725
    Conflict: 409,
    AlreadyThere: 409,
    errors.ContractError: 409,
    errors.OrderClosed: 409,
    errors.Busy: 409,
    errors.BoundsNotKept: 409,
    errors.ReplayError: 409,
    TooLarge: 413,
    UnsupportedMedia: 415,
    NoSuchRange: 416,
    errors.InvalidInput: 422,
    TooManyRequests: 429,
    errors.ChainError: 502,
    errors.StoreError: 502,
    Overloaded: 503,
    errors.ComputeError: 503,
    errors.DatabaseError: 503,
    errors.Interrupted: 503,
}
_PLAIN = {
    400: ("bad_request", "The request cannot be read.", "Send what the OpenAPI document at /v1/openapi.json says."),
    404: ("not_found", "There is nothing here.", "The OpenAPI document at /v1/openapi.json lists all operations."),
    405: ("method_not_allowed", "This address does not take that method.", "The header Allow names those it takes."),
    408: ("too_slow", "The body did not come in time.", "Send it again, faster."),
    413: ("too_large", "The body is too large.", "Send a smaller one."),
    415: ("unsupported_media", "The body is of another media type.", "The OpenAPI document names those it may have."),
}
COMMON = (400, 405, 413, 415, 422, 429, 500, 502, 503)
"""Statuses that any operation may answer with, each in the form of an error."""


def status_of(error: ContrafactError) -> int:
    """The HTTP status of an error; 500 for a kind that has none. A contract's refusal has that of its reason."""
    known = [kind for kind in type(error).__mro__ if kind in STATUS]
    reasons = [kind for kind in known if not issubclass(kind, errors.ChainError)]
    return next((STATUS[kind] for kind in (*reasons, *known)), 500)


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an operation: these error statuses, beside the common ones."""
    documented: dict[int | str, dict[str, Any]] = {
        status: {"model": Error, "description": _MEANINGS.get(status, "")} for status in (*statuses, *COMMON)
    }
    if 304 in documented:
        documented[304] = {"description": "The client has this version already."}
    return dict(sorted(documented.items(), key=str))


def error_response(error: ContrafactError, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse(error.to_dict(), status_of(error), dict(headers or {}))


Shown = Callable[[Error, int, Mapping[str, str]], Response]
"""An error as a page: what it says, its status and its headers."""


def install(app: FastAPI, shown: Shown) -> None:
    """Makes the app answer every error in the one form, or `shown` as a page to who asked for one."""

    async def as_page(request: Request, error: Exception) -> Response:
        answer: Response = await _HANDLERS[next(kind for kind in type(error).__mro__ if kind in _HANDLERS)](
            request, error
        )
        if not wants_page(request.scope) or isinstance(error, NotModified):
            return answer
        return _as_page(error, answer, shown)

    for kind in _HANDLERS:
        app.add_exception_handler(kind, as_page)


def wants_page(scope: Scope) -> bool:
    """Whether a browser asks for a page: what is under `/v1` is for programs, whatever they say that they accept."""
    accepted = dict(scope["headers"]).get(b"accept", b"")
    is_program = scope["path"].startswith(("/v1/", "/assets/")) or scope["path"] == "/v1"
    return scope["method"] in ("GET", "HEAD") and b"text/html" in accepted and not is_program


def _as_page(error: Exception, answer: Response, shown: Shown) -> Response:
    headers = {name: value for name, value in answer.headers.items() if name not in ("content-length", "content-type")}
    said, status = Error.model_validate_json(bytes(answer.body)), answer.status_code
    if isinstance(error, RequestValidationError):
        said, status = _NO_SUCH_ID, 404
    elif isinstance(error, HTTPException) and status == 404:
        said = _NO_SUCH_PAGE
    return shown(said, status, headers)


async def _typed(_: Request, error: Exception) -> Response:
    assert isinstance(error, ContrafactError)
    told = {"Cache-Control": "no-store"} if isinstance(error, errors.Withdrawn) else {}  # it may be restored
    return error_response(_public(error), {**told, **getattr(error, "headers", {})})


def _public(error: ContrafactError) -> ContrafactError:
    """The error without paths of this machine, and without who uses which server; the log has all of it."""
    if isinstance(error, errors.DatabaseError):
        _log.error("%s", error)
        return _NO_DATABASE
    told = _FOLDER.sub(r"\1 content store", error.message)
    if told != error.message:
        _log.warning("%s", error)
        error.message = told
    return error


async def _malformed(_: Request, error: Exception) -> Response:
    """What FastAPI says of a request that does not fit its schema, in one sentence for the first few places.

    Names may be the sender's, and as long as it likes.
    """
    assert isinstance(error, RequestValidationError)
    fields = [
        WrongField(at=".".join(map(str, one["loc"]))[:MOST_AT], code=one["type"], message=_said(one["msg"])[:MOST_SAID])
        for one in error.errors()[:MOST_FIELDS]
    ]
    said = "; ".join(f"{field.at}: {field.message}" for field in fields)
    hint = "The OpenAPI document at /v1/openapi.json shows the form, with examples."
    told = errors.InvalidInput(f"The request does not have the form asked for: {said}."[:2000], hint)
    return JSONResponse(told.to_dict() | {"fields": [field.model_dump() for field in fields]}, status_of(told))


def _said(text: str) -> str:
    """What pydantic says of one place: without the name of Python's error, and without a full stop."""
    return text.removeprefix("Value error, ").rstrip(".")


async def _plain(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    usual = ("error", str(error.detail), "")
    code, message, hint = _PLAIN.get(error.status_code, usual)
    body = {"code": code, "message": message, "hint": hint}
    return JSONResponse(body, error.status_code, dict(error.headers or {}))


async def _not_modified(_: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers=error.headers)


_HANDLERS: Mapping[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    ContrafactError: _typed,
    RequestValidationError: _malformed,
    HTTPException: _plain,
    NotModified: _not_modified,
}
_FOLDER = re.compile(r"\b([Tt]he) folder /.*?(?=[:,.]?(?: |$))")
"""How a content store on disk names itself."""
_NO_DATABASE = errors.DatabaseError(
    "The service cannot use its database just now.", "Try again in a minute; its operator finds the reason in the log."
)
_NO_SUCH_PAGE = Error(
    code="not_found", message="This address leads nowhere.", hint="Check it, or look up what you want to see below."
)
_NO_SUCH_ID = Error(
    code="not_found",
    message="This address names nothing that there could be.",
    hint="An id is 0x and 64 letters and digits. Look it up below by its beginning, or by a title.",
)
_MEANINGS = {
    400: "The request cannot be read.",
    401: "Nobody is signed in, or the session has ended.",
    402: "Money is missing: the operator's bond does not cover the order.",
    403: "Terms, or who is signed in, do not permit this.",
    404: "There is no such thing.",
    405: "The address does not take that method.",
    409: "It meets a state that it does not fit.",
    413: "The body is too large.",
    415: "The body is of another media type.",
    416: "The file has no such range.",
    422: "Something in the request is unusable.",
    429: "Too many requests; the header Retry-After says when to try again.",
    451: "The content was taken down here; a notice says why.",
    500: "Unexpected; the id in X-Request-ID is in the operator's log.",
    502: "The chain or the content store could not be asked.",
    503: "The database cannot be used, or the service has no such part.",
}
