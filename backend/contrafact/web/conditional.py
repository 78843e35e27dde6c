"""Conditional requests: entity tags, and how long an answer may be kept."""

from __future__ import annotations

from typing import TypeVar

from fastapi import Request, Response
from pydantic import BaseModel

from contrafact.domain.digests import sha256
from contrafact.web.errors import NotModified

D = TypeVar("D", bound=BaseModel)

REVALIDATE = "no-cache"
"""May be kept, and must be asked for again each time."""
IMMUTABLE = "public, max-age=31536000, immutable"
"""For what is addressed by its content, and for what the chain has confirmed for good."""
PRIVATE = "private, no-cache"
"""For what only some may see."""


def tag_of(*parts: object) -> str:
    """An entity tag that changes with any of `parts`: a row's block, a version, a digest."""
    return f'"{sha256(repr(parts).encode()).hex()[:32]}"'


def tag_of_digest(digest: bytes) -> str:
    """The entity tag of immutable content."""
    return f'"{digest.hex()}"'


def fresh(request: Request, response: Response, tag: str, cache: str = REVALIDATE) -> None:
    """Sets the answer's tag and cache headers. Raises NotModified where the client has that version already."""
    headers = {"ETag": tag, "Cache-Control": cache}
    if matches(request.headers.get("If-None-Match"), tag):
        raise NotModified(headers)
    response.headers.update(headers)


def kept(request: Request, response: Response, document: D, cache: str = REVALIDATE) -> D:
    """The document, with an entity tag of what it says. Raises NotModified where the client has it already."""
    fresh(request, response, tag_of(document.model_dump_json()), cache)
    return document


def matches(header: str | None, tag: str) -> bool:
    """Whether an `If-None-Match` names the tag (weak comparison)."""
    if header is None:
        return False
    given = [one.strip().removeprefix("W/") for one in header.split(",")]
    return tag in given or "*" in given
