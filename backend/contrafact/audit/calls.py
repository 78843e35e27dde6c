"""What the transactions of an order show: who sent them, and what was signed. Read back from their calldata."""

from __future__ import annotations

from dataclasses import dataclass, field

from contrafact.domain.grants import Grant
from contrafact.domain.orders import Commit, Quote


@dataclass(frozen=True, slots=True)
class FundingCall:
    """A transaction that called the escrow itself to fund an order.

    `maker_signature` is that of a relayed order; None where the maker had to send it, or had its token authorise the
    payment (`authorised`), which that token alone has judged.
    """

    sender: str
    quote: Quote
    maker_salt: bytes
    grants: tuple[Grant, ...]
    signature: bytes
    maker_signature: bytes | None = None
    authorised: bool = False


@dataclass(frozen=True, slots=True)
class CommitCall:
    """A transaction that called the escrow itself to commit."""

    sender: str
    quote: Quote
    maker_salt: bytes
    commit: Commit
    signature: bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature: the key's address, and whether the contract at the signer's own address says yes to it (ERC-1271).

    `wallet` is None where there is no contract, or where nobody had to ask it. It answers as of the audited block: a
    contract may have changed its mind since.
    """

    by: str | None
    wallet: bool | None = None


@dataclass(frozen=True, slots=True)
class OrderCalls:
    """The calls of one order; None where there was none, or where another contract made it.

    `quote` and `commit` are the operator's signatures, `maker` that of a relayed order, `approvals` the licensors' by
    work.
    """

    funding: FundingCall | None = None
    committing: CommitCall | None = None
    quote: Signed | None = None
    commit: Signed | None = None
    maker: Signed | None = None
    approvals: dict[bytes, Signed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OperatorKey:
    """From `block` on, `signer` may sign for `operator`, beside its own key."""

    operator: str
    signer: str
    block: int


@dataclass(frozen=True, slots=True)
class Disputed:
    """From `block` on, whether a work is contested, or barred."""

    work_id: bytes
    disputed: bool
    block: int


@dataclass(frozen=True, slots=True)
class SunsetSince:
    """From `block` on, a model takes orders in `token` until the second `sunset` only."""

    model_id: bytes
    token: str
    sunset: int
    block: int
