"""Documents of verifying a file."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from contrafact.web.schemas.fields import Address, Digest, Ppm, Schema, Time, Transaction, Units

Kind = Literal[
    "certified", "altered", "re-encoded", "transplanted", "stripped", "forged", "unknown", "unchecked"
]  # as `contrafact.verifying.Verdict`


class PaidAmount(Schema):
    """An amount in the order's token."""

    units: Units
    text: str = Field(examples=["0.22 USD"])


class VerifiedFile(Schema):
    """The file that was sent; it is not kept. `pcm_sha256` is null where the file does not keep its samples exactly."""

    sha256: Digest
    size: int = Field(examples=[536_097])
    media_type: str = Field(examples=["audio/flac"])
    seconds: float | None = Field(examples=[6.99])
    sample_rate: int | None = Field(examples=[48_000])
    channels: int | None = Field(examples=[2])
    pcm_sha256: Digest | None


class FoundCertificate(Schema):
    """The certificate in the file. What it claims is its own word: only the verdict says whether that holds.

    `account` vouches for the key that signed; `is_trusted` is about certificate authorities, on which nothing rests.
    """

    claims: dict[str, Any] | None = Field(examples=[{"schema": "contrafact/certificate/1"}])
    problem: str | None = Field(examples=[None])
    bytes_untouched: bool
    signature_holds: bool
    account: Address | None
    subject: str | None = Field(examples=["CN=Contrafact operator"])
    issuer: str | None = Field(examples=["CN=Contrafact operator (authority)"])
    key_sha256: Digest | None
    signed_at: Time | None
    is_in_date: bool
    is_trusted: bool


class WaitingAmount(Schema):
    """Money of a holder in the work's account, of all orders, that has not left it."""

    holder: Address
    amount: PaidAmount
    reason: str = Field(examples=["waiting: the holder has not confirmed its place"])


class PaidSource(Schema):
    """A source of the piece: its share, what the chain credited to it for the order, and what the settlement gives."""

    work: Digest
    title: str | None = Field(examples=["The Rakes of Mallow"])
    credits: list[str] = Field(examples=[["trad."]])
    share: Ppm
    weight: Ppm | None
    paid: PaidAmount
    settled: PaidAmount
    contested: bool = Field(examples=[False])
    waiting: list[WaitingAmount]


class VerifiedOrder(Schema):
    """The order whose piece the file is. Amounts in units of `token`; `is_settled`: nobody got less than is due."""

    id: Digest
    record: Digest
    record_cid: str = Field(examples=["bafkrei" + "a" * 52])
    licence: Digest | None
    licence_cid: str | None = Field(examples=["bafkrei" + "a" * 52])
    maker: Address
    operator: Address
    use: str = Field(examples=["commercial"])
    seconds: int = Field(examples=[8])
    paid_at: Time
    committed_at: Time
    paid_in: Transaction
    committed_in: Transaction
    model: Digest
    model_name: str | None = Field(examples=["contrafact-2"])
    token: Address
    sources: list[PaidSource]
    base_share: Ppm
    training_pool: PaidAmount
    operator_fee: PaidAmount
    returned: PaidAmount
    escrowed: PaidAmount
    is_settled: bool


class NotChecked(Schema):
    """What was not checked, why, and what to do about it."""

    what: str = Field(examples=["the sound of all pieces"])
    why: str = Field(examples=["2 of 40 pieces are known by their exact samples only."])
    hint: str = Field(examples=["With a store that has them, they are listened to."])


class Verification(Schema):
    """What a file is, in one word and in many; with the order that it leads to, if any.

    `found_by`: what led to the order: the file's `certificate`, its `samples` (to the last one), or its `sound` by ear.
    """

    verdict: Kind = Field(examples=["certified"])
    meaning: str = Field(examples=["This is the file as its operator delivered it."])
    advice: str = Field(examples=["If you are not the maker, you get no permission from this file."])
    reasons: list[str] = Field(examples=[["The sound is the recorded one, to the sample."]])
    file: VerifiedFile
    certificate: FoundCertificate | None
    found_by: Literal["certificate", "samples", "sound"] | None = Field(examples=["certificate"])
    order: VerifiedOrder | None
    not_checked: list[NotChecked]
    trust: list[str] = Field(examples=[["The chain 1 and the contract on it."]])
