"""What the chain says happened, as plain values: the events of orders and accounts."""

from __future__ import annotations

from dataclasses import dataclass

from contrafact.domain.orders import Commit, Quote
from contrafact.domain.splits import HolderLeaf, ProofStep
from contrafact.domain.terms import Terms, Use


@dataclass(frozen=True, slots=True)
class TermsVersion:
    """A version of a work's licence with terms. One counter counts changes of terms and of the split, from 1."""

    work_id: bytes
    version: int
    terms: Terms
    split_root: bytes
    block: int


@dataclass(frozen=True, slots=True)
class SplitVersion:
    """A rights split as it was set; version 1 is the registration, later numbers are those of `TermsVersion`."""

    work_id: bytes
    version: int
    split_root: bytes
    metadata: bytes
    block: int


@dataclass(frozen=True, slots=True)
class Anchored:
    """A licensor anchored a collection: its Merkle root, and the SHA-256 of its document.

    `withdrawn` is the block in which it was withdrawn, None where it was not. A root is anchored once.
    """

    licensor: str
    root: bytes
    document: bytes
    block: int
    withdrawn: int | None = None


@dataclass(frozen=True, slots=True)
class Materialised:
    """A work of an anchored collection was brought onto the chain; its version 1 took force with the collection."""

    work_id: bytes
    licensor: str
    root: bytes
    block: int


@dataclass(frozen=True, slots=True)
class Funded:
    """An order was funded: the deal, the maker's salt, and what was escrowed."""

    order_id: bytes
    quote: Quote
    maker_salt: bytes
    escrowed: int
    block: int
    transaction: str

    @property
    def deal(self) -> tuple[bytes, bytes, str, int, str, int]:
        """The Solidity struct `Deal`: enough to refund the order."""
        quote = self.quote
        return self.order_id, self.maker_salt, quote.maker, quote.operator_word, quote.token, self.escrowed


@dataclass(frozen=True, slots=True)
class Committed:
    """An order was committed and settled; `refunded` is what the event reports, `operator_fee` the order's."""

    commit: Commit
    operator_fee: int
    refunded: int
    block: int
    transaction: str


@dataclass(frozen=True, slots=True)
class Refunded:
    """An order was refunded after its deadline; `penalty` came on top, from the operator's bond."""

    order_id: bytes
    amount: int
    block: int
    transaction: str
    penalty: int = 0


@dataclass(frozen=True, slots=True)
class Raised:
    """A finished order was raised from one use to another for `paid`, which went to its sources."""

    order_id: bytes
    payer: str
    before: Use
    use: Use
    paid: int
    block: int
    transaction: str


@dataclass(frozen=True, slots=True)
class DownstreamPaid:
    """Somebody paid revenue of an order's output to it, in its token; `to_maker` is what the sources did not get."""

    order_id: bytes
    payer: str
    amount: int
    to_maker: int
    block: int
    transaction: str


@dataclass(frozen=True, slots=True)
class BondMoved:
    """An operator's bond grew (`amount` above zero), or money of it left: a withdrawal, or a ruling on an order."""

    operator: str
    token: str
    amount: int
    block: int
    transaction: str
    order_id: bytes | None = None


@dataclass(frozen=True, slots=True)
class Ruled:
    """A challenge of an order's commit was ruled on: what its sources' accounts and its maker get from the bond."""

    order_id: bytes
    to_sources: tuple[int, ...]
    to_maker: int
    block: int


@dataclass(frozen=True, slots=True)
class Fined:
    """An operator's bond paid for a work that a model learnt from without consent: its finder, and the model's pool.

    Other events of the fine name `consent_id` in the place of an order's id.
    """

    consent_id: bytes
    operator: str
    token: str
    finder: str
    to_finder: int
    to_pool: int
    block: int


@dataclass(frozen=True, slots=True)
class HeldMoved:
    """A ruling moved held money from one royalty account of a work to another."""

    account: bytes
    to: bytes
    amount: int
    block: int


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A holder confirmed its place in the split of a royalty account."""

    account: bytes
    holder: str
    index: int
    block: int


@dataclass(frozen=True, slots=True)
class RoyaltyAccount:
    """What a royalty account is for: a work or a model, one rights split of it, and one token."""

    beneficiary: bytes
    split_root: bytes
    token: str


@dataclass(frozen=True, slots=True)
class Credited:
    """A royalty account received money from an order."""

    account: bytes
    beneficiary: bytes
    order_id: bytes
    split_root: bytes
    token: str
    amount: int
    block: int


@dataclass(frozen=True, slots=True)
class Paid:
    """A holder was paid from a royalty account; `holder` is the payee where its place was readdressed."""

    account: bytes
    holder: str
    beneficiary: bytes
    index: int
    token: str
    amount: int
    block: int
    transaction: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claim needs: the account, the holder's leaf, and its proof."""

    beneficiary: bytes
    split_root: bytes
    token: str
    leaf: HolderLeaf
    proof: tuple[ProofStep, ...]

    def to_abi(self) -> tuple[object, ...]:
        """The Solidity struct as a nested tuple."""
        account = (self.beneficiary, self.split_root, self.token)
        return account, self.leaf.to_abi(), [step.to_abi() for step in self.proof]
