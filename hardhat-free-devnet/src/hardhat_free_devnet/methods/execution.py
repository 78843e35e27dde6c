"""Executing without a transaction."""

from __future__ import annotations

from ..hexes import data, quantity
from ..node import Node
from ..registry import method
from ..requests import Block, Call
from ..simulate import call, estimate_gas


@method("eth_call")
def eth_call(node: Node, transaction: Call, block: Block = "latest") -> str:
    return data(call(node.chain, transaction, block))


@method("eth_estimateGas")
def eth_estimate_gas(node: Node, transaction: Call, block: Block = "pending") -> str:
    # On top of the latest block is inside the next one: the transaction will see its number and time.
    return quantity(estimate_gas(node.chain, transaction, "pending" if block == "latest" else block))
