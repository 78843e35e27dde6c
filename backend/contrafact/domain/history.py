"""What the chain says happened, as plain values: the events of orders and accounts."""

from __future__ import annotations

from dataclasses import dataclass

from contrafact.domain.orders import Commit, Quote
from contrafact.domain.splits import HolderLeaf, ProofStep
from contrafact.domain.terms import Terms, Use


@dataclass(frozen=True, slots=True)
class TermsVersion:
    """Terms that a licensor set. A work's versions count changes of terms and of its split together, from 1."""

    work_id: bytes
    version: int
    licensor: str
    terms: Terms
    block: int


@dataclass(frozen=True, slots=True)
class SplitVersion:
    """A rights split that was set; version 1 is the registration, later numbers are shared with the terms."""

    work_id: bytes
    version: int
    split_root: bytes
    metadata: bytes
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


@dataclass(frozen=True, slots=True)
class Committed:
    """An order was committed and settled; `operator_fee` and `refunded` are what the event reports."""

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
    """A finished order was raised to a wider use for `amount`, which went to its sources."""

    order_id: bytes
    use: Use
    amount: int
    block: int
    transaction: str


@dataclass(frozen=True, slots=True)
class DownstreamPaid:
    """Somebody paid revenue of an order's output to it; `to_maker` is what the sources did not get."""

    order_id: bytes
    payer: str
    token: str
    amount: int
    to_maker: int
    block: int
    transaction: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A holder confirmed its place in a split; it counts for every token."""

    beneficiary: bytes
    split_root: bytes
    index: int
    holder: str
    block: int


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
    """A holder was paid from a royalty account."""

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
