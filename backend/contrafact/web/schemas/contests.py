"""Documents of contests of works."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from contrafact.web.schemas.fields import Address, Digest, Money, Ppm, Schema, Time, Transaction
from contrafact.web.schemas.holders import Title
from contrafact.web.schemas.works import Holder


class ContestHold(Schema):
    """An account that the contest holds with a bond of its own: it holds what came in since, `most` at most.

    `held` is what all contests together hold of it now; `awarded` is what a ruling took from it, null until it ended.
    """

    account: Digest
    split_root: Digest
    bond: Money
    most: Money
    held: Money
    awarded: Money | None


class Contest(Schema):
    """A contest of a work: its claimant says that the royalties belong to the split `claimant_split`.

    `holders` are those of the work's present split, `claimed` those of the claimant's, as documents name them; empty
    where none does. A split that is the claimant's alone is told without a document.
    `evidence` is the SHA-256 of a document with the reasons. Nobody can rule after `ruling_until`: from then on
    (`overdue`) anybody may end the contest. `part` of what was held went to the claimant's split by a ruling.
    """

    number: int = Field(examples=[1])
    work: Digest
    title: Title
    licensor: Address | None
    claimant: Address
    claimant_split: Digest
    holders: list[Holder]
    claimed: list[Holder]
    evidence: Digest
    bond: Money
    state: Literal["open", "ruled", "withdrawn", "lapsed"] = Field(examples=["open"])
    overdue: bool
    ruling_until: Time
    part: Ppm | None
    holds: list[ContestHold]
    opened_at: Time
    transaction: Transaction
    closed_in: Transaction | None
    confirmed: bool


class Arbiter(Schema):
    """Who may rule on contests and challenges now: an `account` with one key, or a `contract`, such as a board's."""

    address: Address
    kind: Literal["account", "contract"]


class ContestRules(Schema):
    """What the dispute desk asks: the least bond, how much a unit of bond holds, and the arbiter's time in days.

    `arbiters` are usually one; where there is none, nobody can rule, and contests end with their time.
    """

    min_bond: Money
    hold_ratio: int = Field(examples=[10])
    ruling_days: int = Field(examples=[30])
    max_accounts: int = Field(examples=[8])
    arbiters: list[Arbiter]
