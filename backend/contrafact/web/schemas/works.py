"""Documents of works: what one is, who holds it, and what may be done with it at which price."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from contrafact.web.schemas.fields import Address, Digest, Money, Ppm, Schema, Time
from contrafact.web.schemas.quotes import UseName

_CID = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"


class File(Schema):
    """A file by its SHA-256, and by the CID of the same digest: `/v1/content/{cid}`."""

    sha256: Digest
    cid: str = Field(examples=[_CID])


class Holder(Schema):
    holder: Address
    share: Ppm


class UsePrice(Schema):
    """What a piece made wholly of the work costs for each started 30 seconds."""

    use: UseName = Field(examples=["private"])
    price: Money


class AllowList(Schema):
    """Who may use the work; members are known where the licensor published them."""

    operators_listed: bool
    models_listed: bool
    root: Digest


class Terms(Schema):
    """A version of a work's licence terms; times null where there are none. `words` are what the chain hashes."""

    version: int = Field(examples=[2])
    block: int = Field(examples=[17])
    split_root: Digest
    summary: str = Field(examples=["to train: no · to condition pieces: private · weight ≤ 100%"])
    training: bool
    inference: bool
    uses: list[UseName] = Field(examples=[["private"]])
    combinable: bool
    approval: bool
    max_weight: Ppm
    downstream: Ppm
    valid_from: Time | None
    valid_until: Time | None
    sunset: Time | None
    training_price: Money | None
    prices: list[UsePrice]
    allow: AllowList | None
    words: list[Digest]


class Work(Schema):
    """A work as it stands. Title, credits, holders, metre and key are null or empty while its document was not had.

    `terms` are those in force, null where its licensor has set none: nobody may use it then.
    """

    work: Digest
    kind: Literal["composition", "recording"] = Field(examples=["composition"])
    recording_of: Digest | None
    title: str | None = Field(examples=["The Rakes of Mallow"])
    credits: list[str] = Field(examples=[["trad."]])
    collection: str = Field(examples=["Airs"])
    catalogue_id: str = Field(examples=["X:17"])
    media_type: str = Field(examples=["text/vnd.abc"])
    metre: str | None = Field(examples=["6/8"])
    key: str | None = Field(examples=["D dorian"])
    licensor: Address
    holders: list[Holder]
    split_root: Digest
    content: File
    source_form: File
    metadata: File
    contested: bool
    barred: bool
    registered_at: Time
    block: int = Field(examples=[12])
    confirmed: bool
    terms: Terms | None


class Learnt(Schema):
    """A model that learnt from the work, and under which licence: proved by the model's manifest."""

    model: Digest
    registrant: Address
    since_block: int = Field(examples=[20])
    manifest: File
    licence: str = Field(pattern=r"^0x[0-9a-f]{54}$", examples=["0x" + "1f" * 27])
    proof: list[Digest]


class Identifiers(Schema):
    """The music industry's numbers of the work, empty where its document has none."""

    isrc: str = Field(examples=[""])
    iswc: str = Field(examples=["T0345246801"])


class WorkDetail(Work):
    """The same, with the models that learnt from it, those of which nobody can say, and where more is.

    `offered_to` is who may accept to be its licensor.
    """

    identifiers: Identifiers
    offered_to: Address | None
    learnt_by: list[Learnt]
    unknown_models: list[Digest]
    links: dict[str, str] = Field(examples=[{"terms": "/v1/works/0x3f/terms"}])


class TermsHistory(Schema):
    """All versions, oldest first; none is ever edited."""

    versions: list[Terms]


class SplitVersion(Schema):
    """A rights split as it was set; holders are empty where its document cannot be had."""

    version: int = Field(examples=[1])
    split_root: Digest
    metadata: File
    block: int = Field(examples=[12])
    holders: list[Holder]


class Place(Schema):
    """A holder's place. `signed`: the work's document has its confirmation, which somebody may hand in."""

    place: int = Field(examples=[0])
    holder: Address
    share: Ppm
    status: Literal["unconfirmed", "confirmed", "readdressed"] = Field(examples=["confirmed"])
    signed: bool


class Places(Schema):
    """The places of the present split in one royalty account. Payouts reach a confirmed place by themselves."""

    token: Address
    account: Digest
    split_root: Digest
    places: list[Place]


class SplitHistory(Schema):
    versions: list[SplitVersion]


class Source(Schema):
    """What a model reads of an open work: its token sequence, and the score as it was registered."""

    media_type: str = Field(examples=["text/vnd.abc"])
    score_url: str = Field(examples=[f"/v1/content/{_CID}"])
    source_form_url: str = Field(examples=[f"/v1/content/{_CID}"])
    midi_url: str | None = Field(examples=["/v1/works/0x3f/source.mid"])
    tokens: list[int] = Field(examples=[[4, 12, 2, 40, 80, 1]])
