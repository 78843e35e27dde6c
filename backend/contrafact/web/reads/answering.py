"""Answers that a client may keep."""

from __future__ import annotations

from typing import TypeVar

from fastapi import Request, Response
from pydantic import BaseModel

from contrafact.web.conditional import REVALIDATE, fresh, tag_of

D = TypeVar("D", bound=BaseModel)


def kept(request: Request, response: Response, document: D, cache: str = REVALIDATE) -> D:
    """The document, with an entity tag of what it says. Raises NotModified where the client has it already."""
    fresh(request, response, tag_of(document.model_dump_json()), cache)
    return document
