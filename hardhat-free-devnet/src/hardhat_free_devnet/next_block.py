"""What tests demand of blocks to come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from eth.abc import BlockHeaderAPI
from eth.constants import ZERO_ADDRESS
from eth_typing import Address


@dataclass(frozen=True)
class NextBlock:
    """Who earns the tips and how much gas fits, from now on; base fee and random value of one block alone."""

    coinbase: Address = ZERO_ADDRESS
    gas_limit: int | None = None  # None keeps that of the latest block
    base_fee: int | None = None  # wei per gas; None follows EIP-1559
    random: bytes | None = None

    def fields(self) -> dict[str, Any]:
        """What to tell py-evm when it derives the header."""
        fields: dict[str, Any] = {"coinbase": self.coinbase}
        if self.gas_limit is not None:
            fields["gas_limit"] = self.gas_limit
        if self.random is not None:
            fields["mix_hash"] = self.random
        return fields

    def applied(self, header: BlockHeaderAPI) -> BlockHeaderAPI:
        """The header with the base fee that was demanded."""
        return header if self.base_fee is None else header.copy(base_fee_per_gas=self.base_fee)

    def after(self) -> NextBlock:
        """What is left of the demands once the block is made."""
        return replace(self, base_fee=None, random=None)
