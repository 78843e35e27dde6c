"""What is asked for when a transaction is to be prepared. `sender` is the account whose wallet will send it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from contrafact.web.schemas.fields import Address, Digest, Hex, Ppm, Schema
from contrafact.web.schemas.quotes import UseName

_CID = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"
Cid = Annotated[str, Field(pattern=r"^bafkrei[a-z2-7]{52}$", examples=[_CID])]
Seconds = Annotated[int, Field(ge=0, lt=2**40, examples=[0], description="Since the epoch; 0 for none.")]
Price = Annotated[str, Field(pattern=r"^[0-9]{1,25}$", examples=["200000"])]
Sum = Annotated[
    str,
    Field(pattern=r"^[0-9]{1,38}$", examples=["1250000"], description="Whole units of the token."),
]
Document = Annotated[dict[str, Any], Field(examples=[{"schema": "contrafact/work/1"}])]
QuoteDocument = Annotated[dict[str, Any], Field(examples=[{"schema": "contrafact/quote/1"}])]


class Sent(Schema):
    sender: Address


class OfWork(Sent):
    work: Digest


class HolderRow(Schema):
    holder: Address
    share: Ppm


class PriceRow(Schema):
    """Prices in units of `token` for each started 30 seconds of a piece made wholly of the work."""

    token: Address
    private: Price = "0"
    commercial: Price = "0"
    broadcast: Price = "0"
    live: Price = "0"


class TermsForm(Schema):
    """Licence terms. Nothing is permitted that is not said here; `operators` and `models` are lists of who may."""

    training: bool = False
    inference: bool = True
    uses: list[UseName] = Field([], max_length=4, examples=[["private"]])
    combinable: bool = True
    max_weight: Ppm = 1_000_000
    approval: bool = False
    downstream: Ppm = 0
    valid_from: Seconds = 0
    valid_until: Seconds = 0
    sunset: Seconds = 0
    training_price: Price = "0"
    prices: list[PriceRow] = Field([], max_length=16)
    operators: list[Address] = Field([], max_length=256, examples=[[]])
    models: list[Digest] = Field([], max_length=256, examples=[[]])


class Register(Sent):
    """`document` is the work's metadata document, which must lie in the content store for others to read it."""

    document: Document


class SetTerms(OfWork):
    terms: TermsForm


class ChangeSplit(OfWork):
    """A new metadata document with the new holders; `terms` are those in force where none are given."""

    document: Document
    terms: TermsForm | None = None


class Transfer(OfWork):
    """To the zero address: withdraws the offer."""

    to: Address


class Anchor(Sent):
    """`collection` is the CID of the collection's document in the content store."""

    collection: Cid


class Withdraw(Sent):
    root: Digest


class Materialise(Sent):
    """One work of a licensor's anchored collection, by the digest of its file."""

    collection: Cid
    licensor: Address
    content: Digest


class Funding(Schema):
    """An offer as its operator signed it, and the maker's own random salt."""

    quote: QuoteDocument
    maker_salt: Digest


class FundFor(Sent, Funding):
    """`order` is the maker's signature of the order; without `permit` an allowance must be there."""

    order: Hex
    permit: Hex | None = None


class FundWithAuthorization(Sent, Funding):
    authorization: Hex


class Approve(Schema):
    """The licensor of `work` is asked to approve the order made from this offer."""

    quote: QuoteDocument
    work: Digest


class OfOrder(Sent):
    order: Digest


class Raise(OfOrder):
    use: UseName = Field(examples=["commercial"])


class Downstream(OfOrder):
    """`amount` of later revenue, in units of the order's token."""

    amount: Sum


class Challenge(OfOrder):
    """`evidence` is the SHA-256 of a document that shows what is wrong."""

    evidence: Digest


class ClaimRoyalties(Sent):
    """For `holder`, by default the sender; from all accounts, or from these.

    `together`: by the holder itself, in as few transactions as there can be: one that confirms its places where some
    are not, and one for all the money; what is below the holder's threshold has its own. Else one for each account.
    """

    holder: Address | None = None
    accounts: list[Digest] | None = Field(None, max_length=64)
    together: bool = False


class ConfirmPlaces(Sent):
    """The sender's places in the present split of `work`, or of up to 50 `works`, all in one transaction.

    `token` is one that they earn in, by default the first that each work's terms ask for.
    """

    work: Digest | None = None
    works: list[Digest] = Field([], max_length=50, examples=[[]])
    token: Address | None = None


class SignedPlace(Schema):
    place: int = Field(ge=0, lt=64, examples=[0])
    signature: Hex


class HandIn(Sent):
    """Confirmations that holders have signed."""

    work: Digest
    token: Address
    confirmations: list[SignedPlace] = Field(min_length=1, max_length=64)


class Payout(Sent):
    """Pays all holders of the work's split, by default the present one."""

    work: Digest
    token: Address
    split_root: Digest | None = None


class Threshold(Sent):
    token: Address
    amount: Sum


class Owed(Sent):
    """What waits for `to`, by default the sender: at the `escrow`, or bonds at the dispute `desk`."""

    token: Address
    to: Address | None = None
    at: Literal["escrow", "desk"] = Field("escrow", examples=["escrow"])


class Contest(OfWork):
    """`holders` is the split that the claimant says is right; `evidence` the SHA-256 of its reasons; `bond` in wei."""

    holders: list[HolderRow] = Field(min_length=1, max_length=64)
    evidence: Digest
    bond: Sum | None = None


class Hold(OfWork):
    """`split_root` names the account, by default that of the work's present split; the bond is in its token."""

    contest: int = Field(ge=1, lt=2**48, examples=[1])
    token: Address
    bond: Sum
    split_root: Digest | None = None


class EndContest(Sent):
    contest: int = Field(ge=1, lt=2**48, examples=[1])


class Relayed(Schema):
    """The transaction that the operator sent."""

    order: Digest
    transaction: Digest


class RelayOrder(Funding):
    """The maker's signatures: `authorization` alone, or `order` with `permit` (or an allowance that is there)."""

    authorization: Hex | None = None
    order: Hex | None = None
    permit: Hex | None = None
