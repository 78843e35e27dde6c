"""Sending transactions and looking them up."""

from __future__ import annotations

from typing import Any

from eth_account import Account

from ..admission import decode_transaction
from ..errors import InvalidParams, Rejected
from ..evm import base_fee
from ..fees import SUGGESTED_TIP
from ..hexes import data
from ..node import Node
from ..registry import method
from ..requests import Block, BlockRef, Call, CallRequest, Data, Hash, Quantity
from ..simulate import estimate_gas
from ..views import Json, receipt_views, transaction_view


@method("eth_sendRawTransaction")
def send_raw_transaction(node: Node, raw: Data) -> str:
    transaction = decode_transaction(raw)
    node.send(transaction)
    return data(transaction.hash)


@method("eth_sendTransaction")
def send_transaction(node: Node, transaction: Call) -> str:
    if transaction.sender is None:
        raise InvalidParams("eth_sendTransaction needs `from`")
    account = node.account(transaction.sender)
    if account is None:
        raise Rejected(f"unknown account {data(transaction.sender)}: sign the transaction and send it raw")
    signed = Account.sign_transaction(_filled(node, transaction), account.key)
    return send_raw_transaction(node, bytes(signed.raw_transaction))


@method("eth_getTransactionByHash")
def get_transaction_by_hash(node: Node, transaction_hash: Hash) -> Json | None:
    place = node.chain.find_transaction(transaction_hash)
    if place is None:
        return None
    return _at_index(node, place.header.block_number, place.index)


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
    return receipt_views(node.chain.block(place.header), node.chain.receipts(place.header))[place.index]


def _at_index(node: Node, ref: BlockRef, index: int) -> Json | None:
    if ref == "pending" or not node.chain.has_block(ref):
        return None
    header = node.chain.header_at(ref)
    transactions = node.chain.block(header).transactions
    return transaction_view(transactions[index], header, index) if index < len(transactions) else None


def _filled(node: Node, request: CallRequest) -> dict[str, Any]:
    """The transaction that the account will sign: what the client left out is chosen for the next block."""
    assert request.sender is not None
    gas = estimate_gas(node.chain, request, "pending") if request.gas is None else request.gas
    nonce = node.chain.state("latest").get_nonce(request.sender) if request.nonce is None else request.nonce
    fields: dict[str, Any] = {
        "chainId": node.chain.chain_id if request.chain_id is None else request.chain_id,
        "nonce": nonce,
        "gas": gas,
        "value": request.value,
        "data": request.data,
    }
    if request.to is not None:
        fields["to"] = request.to
    if request.access_list is not None:
        fields["accessList"] = [
            {"address": data(address), "storageKeys": [data(key.to_bytes(32)) for key in keys]}
            for address, keys in request.access_list
        ]
    return fields | _fee_fields(node, request)


def _fee_fields(node: Node, request: CallRequest) -> dict[str, int]:
    most, tip = request.max_fee_per_gas, request.max_priority_fee_per_gas
    if request.gas_price is not None and (most is not None or tip is not None):
        raise InvalidParams("gasPrice and maxFeePerGas or maxPriorityFeePerGas exclude each other")
    if request.gas_price is not None:
        return {"gasPrice": request.gas_price}
    if tip is None:
        tip = SUGGESTED_TIP if most is None else min(SUGGESTED_TIP, most)
    if most is None:
        most = tip + 2 * base_fee(node.chain.pending_header())
    return {"maxFeePerGas": most, "maxPriorityFeePerGas": tip}
