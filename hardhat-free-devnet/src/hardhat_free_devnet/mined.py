"""Blocks of the chain as they are handed about, places in them, and what leads back to one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from eth.abc import BlockAPI, BlockHeaderAPI, ReceiptAPI

from .next_block import NextBlock
from .views import Json, block_view, log_views


@dataclass(frozen=True)
class Mined:
    """A block of the chain, and the receipts of its transactions; `gas_used` in them is cumulative."""

    block: BlockAPI
    receipts: tuple[ReceiptAPI, ...]

    @property
    def header(self) -> BlockHeaderAPI:
        return self.block.header

    @cached_property
    def view(self) -> Json:
        """The block as JSON, its transactions as hashes. Not to be changed: it is kept."""
        return block_view(self.block, False)

    @cached_property
    def logs(self) -> tuple[Json, ...]:
        """Its logs as JSON. Not to be changed: they are kept."""
        return tuple(log_views(self.block, self.receipts))


@dataclass(frozen=True)
class Place:
    """Where a mined transaction is."""

    header: BlockHeaderAPI
    index: int


@dataclass(frozen=True)
class Snapshot:
    """Everything needed to come back to this moment."""

    values: dict[bytes, bytes]
    clock: tuple[int, int | None, int | None]
    next_block: NextBlock
