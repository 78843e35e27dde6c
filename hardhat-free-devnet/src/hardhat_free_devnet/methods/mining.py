"""When blocks are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ..hexes import parse_quantity, quantity
from ..node import Node
from ..registry import method
from ..requests import Flag, OptionalQuantity, Quantity, parse_member, parse_object


@dataclass(frozen=True)
class MineRequest:
    """How many blocks, and the timestamp of the first if it matters."""

    blocks: int = 1
    timestamp: int | None = None


def parse_mine(value: object) -> MineRequest:
    """A timestamp, or an object with `blocks` and `timestamp`, as Anvil takes it."""
    if not isinstance(value, dict):
        return MineRequest(timestamp=parse_quantity(value))
    members = parse_object(value, "an object")
    blocks = parse_member(members, "blocks", parse_quantity)
    return MineRequest(1 if blocks is None else blocks, parse_member(members, "timestamp", parse_quantity))


Mine = Annotated[MineRequest, parse_mine]
Milliseconds = Quantity


@method("evm_mine")
def mine(node: Node, wanted: Mine = MineRequest()) -> str:
    """Blocks, empty ones too, of what waits."""
    if wanted.timestamp is not None:
        node.chain.clock.set_next(wanted.timestamp, node.chain.head.timestamp)
    node.miner.mine(wanted.blocks)
    return quantity(0)


@method("hardhat_mine", "anvil_mine")
def mine_many(node: Node, count: Quantity = 1, spacing: OptionalQuantity = None) -> None:
    """So many blocks, each `spacing` seconds after the one before."""
    node.miner.mine(count, spacing)


@method("evm_setAutomine", "anvil_setAutomine")
def set_automine(node: Node, on: Flag) -> None:
    node.miner.automine = on


@method("hardhat_getAutomine", "anvil_getAutomine")
def get_automine(node: Node) -> bool:
    return node.miner.automine


@method("anvil_setIntervalMining")
def set_interval_seconds(node: Node, seconds: Quantity) -> None:
    """A block every so many seconds, and none at once; 0 stops the timer."""
    node.miner.set_interval(seconds or None)
    node.miner.automine = node.miner.automine and seconds == 0


@method("evm_setIntervalMining")
def set_interval(node: Node, milliseconds: Milliseconds) -> None:
    node.miner.set_interval(min(milliseconds, 2**53) / 1000 or None)


@method("anvil_getIntervalMining")
def get_interval(node: Node) -> int | None:
    """In seconds."""
    interval = node.miner.interval
    return None if interval is None else int(interval)
