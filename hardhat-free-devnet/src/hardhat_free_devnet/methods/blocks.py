"""Blocks and logs."""

from __future__ import annotations

from ..hexes import quantity
from ..logs import find_logs
from ..node import Node
from ..registry import method
from ..requests import Block, BlockRef, Flag, Hash, Logs
from ..views import Json, block_view, pending_view, receipt_views


@method("eth_getBlockByNumber")
def get_block_by_number(node: Node, block: Block, full: Flag = False) -> Json | None:
    return _block(node, block, full)


@method("eth_getBlockByHash")
def get_block_by_hash(node: Node, block_hash: Hash, full: Flag = False) -> Json | None:
    return _block(node, block_hash, full)


@method("eth_getBlockTransactionCountByNumber")
def get_block_transaction_count_by_number(node: Node, block: Block) -> str | None:
    return _count(node, block)


@method("eth_getBlockTransactionCountByHash")
def get_block_transaction_count_by_hash(node: Node, block_hash: Hash) -> str | None:
    return _count(node, block_hash)


@method("eth_getBlockReceipts")
def get_block_receipts(node: Node, block: Block) -> list[Json] | None:
    if block == "pending":
        return []
    if not node.chain.has_block(block):
        return None
    header = node.chain.header_at(block)
    return receipt_views(node.chain.block(header), node.chain.receipts(header))


@method("eth_getLogs")
def get_logs(node: Node, wanted: Logs) -> list[Json]:
    return find_logs(node.chain, wanted)


def _block(node: Node, ref: BlockRef, full: bool) -> Json | None:
    if ref == "pending":
        return pending_view(node.chain.pending_header())
    if not node.chain.has_block(ref):
        return None
    return block_view(node.chain.block(node.chain.header_at(ref)), full)


def _count(node: Node, ref: BlockRef) -> str | None:
    if ref == "pending":
        return quantity(0)
    if not node.chain.has_block(ref):
        return None
    return quantity(len(node.chain.block(node.chain.header_at(ref)).transactions))
