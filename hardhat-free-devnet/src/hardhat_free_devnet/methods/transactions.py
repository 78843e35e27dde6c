"""Sending transactions and looking them up."""

from __future__ import annotations

from ..admission import decode_transaction
from ..errors import RpcError
from ..hexes import data
from ..node import Node
from ..registry import method
from ..requests import Block, BlockRef, Call, Data, Hash, Quantity
from ..signing import signed_transaction
from ..views import Json, pending_transaction_view, receipt_views, transaction_view

NOT_MINED = 4  # EIP-7966: the receipt is not there yet


@method("eth_sendRawTransaction")
def send_raw_transaction(node: Node, raw: Data) -> str:
    transaction = decode_transaction(raw)
    node.miner.submit(transaction)
    return data(transaction.hash)


@method("eth_sendRawTransactionSync")
def send_raw_transaction_sync(node: Node, raw: Data, timeout: Quantity = 0) -> Json:
    """The receipt at once. Nothing can be mined while this node waits, so it does not wait."""
    transaction_hash = send_raw_transaction(node, raw)
    receipt = get_transaction_receipt(node, bytes.fromhex(transaction_hash[2:]))
    if receipt is None:
        raise RpcError(NOT_MINED, "the transaction waits in the pool", transaction_hash)
    return receipt


@method("eth_sendTransaction")
def send_transaction(node: Node, transaction: Call) -> str:
    signed = signed_transaction(node, transaction)
    node.miner.submit(signed)
    return data(signed.hash)


@method("eth_getTransactionByHash")
def get_transaction_by_hash(node: Node, transaction_hash: Hash) -> Json | None:
    waiting = node.miner.pool.get(transaction_hash)
    if waiting is not None:
        return pending_transaction_view(waiting.transaction)
    place = node.chain.find_transaction(transaction_hash)
    if place is None:
        return None
    return _at_index(node, place.header.block_number, place.index)


@method("eth_getRawTransactionByHash")
def get_raw_transaction_by_hash(node: Node, transaction_hash: Hash) -> str | None:
    waiting = node.miner.pool.get(transaction_hash)
    if waiting is not None:
        return data(waiting.transaction.encode())
    place = node.chain.find_transaction(transaction_hash)
    return (
        None
        if place is None
        else data(node.chain.mined(place.header).block.transactions[place.index].encode())
    )


@method("eth_getTransactionByBlockNumberAndIndex")
def get_transaction_by_block_number_and_index(node: Node, block: Block, index: Quantity) -> Json | None:
    return _at_index(node, block, index)


@method("eth_getTransactionByBlockHashAndIndex")
def get_transaction_by_block_hash_and_index(node: Node, block_hash: Hash, index: Quantity) -> Json | None:
    return _at_index(node, block_hash, index)


@method("eth_getTransactionReceipt")
def get_transaction_receipt(node: Node, transaction_hash: Hash) -> Json | None:
    place = node.chain.find_transaction(transaction_hash)
    if place is None:
        return None
    mined = node.chain.mined(place.header)
    return receipt_views(mined.block, mined.receipts)[place.index]


def _at_index(node: Node, ref: BlockRef, index: int) -> Json | None:
    if ref == "pending":
        waiting = node.miner.draft().block.transactions
        return pending_transaction_view(waiting[index]) if index < len(waiting) else None
    if not node.chain.has_block(ref):
        return None
    header = node.chain.header_at(ref)
    transactions = node.chain.mined(header).block.transactions
    return transaction_view(transactions[index], header, index) if index < len(transactions) else None
