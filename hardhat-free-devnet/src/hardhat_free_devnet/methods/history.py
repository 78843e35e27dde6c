"""Going back: snapshots, reorganisations, a fresh start."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from eth.abc import SignedTransactionAPI

from ..admission import decode_transaction
from ..errors import InvalidParams
from ..hexes import parse_data, parse_quantity, quantity
from ..history import Maker
from ..node import Node
from ..registry import method
from ..requests import Quantity, parse_call, parse_list, parse_object
from ..signing import signed_transaction

MAX_REORG = 1_000  # blocks

Anything = Annotated[Any, lambda value: value]
Pairs = Annotated[
    list[Any], lambda value: parse_list(value, "pairs of a transaction and a position", MAX_REORG)
]


@method("evm_snapshot", "anvil_snapshot")
def snapshot(node: Node) -> str:
    return quantity(node.history.take_snapshot())


@method("evm_revert", "anvil_revert")
def revert(node: Node, snapshot_id: Quantity) -> bool:
    return node.history.revert(snapshot_id)


@method("anvil_reorg")
def reorg(node: Node, depth: Quantity, pairs: Pairs = []) -> None:  # noqa: B006  (read alone)
    """`depth` other blocks in place of the latest ones; `pairs` put transactions into them, by position."""
    if not 0 < depth <= MAX_REORG:
        raise InvalidParams(f"depth: must be from 1 to {MAX_REORG} blocks")
    contents: dict[int, list[Maker]] = {}
    for pair in pairs:
        item, position = _pair(pair)
        contents.setdefault(position, []).append(partial(_transaction, node, item))
    node.history.reorganise(depth, contents)


@method("anvil_rollback")
def rollback(node: Node, depth: Quantity = 1) -> None:
    """Take back the latest blocks, with their transactions."""
    node.history.rewind(depth)


@method("hardhat_reset", "anvil_reset")
def reset(node: Node, forking: Anything = None) -> bool:
    """Back to the first block."""
    if isinstance(forking, dict) and parse_object(forking.get("forking") or {}, "forking").get("jsonRpcUrl"):
        raise InvalidParams("this node cannot fork another chain")
    node.history.reset()
    node.impersonated.clear()
    node.miner.automine = True
    node.miner.set_interval(None)
    return True


def _pair(value: object) -> tuple[object, int]:
    pair = parse_list(value, "a transaction and a position", 2)
    if len(pair) != 2:
        raise InvalidParams("pairs: expected a transaction and a position")
    return pair[0], parse_quantity(pair[1])


def _transaction(node: Node, item: object) -> SignedTransactionAPI:
    if isinstance(item, str):
        return decode_transaction(parse_data(item))
    return signed_transaction(node, parse_call(item))
