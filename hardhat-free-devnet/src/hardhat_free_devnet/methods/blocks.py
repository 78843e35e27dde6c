"""Blocks and logs."""

from __future__ import annotations

from eth.abc import BlockAPI

from ..hexes import quantity
from ..logs import find_logs
from ..node import Node
from ..registry import method
from ..requests import Block, BlockRef, Flag, Hash, Logs, Quantity
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
        draft = node.miner.draft()
        return receipt_views(draft.block, draft.receipts)
    if not node.chain.has_block(block):
        return None
    mined = node.chain.mined(node.chain.header_at(block))
    return receipt_views(mined.block, mined.receipts)


@method("eth_getUncleCountByBlockNumber")
def get_uncle_count_by_block_number(node: Node, block: Block) -> str | None:
    return None if _find(node, block) is None else quantity(0)


@method("eth_getUncleCountByBlockHash")
def get_uncle_count_by_block_hash(node: Node, block_hash: Hash) -> str | None:
    return None if _find(node, block_hash) is None else quantity(0)


@method("eth_getUncleByBlockNumberAndIndex")
def get_uncle_by_block_number(node: Node, block: Block, index: Quantity) -> None:
    """There have been no uncles since the merge."""


@method("eth_getUncleByBlockHashAndIndex")
def get_uncle_by_block_hash(node: Node, block_hash: Hash, index: Quantity) -> None:
    """There have been no uncles since the merge."""


@method("eth_getLogs")
def get_logs(node: Node, wanted: Logs) -> list[Json]:
    return find_logs(node.chain, wanted, node.limits.log_blocks)


def _find(node: Node, ref: BlockRef) -> BlockAPI | None:
    if ref == "pending":
        return node.miner.draft().block
    return node.chain.mined(node.chain.header_at(ref)).block if node.chain.has_block(ref) else None


def _block(node: Node, ref: BlockRef, full: bool) -> Json | None:
    if ref == "pending":
        return pending_view(node.miner.draft().block, full)
    if not node.chain.has_block(ref):
        return None
    mined = node.chain.mined(node.chain.header_at(ref))
    return block_view(mined.block, True) if full else mined.view


def _count(node: Node, ref: BlockRef) -> str | None:
    block = _find(node, ref)
    return None if block is None else quantity(len(block.transactions))
