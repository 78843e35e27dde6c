"""Blocks of the chain as they are handed about, and places in them."""

from __future__ import annotations

from dataclasses import dataclass

from eth.abc import BlockAPI, BlockHeaderAPI, ReceiptAPI


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
