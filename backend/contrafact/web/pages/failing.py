"""What people see where something is missing or went wrong: what it is, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from contrafact.web.errors import wants_page
from contrafact.web.pages.serving import page_for_anybody
from contrafact.web.schemas.errors import Error

_TITLES = {404: "Not found", 451: "Taken down", 429: "Too many at once", 401: "Not signed in", 403: "Not permitted"}
_DOWN = "Out of order"


def error_page(said: Error, status: int, headers: Mapping[str, str]) -> Response:
    """An error in words, in the look of all pages."""
    title = _TITLES.get(status, _DOWN if status >= 500 else "That did not work")
    answer = page_for_anybody("error/error.html.j2", status, title=title, said=said, is_down=status >= 500)
    for name, value in headers.items():
        answer.headers[name] = value
    return answer


def unexpected(scope: Scope, request_id: str) -> Response:
    """The answer to what nobody expected, which names the request's id."""
    hint = f"Try again; if it stays, tell the operator the request's id, {request_id}."
    said = Error(code="error", message="Something unexpected happened.", hint=hint)
    if wants_page(scope):
        return error_page(said, 500, {})
    return JSONResponse(said.model_dump(), 500)
