"""Executing without a transaction."""

from __future__ import annotations

from ..access_lists import create_access_list
from ..hexes import data, quantity
from ..node import Node
from ..overrides import BlockOverrides, Overrides, StateOverrides
from ..registry import method
from ..requests import Block, BlockRef, Call
from ..simulate import call, estimate_gas, failure_message
from ..views import Json, access_list_view


@method("eth_call")
def eth_call(
    node: Node,
    transaction: Call,
    block: Block = "latest",
    state: StateOverrides = (),
    around: BlockOverrides = {},  # noqa: B006  (read alone)
) -> str:
    return data(call(node.moment(block), transaction, Overrides(state, around)))


@method("eth_estimateGas")
def eth_estimate_gas(
    node: Node,
    transaction: Call,
    block: Block = "pending",
    state: StateOverrides = (),
    around: BlockOverrides = {},  # noqa: B006  (read alone)
) -> str:
    moment = node.moment(_next_if_latest(block))
    return quantity(estimate_gas(moment, transaction, Overrides(state, around)))


@method("eth_createAccessList")
def eth_create_access_list(
    node: Node, transaction: Call, block: Block = "pending", state: StateOverrides = ()
) -> Json:
    moment = node.moment(_next_if_latest(block))
    access_list, outcome = create_access_list(moment, transaction, Overrides(state))
    answer = {"accessList": access_list_view(access_list), "gasUsed": quantity(outcome.gas_used)}
    return answer if outcome.error is None else answer | {"error": failure_message(outcome)}


def _next_if_latest(block: BlockRef) -> BlockRef:
    """On top of the latest block is inside the next one: the transaction will see its number and time."""
    return "pending" if block == "latest" else block
