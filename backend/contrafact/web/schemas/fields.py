"""The kinds of field that documents are made of: ids, addresses, amounts, times; each with an example."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from contrafact.domain.addresses import written
from contrafact.errors import InvalidInput

_DIGEST = "0x" + "3f" * 32
_ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"


class Schema(BaseModel):
    """Base of all documents: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


def _checksummed(text: str) -> str:
    try:
        return written(text)
    except InvalidInput as error:
        raise PydanticCustomError("mistyped_address", "{said}", {"said": error.message}) from error


def _lower(value: object) -> object:
    """Hex is the same in any case, and is written in lower case."""
    return value.lower() if isinstance(value, str) else value


Digest = Annotated[
    str,
    Field(pattern=r"^0x[0-9a-f]{64}$", examples=[_DIGEST], description="32 bytes in hex."),
    BeforeValidator(_lower),
]
Address = Annotated[
    str,
    Field(pattern=r"^0x[0-9a-fA-F]{40}$", examples=[_ADDRESS], description="An account or a contract."),
    AfterValidator(_checksummed),
]
Hex = Annotated[
    str, Field(pattern=r"^0x([0-9a-f]{2})*$", max_length=16_384, examples=["0x1f8b"]), BeforeValidator(_lower)
]
Transaction = Annotated[str, Field(pattern=r"^0x[0-9a-f]{64}$", examples=[_DIGEST])]
Units = Annotated[
    str, Field(pattern=r"^[0-9]+$", max_length=78, examples=["1250000"], description="Whole units of the token.")
]
Ppm = Annotated[int, Field(ge=0, le=1_000_000, examples=[500_000], description="Parts per million.")]
Time = Annotated[datetime, Field(examples=["2026-01-31T12:00:00Z"])]


class Money(Schema):
    """An amount: `units` decide; `text` is how people write them."""

    units: Units
    token: Address
    text: str = Field(examples=["1.25 USD"])


class Issue(Schema):
    """What stands in the way, and what to do."""

    code: str = Field(examples=["not_permitted"])
    message: str = Field(examples=["The work permits private use only."])
    hint: str = Field(examples=["Choose another work."])


T = TypeVar("T")


class Listed(Schema, Generic[T]):
    """A page of rows; `following` is the cursor of the next one (`after`), null at the end."""

    rows: list[T]
    following: str | None = Field(None, examples=[None])


def unhexed(field: str) -> bytes:
    """The bytes of a `Hex`."""
    return bytes.fromhex(field[2:])


def time(seconds: float) -> datetime:
    """Seconds since the epoch as a time in UTC."""
    return datetime.fromtimestamp(int(seconds), UTC)


def moment(seconds: float | None) -> datetime | None:
    """The same, where there may be none."""
    return None if seconds is None else time(seconds)
