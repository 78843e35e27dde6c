"""Control over the clock, for tests: `evm_*` as Ganache introduced them and others keep them."""

from __future__ import annotations

from ..errors import InvalidParams
from ..hexes import quantity
from ..node import Node
from ..registry import method
from ..requests import Quantity

MAX_SPACING = 2**32  # seconds


@method("evm_increaseTime", "anvil_increaseTime")
def increase_time(node: Node, seconds: Quantity) -> int:
    """All later blocks are this much later; answers the whole offset, as a plain number."""
    offset = node.chain.clock.advance(seconds)
    node.chain.save()
    return offset


@method("evm_setTime", "anvil_setTime")
def set_time(node: Node, timestamp: Quantity) -> int:
    """It is this time now, in seconds; answers by how much the clock moved."""
    moved = node.chain.clock.set_now(timestamp)
    node.chain.save()
    return moved


@method("evm_setNextBlockTimestamp", "anvil_setNextBlockTimestamp")
def set_next_block_timestamp(node: Node, timestamp: Quantity) -> str:
    node.chain.clock.set_next(timestamp, node.chain.head.timestamp)
    return quantity(timestamp)


@method("hardhat_setBlockTimestampInterval", "anvil_setBlockTimestampInterval")
def set_block_timestamp_interval(node: Node, seconds: Quantity) -> None:
    """Each block is this much later than the one before, whatever the wall clock says."""
    if not 0 < seconds <= MAX_SPACING:
        raise InvalidParams(f"seconds: must be from 1 to {MAX_SPACING}")
    node.chain.clock.interval = seconds


@method("hardhat_removeBlockTimestampInterval", "anvil_removeBlockTimestampInterval")
def remove_block_timestamp_interval(node: Node) -> bool:
    """Back to the wall clock; False when there was no interval."""
    was_set = node.chain.clock.interval is not None
    node.chain.clock.interval = None
    return was_set
