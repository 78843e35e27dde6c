"""What all reads share: ids in addresses, and answers that a client may keep."""

from __future__ import annotations

from typing import Annotated, TypeVar

from fastapi import Path, Request, Response
from pydantic import AfterValidator, BaseModel

from contrafact.domain.addresses import checksummed
from contrafact.errors import InvalidInput
from contrafact.web.conditional import REVALIDATE, fresh, tag_of

D = TypeVar("D", bound=BaseModel)
_DIGEST = "0x" + "3f" * 32


def _address(text: str) -> str:
    try:
        return checksummed(text)
    except InvalidInput as error:
        raise ValueError(error.message) from error


Id = Annotated[str, Path(pattern=r"^0x[0-9a-f]{64}$", examples=[_DIGEST], description="32 bytes in hex.")]
Holder = Annotated[
    str,
    Path(pattern=r"^0x[0-9a-fA-F]{40}$", examples=["0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"]),
    AfterValidator(_address),
]


def kept(request: Request, response: Response, document: D, cache: str = REVALIDATE) -> D:
    """The document, with an entity tag of what it says. Raises NotModified where the client has it already."""
    fresh(request, response, tag_of(document.model_dump_json()), cache)
    return document
