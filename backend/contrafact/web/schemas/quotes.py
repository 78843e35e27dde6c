"""Documents of asking what a piece may cost."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from contrafact.web.schemas.fields import Address, Digest, Issue, Money, Ppm, Schema, Time

UseName = Literal["private", "commercial", "broadcast", "live"]
_PART = r"^(melody|harmony|bass|drums)(=[a-z0-9-]+)?$"


class Choice(Schema):
    """A work, and how much of it is asked for; the weights of all sum to 1,000,000."""

    work: Digest
    weight: int = Field(ge=0, le=1_000_000, examples=[1_000_000], description="Parts per million of the whole.")


class Music(Schema):
    """What the piece is to be. `parts` as `harmony=guitar`, `bass`, `drums`; none are melody, harmony and bass."""

    seconds: int = Field(30, ge=4, le=600, examples=[30])
    tempo: int = Field(120, ge=30, le=300, description="Quarter notes a minute.", examples=[120])
    key: str = Field("G", pattern=r"^[A-Ga-g][#b]?$", examples=["G"])
    mode: Literal["major", "minor", "dorian", "mixolydian"] = Field("major", examples=["major"])
    metre: str = Field("4/4", pattern=r"^[0-9]{1,2}/[0-9]{1,2}$", examples=["6/8"])
    parts: list[Annotated[str, Field(max_length=60)]] = Field([], max_length=4, examples=[["harmony=guitar", "bass"]])


class PreviewRequest(Schema):
    """What a maker would ask for. `token` is what it pays in, by default the operator's.

    `drift` is how far each weight of a live piece may be moved while it plays.

    `readers` are age recipients for whom a private piece is encrypted in the content store; without any it lies there
    in plain.
    """

    sources: list[Choice] = Field(min_length=1, max_length=8)
    use: UseName = Field("private", examples=["private"])
    music: Music
    token: Address | None = None
    readers: list[Annotated[str, Field(max_length=2000)]] = Field([], max_length=8, examples=[[]])
    drift: int | None = Field(
        None,
        ge=0,
        le=1_000_000,
        examples=[None],
        description="Parts per million either way; by default 250,000 for live use of two sources or more, else 0. "
        "What the terms of each source permit must hold for its weight with the drift added.",
    )


class QuoteRequest(PreviewRequest):
    """The same, of the wallet that has signed in, which is the order's maker."""


class HolderPart(Schema):
    """What a holder of the work's royalties would get of it."""

    holder: Address
    share: Ppm
    amount: Money


class ExpectedSource(Schema):
    """A source as it would be pinned, and what it is paid if its share is its weight; `price` per started 30 s.

    `least` is what it is paid at its lowest share, below which the contract takes no piece.
    Its weight can be moved from `lowest_weight` to `highest_weight` while a live piece plays.

    `through` is 0, or for the composition of a recording 1 + the recording's place. `holders` is empty while the
    work's documents were not fetched.
    """

    work: Digest
    title: str | None = Field(examples=["The Rakes of Mallow"])
    weight: Ppm
    lowest_weight: Ppm
    highest_weight: Ppm
    min_share: Ppm
    price: Money
    terms_version: int = Field(examples=[2])
    through: int = Field(examples=[0])
    expected: Money
    least: Money
    holders: list[HolderPart]


class Offered(Schema):
    """What the order costs at most (`escrow`), and where that goes if the shares are as asked for.

    Then the model's own part is nothing, and so is `expected_pool`; how much of a piece is the model's is known once
    it is made. `most_pool` is what the training pool gets if that is as much as the order allows.

    `approvals` are works whose licensors must sign the order before it can be funded.
    """

    escrow: Money
    operator_fee: Money
    base_rate: Money
    max_base_share: Ppm
    drift: Ppm
    valid_until: Time
    deadline: Time
    sources: list[ExpectedSource]
    expected_pool: Money
    most_pool: Money
    expected_refund: Money
    approvals: list[Digest]


class Preview(Schema):
    """Whether this may be ordered: `offer` if it may, else `reason`. Nothing is signed and nothing kept."""

    permitted: bool
    reason: Issue | None
    offer: Offered | None


class QuoteAnswer(Schema):
    """An offer, signed by the operator: `document` is the quote (`contrafact/quote/1`) that the maker funds.

    `licence` says in plain language what the piece may be used for once it is paid and delivered; null where a document
    that it quotes cannot be had.
    """

    order: Digest
    maker: Address
    offer: Offered
    licence: str | None = Field(examples=["LICENCE FOR ONE PIECE OF MUSIC (contrafact/licence/2)\n\nNOT PAID YET. …"])
    document: dict[str, Any] = Field(examples=[{"schema": "contrafact/quote/1"}])


class FundingRequest(Schema):
    """`maker_salt` is 32 random bytes of the maker's own, so that the operator cannot choose the piece; keep it.

    `by`: the maker's own `transaction`, or `signature`s with which somebody else sends the order.
    """

    maker_salt: Digest
    by: Literal["transaction", "signature"] = Field("transaction", examples=["transaction"])
