"""Blocks, transactions, receipts and logs as JSON, with the members of the execution API specification."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eth._utils.address import generate_contract_address
from eth.abc import BlockAPI, BlockHeaderAPI, ReceiptAPI, SignedTransactionAPI
from rlp import encode

from .evm import base_fee, effective_price
from .hexes import data, quantity
from .sender import sender_of

Json = dict[str, Any]

DYNAMIC_FEE_TYPE = 2
SET_CODE_TYPE = 4


def block_view(block: BlockAPI, full: bool) -> Json:
    """A mined block; its transactions whole, or as hashes."""
    header = block.header
    transactions = [
        transaction_view(transaction, header, index) if full else data(transaction.hash)
        for index, transaction in enumerate(block.transactions)
    ]
    return _header_view(header) | {
        "hash": data(header.hash),
        "size": quantity(len(encode(block))),
        "transactions": transactions,
        "uncles": [],
        "withdrawals": [],
    }


def pending_view(block: BlockAPI, full: bool) -> Json:
    """The next block as it would be now. Nobody has sealed it, so it has no hash and no nonce."""
    transactions = [
        pending_transaction_view(transaction) if full else data(transaction.hash)
        for transaction in block.transactions
    ]
    return block_view(block, False) | {"hash": None, "nonce": None, "transactions": transactions}


def head_view(block: BlockAPI) -> Json:
    """A new block as subscribers to `newHeads` get it: the header alone."""
    return _header_view(block.header) | {"hash": data(block.header.hash)}


def _header_view(header: Any) -> Json:
    return {
        "number": quantity(header.block_number),
        "parentHash": data(header.parent_hash),
        "nonce": data(header.nonce),
        "sha3Uncles": data(header.uncles_hash),
        "logsBloom": data(header.bloom.to_bytes(256)),
        "transactionsRoot": data(header.transaction_root),
        "stateRoot": data(header.state_root),
        "receiptsRoot": data(header.receipt_root),
        "miner": data(header.coinbase),
        "difficulty": quantity(header.difficulty),
        "totalDifficulty": quantity(0),
        "extraData": data(header.extra_data),
        "mixHash": data(header.mix_hash),
        "gasLimit": quantity(header.gas_limit),
        "gasUsed": quantity(header.gas_used),
        "timestamp": quantity(header.timestamp),
        "baseFeePerGas": quantity(base_fee(header)),
        "withdrawalsRoot": data(header.withdrawals_root),
        "blobGasUsed": quantity(header.blob_gas_used),
        "excessBlobGas": quantity(header.excess_blob_gas),
        "parentBeaconBlockRoot": data(header.parent_beacon_block_root),
        "requestsHash": data(header.requests_hash),
    }


def transaction_view(transaction: SignedTransactionAPI, header: BlockHeaderAPI, index: int) -> Json:
    """A mined transaction; `gasPrice` is what was paid."""
    return pending_transaction_view(transaction) | {
        "blockHash": data(header.hash),
        "blockNumber": quantity(header.block_number),
        "transactionIndex": quantity(index),
        "blockTimestamp": quantity(header.timestamp),
        "gasPrice": quantity(effective_price(transaction, header)),
    }


def pending_transaction_view(transaction: SignedTransactionAPI) -> Json:
    """A transaction that waits for a block; `gasPrice` is the most that it may cost."""
    kind = type_of(transaction)
    view: Json = {
        "type": quantity(kind),
        "hash": data(transaction.hash),
        "nonce": quantity(transaction.nonce),
        "blockHash": None,
        "blockNumber": None,
        "transactionIndex": None,
        "from": data(sender_of(transaction)),
        "to": data(transaction.to) if transaction.to else None,
        "value": quantity(transaction.value),
        "gas": quantity(transaction.gas),
        "gasPrice": quantity(transaction.max_fee_per_gas),
        "input": data(transaction.data),
        "r": quantity(transaction.r),
        "s": quantity(transaction.s),
        "v": quantity(transaction.y_parity if kind else transaction.v),  # type: ignore[attr-defined]
    }
    return view | _chain_id_view(transaction) | _typed_view(transaction, kind)


def _chain_id_view(transaction: SignedTransactionAPI) -> Json:
    return {} if transaction.chain_id is None else {"chainId": quantity(transaction.chain_id)}


def _typed_view(transaction: SignedTransactionAPI, kind: int) -> Json:
    view: Json = {}
    if kind:
        view["yParity"] = quantity(transaction.y_parity)
        view["accessList"] = access_list_view(transaction.access_list)
    if kind >= DYNAMIC_FEE_TYPE:
        view["maxFeePerGas"] = quantity(transaction.max_fee_per_gas)
        view["maxPriorityFeePerGas"] = quantity(transaction.max_priority_fee_per_gas)
    if kind == SET_CODE_TYPE:
        view["authorizationList"] = [_authorization_view(item) for item in transaction.authorization_list]
    return view


def access_list_view(access_list: Any) -> list[Json]:
    """Pairs of an account and its slots (EIP-2930)."""
    return [
        {"address": data(address), "storageKeys": [data(key.to_bytes(32)) for key in keys]}
        for address, keys in access_list
    ]


def _authorization_view(item: Any) -> Json:
    return {
        "chainId": quantity(item.chain_id),
        "address": data(item.address),
        "nonce": quantity(item.nonce),
        "yParity": quantity(item.y_parity),
        "r": quantity(item.r),
        "s": quantity(item.s),
    }


def receipt_views(block: BlockAPI, receipts: tuple[ReceiptAPI, ...]) -> list[Json]:
    """The receipts of all transactions of a mined block."""
    logs = list(log_views(block, receipts))
    views, used_before = [], 0
    for index, (transaction, receipt) in enumerate(zip(block.transactions, receipts, strict=True)):
        own = [log for log in logs if log["transactionIndex"] == quantity(index)]
        view = _receipt_view(block.header, transaction, receipt, index)
        views.append(view | {"gasUsed": quantity(receipt.gas_used - used_before), "logs": own})
        used_before = receipt.gas_used
    return views


def _receipt_view(
    header: BlockHeaderAPI, transaction: SignedTransactionAPI, receipt: ReceiptAPI, index: int
) -> Json:
    created = None if transaction.to else generate_contract_address(sender_of(transaction), transaction.nonce)
    return {
        "type": quantity(type_of(transaction)),
        "transactionHash": data(transaction.hash),
        "transactionIndex": quantity(index),
        "blockHash": data(header.hash),
        "blockNumber": quantity(header.block_number),
        "from": data(sender_of(transaction)),
        "to": data(transaction.to) if transaction.to else None,
        "contractAddress": None if created is None else data(created),
        "cumulativeGasUsed": quantity(receipt.gas_used),
        "effectiveGasPrice": quantity(effective_price(transaction, header)),
        "logsBloom": data(receipt.bloom.to_bytes(256)),
        "status": quantity(int.from_bytes(receipt.state_root)),
    }


def log_views(block: BlockAPI, receipts: tuple[ReceiptAPI, ...]) -> Iterator[Json]:
    """All logs of a mined block; `logIndex` counts through the block."""
    position = 0
    for index, (transaction, receipt) in enumerate(zip(block.transactions, receipts, strict=True)):
        for log in receipt.logs:
            yield {
                "address": data(log.address),
                "topics": [data(topic.to_bytes(32)) for topic in log.topics],
                "data": data(log.data),
                "blockNumber": quantity(block.header.block_number),
                "blockHash": data(block.header.hash),
                "blockTimestamp": quantity(block.header.timestamp),
                "transactionHash": data(transaction.hash),
                "transactionIndex": quantity(index),
                "logIndex": quantity(position),
                "removed": False,
            }
            position += 1


def type_of(transaction: SignedTransactionAPI) -> int:
    """The EIP-2718 type; 0 for legacy transactions."""
    return getattr(transaction, "type_id", None) or 0
