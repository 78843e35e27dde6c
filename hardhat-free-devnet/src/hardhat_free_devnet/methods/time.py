"""Control over time and history, for tests: `evm_*` as Ganache introduced them and others keep them."""

from __future__ import annotations

from ..hexes import quantity
from ..node import Node
from ..registry import method
from ..requests import OptionalQuantity, Quantity


@method("evm_increaseTime")
def increase_time(node: Node, seconds: Quantity) -> int:
    """All later blocks are this much later; answers the whole offset, as a plain number."""
    offset = node.chain.clock.advance(seconds)
    node.chain.save()
    return offset


@method("evm_setNextBlockTimestamp")
def set_next_block_timestamp(node: Node, timestamp: Quantity) -> str:
    node.chain.clock.set_next(timestamp, node.chain.head.timestamp)
    return quantity(timestamp)


@method("evm_mine")
def mine(node: Node, timestamp: OptionalQuantity = None) -> str:
    """Make an empty block, at the given time if there is one."""
    if timestamp is not None:
        node.chain.clock.set_next(timestamp, node.chain.head.timestamp)
    node.chain.mine()
    return quantity(0)


@method("evm_snapshot")
def snapshot(node: Node) -> str:
    return quantity(node.take_snapshot())


@method("evm_revert")
def revert(node: Node, snapshot_id: Quantity) -> bool:
    return node.revert(snapshot_id)
