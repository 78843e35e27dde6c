"""Blocks of the chain as they are handed about, places in them, and what leads back to one."""

from __future__ import annotations

from dataclasses import dataclass

from eth.abc import BlockAPI, BlockHeaderAPI, ReceiptAPI

from .next_block import NextBlock


@dataclass(frozen=True)
class Mined:
    """A block of the chain, and the receipts of its transactions; `gas_used` in them is cumulative."""

    block: BlockAPI
    receipts: tuple[ReceiptAPI, ...]

    @property
    def header(self) -> BlockHeaderAPI:
        return self.block.header


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
