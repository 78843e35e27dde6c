"""What gas costs."""

from __future__ import annotations

from ..fees import SUGGESTED_TIP, blob_base_fee, fee_history, gas_price
from ..hexes import quantity
from ..node import Node
from ..registry import method
from ..requests import Block, Percentiles, Quantity
from ..views import Json


@method("eth_gasPrice")
def eth_gas_price(node: Node) -> str:
    return quantity(gas_price(node.chain))


@method("eth_maxPriorityFeePerGas")
def eth_max_priority_fee_per_gas(node: Node) -> str:
    return quantity(SUGGESTED_TIP)


@method("eth_blobBaseFee")
def eth_blob_base_fee(node: Node) -> str:
    return quantity(blob_base_fee(node.chain.pending_header()))


@method("eth_feeHistory")
def eth_fee_history(node: Node, count: Quantity, newest: Block, percentiles: Percentiles = ()) -> Json:
    return fee_history(node.chain, count, newest, percentiles)
