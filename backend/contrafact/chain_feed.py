"""The port through which the indexer follows a chain: blocks by number, and the events in them as plain values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the chain; `timestamp` in seconds since the epoch."""

    number: int
    hash: bytes
    parent: bytes
    timestamp: int


@dataclass(frozen=True, slots=True)
class ChainEvent:
    """A decoded event of one of the deployment's contracts, and where it stands; structs are tuples of their fields.

    `block_hash` is that of the node's answer, so that an event of a block that is no longer the chain's is told.
    """

    contract: str
    name: str
    arguments: Mapping[str, Any]
    block: int
    block_hash: bytes
    index: int
    transaction: str


class ChainFeed(Protocol):
    """Raises ChainError when the node cannot be reached, or answers with something malformed."""

    @property
    def identity(self) -> str:
        """What tells this deployment from all others: its chain, and its contracts' addresses."""

    @property
    def first(self) -> int:
        """The block of the deployment's first contract: nothing happened before."""

    @property
    def confirmations(self) -> int:
        """Blocks that count from a transaction's own on until it is done."""

    def head(self) -> Block: ...

    def block(self, number: int) -> Block:
        """Raises NotFound for a block that the chain does not have (yet, or any more)."""

    def blocks(self, numbers: Collection[int]) -> Sequence[Block]:
        """Several blocks, in the order of their numbers. Raises NotFound as `block` does."""

    def events(self, first: int, last: int) -> Sequence[ChainEvent]:
        """All events of the deployment in the blocks from `first` to `last`, in the chain's order."""
