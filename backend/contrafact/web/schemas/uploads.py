"""Documents of uploading a file and registering it as a work."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from contrafact.web.schemas.fields import Digest, Hex, Schema, Time
from contrafact.web.schemas.prepared import WalletSteps
from contrafact.web.schemas.transactions import HolderRow


class BarPair(Schema):
    """Bars of the file, from 1, inclusive, that agree with bars of the work."""

    file: tuple[int, int] = Field(examples=[[1, 8]])
    work: tuple[int, int] = Field(examples=[[1, 8]])


class Resemblance(Schema):
    """A work that the file is like. `score` (0 to 1) compares within one kind of evidence only."""

    work: Digest
    title: str | None = Field(examples=["The Rakes of Mallow"])
    likeness: Literal["new", "copy", "version"] = Field(examples=["version"])
    evidence: Literal["file", "source form", "fingerprint", "melody"] = Field(examples=["melody"])
    score: float = Field(examples=[0.93])
    transposition: int | None = Field(examples=[5])
    tempo: float | None = Field(examples=[1.1])
    bars: list[BarPair]


class MadePiece(Schema):
    """An order whose piece the file is, or is a part of, and by what it was recognised."""

    order: Digest
    evidence: Literal["file", "source form", "fingerprint", "certificate"] = Field(examples=["fingerprint"])


class Verdict(Schema):
    """`new`, a `piece` that was made to order, a `copy` of a registered work, or a `version` of one; with what it is
    like, best first.

    `pieces_not_compared`: with how many pieces that were made here it could not be compared, since they are protected,
    or not yet. It may be one of them; asked again, the service has compared more.
    """

    likeness: Literal["new", "piece", "copy", "version"] = Field(examples=["version"])
    resemblances: list[Resemblance]
    pieces: list[MadePiece] = Field(examples=[[]])
    pieces_not_compared: int = Field(examples=[0])


class Upload(Schema):
    """A file that is kept until `kept_until`, for the wallet that uploaded it.

    `verdict` is null where this service identifies nothing. `title` and `credits` are what the file itself says.
    """

    upload: Digest
    media_type: str = Field(examples=["text/vnd.abc"])
    size: int = Field(examples=[412])
    source_form: Digest
    kept_until: Time
    verdict: Verdict | None
    title: str = Field(examples=["The Rakes of Mallow"])
    credits: list[str] = Field(examples=[["trad."]])


def _without(signs: str) -> BeforeValidator:
    unseen = re.compile(f"[{signs}]")
    return BeforeValidator(lambda said: unseen.sub("", said) if isinstance(said, str) else said)


_TURNING = r"\x7f-\x9f\u202a-\u202e\u2066-\u2069"
"""Signs that are not seen, and may turn the text after them round; beside the ASCII controls."""
Line = Annotated[str, _without(rf"\x00-\x1f{_TURNING}")]
"""A text of one line that others are shown, without what is not seen."""
Lines = Annotated[str, _without(rf"\x00-\x08\x0b-\x1f{_TURNING}")]
"""The same of several lines."""


class HolderShare(HolderRow):
    """A rights holder and its share; `confirmation` is its signature that the place is its own, if at hand.

    `ipi` is its IPI name number, `name` what it is called: it becomes a credit, and the number ties it to the address.
    Both become public. An empty `ipi` says that there is none; without one, a new split keeps that of the document.
    """

    confirmation: Hex | None = None
    name: Line = Field("", max_length=300, examples=["Jane Doe"])
    ipi: Line | None = Field(None, max_length=32, examples=["00052210040"])


class RegistrationRequest(Schema):
    """What is said of a work. Without `holders`, the wallet that has signed in holds all of it. `recording_of` is the
    composition that it is a recording of; only a recording has an ISRC.

    Of registered works, and of orders' pieces, that the file is like, the registrant states that they are its own by
    right (`contests`); of works, that the file is a version of them (`version_of`), or that it is not
    (`not_version_of`). The statement becomes public.
    """

    upload: Digest
    title: Line = Field(min_length=1, max_length=300, examples=["The Rakes of Mallow"])
    catalogue_id: Line = Field("", max_length=100, examples=["T-17"])
    collection: Line = Field("", max_length=200, examples=["Tunes"])
    credits: list[Annotated[Line, Field(max_length=300)]] = Field([], max_length=32, examples=[["trad."]])
    note: Lines = Field("", max_length=2000, examples=[""])
    holders: list[HolderShare] = Field([], max_length=64)
    recording_of: Digest | None = None
    isrc: str = Field("", max_length=32, examples=[""])
    iswc: str = Field("", max_length=32, examples=["T-034.524.680-1"])
    contests: list[Digest] = Field([], max_length=32, examples=[[]])
    version_of: list[Digest] = Field([], max_length=32, examples=[[]])
    not_version_of: list[Digest] = Field([], max_length=32, examples=[[]])


class SplitRequest(Schema):
    """The holders of a work from the next order on; their shares sum to 1,000,000."""

    holders: list[HolderShare] = Field(min_length=1, max_length=64)


class NewSplit(Schema):
    """A rights split that is ready to be put in force: its document is published, and the licensor sends the
    transaction. Every holder confirms its place anew.
    """

    split_root: Digest
    metadata: Digest
    document: dict[str, Any] = Field(examples=[{"schema": "contrafact/work/1"}])
    steps: WalletSteps


class Registration(Schema):
    """A work that is ready to be registered: its documents are published, and the wallet sends the transaction.

    `document` is the work's metadata (`contrafact/work/1`); the sender becomes the licensor. A holder whose place has
    no `confirmation` is paid once it confirms it: `/v1/transactions/confirm`, or `claim`, after the registration.
    """

    work: Digest
    content: Digest
    source_form: Digest
    metadata: Digest
    split_root: Digest
    document: dict[str, Any] = Field(examples=[{"schema": "contrafact/work/1"}])
    verdict: Verdict | None
    steps: WalletSteps
