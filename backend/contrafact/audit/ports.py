"""What the audit reads beyond `contrafact.ports`: the code and the storage of the contracts, and sound.

All reads of one audit are as of one block, `AuditedLedger.head()`. `Paid` events count only money that left the
escrow: a payout whose transfer failed is not among them. What grows with orders is read in ranges of blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from contrafact.audit.calls import CommitCall, Disputed, FundingCall, OperatorKey, SunsetSince, TokenMoves
from contrafact.audit.order_events import OrderEvent
from contrafact.audit.sendings import Sendings
from contrafact.domain.history import Fined, RoyaltyAccount
from contrafact.domain.money import Currency
from contrafact.domain.opinions import Opinions
from contrafact.domain.orders import Quote
from contrafact.domain.recognition import Candidate
from contrafact.domain.record import AttributionRecord
from contrafact.domain.recoveries import Step
from contrafact.pool_ports import PoolLedger
from contrafact.ports import ConsentLedger, Generator, LedgerReader, Renderer


@dataclass(frozen=True, slots=True)
class DeployedContract:
    """A contract on the chain. `problem` says how it is not the published one, wired to its siblings; else None.

    It is the published one when its code equals the artifact's outside of the immutables' places, and each
    value there is the address of a sibling that it needs, or a constant of the escrow's EIP-712 domain.
    """

    name: str
    address: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class LicensorSince:
    """Who may set a work's terms, from `block` on; the first entry is the work's registrant."""

    work_id: bytes
    licensor: str
    block: int


class AuditedLedger(LedgerReader, ConsentLedger, PoolLedger, Protocol):
    """A ledger reader that also gives what the contracts store. Raises ChainError when it cannot be reached.

    The reads of storage raise NotFound, or ContractError, where the contract reverts: for an unknown work or model.
    """

    def head(self) -> int:
        """The block that every read is as of."""

    def first(self) -> int:
        """The block of the first contract: nothing happened before."""

    def block_hash(self, block: int) -> bytes:
        """Hash of `block`. Raises NotFound for one that the chain does not have."""

    def order_events(self, first: int, last: int, quote_of: Callable[[bytes], Quote | None]) -> Sequence[OrderEvent]:
        """All events of orders and money in the blocks from `first` to `last`, in the chain's order.

        `quote_of` gives the quote of an order that was funded in an earlier range, None where there is none.
        """

    def block_time(self, block: int) -> int:
        """Timestamp of `block`, in seconds since the epoch."""

    def contracts(self) -> Sequence[DeployedContract]:
        """All contracts but the tokens."""

    def licensor_history(self) -> Sequence[LicensorSince]:
        """All licensors that works have had, oldest first."""

    def operator_keys(self) -> Sequence[OperatorKey]:
        """All keys that operators have named, oldest first; the zero address takes a key back."""

    def dispute_history(self) -> Sequence[Disputed]:
        """When works became contested or barred, and when they were no more, oldest first."""

    def sunset_history(self) -> Sequence[SunsetSince]:
        """All dates that were set for models after their registration, oldest first."""

    def recovery_history(self) -> Sequence[Step]:
        """All that was started, cancelled and done to replace lost holders, in the chain's order."""

    def named_models(self) -> frozenset[bytes]:
        """Ids of all models that an event of a model names, whether one registers it or not."""

    def funding_call(self, transaction: str) -> FundingCall | None:
        """What a transaction said to the escrow to fund an order; None where it called another contract."""

    def commit_call(self, transaction: str, order_id: bytes) -> CommitCall | None:
        """What a transaction said to the escrow to commit; None where it called another contract."""

    def token_moves(self, transaction: str, token: str) -> TokenMoves | None:
        """What a token moved to and from the escrow in a transaction; None where there is no such transaction."""

    def fines(self) -> Sequence[Fined]:
        """What works without consent cost operators' bonds."""

    def sendings(self, transaction: str) -> Sendings | None:
        """What the escrow sent in a transaction; None where the node has no receipt of it."""

    def code(self, address: str) -> bytes:
        """The code at an address; empty where there is no contract."""

    def accepts(self, wallet: str, digest: bytes, signature: bytes) -> bool:
        """Whether `wallet` is a contract that says yes to a signature (ERC-1271), as of this block."""

    def accounts(self) -> Mapping[bytes, RoyaltyAccount]:
        """What each royalty account is for, by its id, as the escrow announced it."""

    def order_state(self, order_id: bytes) -> bytes: ...
    def licensor_of(self, work_id: bytes) -> str: ...
    def composition_of(self, work_id: bytes) -> bytes | None: ...
    def is_contested(self, work_id: bytes) -> bool: ...
    def is_barred(self, work_id: bytes) -> bool: ...
    def current_version(self, work_id: bytes) -> int: ...
    def licence_of(self, work_id: bytes, version: int) -> int: ...
    def base_rate_of(self, model_id: bytes, pool_root: bytes, token: str) -> tuple[int, int] | None:
        """Rate and sunset of a model with this pool in this token; None where it takes no such orders."""

    def received(self, account: bytes) -> int: ...
    def held_of(self, account: RoyaltyAccount) -> int:
        """What of an account contests hold."""

    def payee_of(self, account: bytes, index: int) -> str:
        """The address that a readdressed place is paid to, zero for any other."""

    def withdrawal(self, operator: str, token: str) -> tuple[int, int]:
        """What of a bond is being withdrawn, and the second from which it can be had."""

    def owed(self, to: str, token: str) -> int: ...

    def balance(self, holder: str, token: str) -> int:
        """What an address holds of `token`; the zero address stands for the native coin."""

    def currency(self, token: str) -> Currency:
        """How amounts of a token are written. What a token says of itself is shown, never relied on."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Sound from a file: its digest as records name it, and the interleaved little-endian 16-bit samples."""

    digest: bytes
    samples: bytes


class AudioDecoder(Protocol):
    """Reads FLAC."""

    def decode(self, flac: bytes) -> Decoded:
        """The sound in the file. Raises InvalidInput for other bytes."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What an auditor has installed besides the base package. Without one, the report says what was not checked.

    `derive` makes the canonical source form from a work's file and its media type. `opine` gives the three views of
    who is in a piece; where there is none, the report gives `no_opinions` as the reason. `same_tune` gives the second
    source form as a candidate for the first where they are versions of one tune.
    """

    generator: Generator | None = None
    renderer: Renderer | None = None
    decoder: AudioDecoder | None = None
    derive: Callable[[bytes, str], bytes] | None = None
    opine: Callable[[AttributionRecord], Opinions] | None = None
    no_opinions: str = "Not computed: needs the extra generation."
    same_tune: Callable[[bytes, bytes], Candidate | None] | None = None
