"""What gas costs: EIP-1559 base fees, suggested tips, and the history clients derive their own fees from."""

from __future__ import annotations

from typing import Any

from eth.abc import BlockHeaderAPI
from eth.vm.forks.cancun.constants import MIN_BLOB_BASE_FEE
from eth.vm.forks.cancun.state import fake_exponential  # type: ignore[attr-defined]
from eth.vm.forks.prague.constants import BLOB_BASE_FEE_UPDATE_FRACTION_PRAGUE

from .chain import DevChain
from .errors import InvalidParams
from .evm import base_fee, effective_price
from .hexes import quantity
from .requests import BlockRef

SUGGESTED_TIP = 10**9  # wei per gas; blocks are never full, so any tip does
MAX_HISTORY = 1024  # blocks in one eth_feeHistory


def gas_price(chain: DevChain) -> int:
    """A price at which a legacy transaction enters the next block."""
    return base_fee(chain.pending_header()) + SUGGESTED_TIP


def blob_base_fee(header: BlockHeaderAPI) -> int:
    """Wei per blob gas in this block (EIP-4844); without blobs it stays at its minimum."""
    excess = header.excess_blob_gas or 0
    return int(fake_exponential(MIN_BLOB_BASE_FEE, excess, BLOB_BASE_FEE_UPDATE_FRACTION_PRAGUE))


def fee_history(
    chain: DevChain, count: int, newest: BlockRef, percentiles: tuple[float, ...]
) -> dict[str, Any]:
    """The answer of eth_feeHistory for `count` blocks up to `newest`, which is cut to what exists."""
    if count > MAX_HISTORY:
        raise InvalidParams(f"at most {MAX_HISTORY} blocks of fee history, not {count}")
    last = chain.head if newest == "pending" else chain.header_at(newest)
    first = max(0, last.block_number - count + 1)
    headers = [chain.header_at(number) for number in range(first, last.block_number + 1)]
    following = last.block_number + 1
    after = chain.header_at(following) if chain.has_block(following) else chain.pending_header()
    history: dict[str, Any] = {
        "oldestBlock": quantity(first),
        "baseFeePerGas": [quantity(base_fee(header)) for header in [*headers, after]],
        "gasUsedRatio": [header.gas_used / header.gas_limit for header in headers],
        "baseFeePerBlobGas": [quantity(blob_base_fee(header)) for header in [*headers, after]],
        "blobGasUsedRatio": [0.0 for _ in headers],  # no block here has blobs
    }
    if percentiles:
        history["reward"] = [_rewards(chain, header, percentiles) for header in headers]
    return history


def _rewards(chain: DevChain, header: BlockHeaderAPI, percentiles: tuple[float, ...]) -> list[str]:
    """Effective tips at percentiles of the block's gas, transactions in ascending order of tip."""
    tips = sorted(_tips(chain, header))
    rewards, covered, position = [], 0, -1
    for percentile in percentiles:
        while position < len(tips) - 1 and (position < 0 or covered < percentile / 100 * header.gas_used):
            position += 1
            covered += tips[position][1]
        rewards.append(quantity(tips[position][0] if tips else 0))
    return rewards


def _tips(chain: DevChain, header: BlockHeaderAPI) -> list[tuple[int, int]]:
    """(tip per gas, gas used) of every transaction of the block."""
    mined = chain.mined(header)
    used = [receipt.gas_used for receipt in mined.receipts]
    return [
        (effective_price(transaction, header) - base_fee(header), total - before)
        for transaction, total, before in zip(mined.block.transactions, used, [0, *used], strict=False)
    ]
