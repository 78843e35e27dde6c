"""The form of every error."""

from __future__ import annotations

from pydantic import Field

from contrafact.web.schemas.fields import Schema


class Error(Schema):
    """What went wrong (`message`), what to do (`hint`), and a `code` for programs that never changes."""

    code: str = Field(examples=["invalid_input"])
    message: str = Field(examples=["The weights sum to 900000 ppm, not 1000000."])
    hint: str = Field(examples=["Make them sum to one million."])
