"""The form of every error."""

from __future__ import annotations

from pydantic import Field

from contrafact.web.schemas.fields import Schema

MOST_FIELDS = 5
"""Places of a request that an error tells at a time."""
MOST_AT, MOST_SAID = 200, 500
"""Letters of where a place is, and of what is wrong with it."""


class WrongField(Schema):
    """A place of the request that is unusable: where it is, and what is wrong with it.

    `at` has its names and numbers from `body`, `query`, `path` or `header` on. Codes are those of pydantic, and
    `mistyped_address` for one whose checksum is wrong; they never change, the words of `message` may.
    """

    at: str = Field(max_length=MOST_AT, examples=["body.holders.1.holder"])
    code: str = Field(examples=["mistyped_address"])
    message: str = Field(max_length=MOST_SAID, examples=["0x3f… is mistyped: its checksum is wrong"])


class Error(Schema):
    """What went wrong (`message`), what to do (`hint`), and a `code` for programs that never changes.

    `fields` are the first few places that do not have the form asked for, where it is the request's form that is wrong.
    """

    code: str = Field(examples=["invalid_input"])
    message: str = Field(examples=["The weights sum to 900000 ppm, not 1000000."])
    hint: str = Field(examples=["Make them sum to one million."])
    fields: list[WrongField] = Field([], max_length=MOST_FIELDS, examples=[[]])
