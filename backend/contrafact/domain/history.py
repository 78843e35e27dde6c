"""What the chain says happened, as plain values: the events of orders and accounts."""

from __future__ import annotations

from dataclasses import dataclass

from contrafact.domain.orders import Commit, Quote
from contrafact.domain.splits import HolderLeaf, ProofStep
from contrafact.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class TermsVersion:
    """One version of a work's terms, as its event says."""

    work_id: bytes
    version: int
    licensor: str
    terms: Terms
    block: int


@dataclass(frozen=True, slots=True)
class SplitVersion:
    """One version of a work's rights split; version 1 is the one it was registered with."""

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
    """An order was refunded after its deadline."""

    order_id: bytes
    amount: int
    block: int
    transaction: str


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
