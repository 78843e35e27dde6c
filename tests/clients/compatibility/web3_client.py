"""web3.py as the client: raw requests, its typed calls, and whole tasks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from web3 import AsyncWeb3, HTTPProvider, Web3, WebSocketProvider
from web3.exceptions import ContractCustomError, Web3Exception

from .asking import ACCOUNT, Answers, loop, plain
from .steps import PROBE, Step


def drive_web3(url: str, ws_url: str, steps: list[Step]) -> Answers:
    w3 = Web3(HTTPProvider(url, exception_retry_configuration=None))

    def ask(method: str, params: list[Any]) -> Answers:
        return plain(w3.provider, method, params)

    def typed(method: str, params: list[Any]) -> Any:
        call = _WEB3.get(method)
        if call is None:
            return None
        try:
            return {"result": json.loads(Web3.to_json(call(w3, *params)))}
        except Web3Exception as error:
            return {"error": type(error).__name__}

    answers = loop(steps, ask, typed)
    tasks = {name: {"result": json.loads(Web3.to_json(task(w3, ws_url)))} for name, task in _WEB3_TASKS.items()}
    return {"answers": answers, "tasks": tasks}


def _address(text: str) -> Any:
    return Web3.to_checksum_address(text)


def _transaction(given: dict[str, Any]) -> Any:
    return {name: _address(value) if name in ("from", "to") else value for name, value in given.items()}


# Not for typed data: web3.py asks for eth_signTypedData, and gives the document as text.
_WEB3: dict[str, Callable[..., Any]] = {
    "eth_chainId": lambda w3: w3.eth.chain_id,
    "eth_blockNumber": lambda w3: w3.eth.block_number,
    "eth_accounts": lambda w3: w3.eth.accounts,
    "eth_syncing": lambda w3: w3.eth.syncing,
    "net_version": lambda w3: w3.net.version,
    "net_listening": lambda w3: w3.net.listening,
    "eth_gasPrice": lambda w3: w3.eth.gas_price,
    "eth_maxPriorityFeePerGas": lambda w3: w3.eth.max_priority_fee,
    "eth_blobBaseFee": lambda w3: w3.eth.blob_base_fee,
    "eth_feeHistory": lambda w3, count, newest, rewards: w3.eth.fee_history(int(count, 16), newest, rewards),
    "eth_getBalance": lambda w3, who, *block: w3.eth.get_balance(_address(who), *block),
    "eth_getTransactionCount": lambda w3, who, *block: w3.eth.get_transaction_count(_address(who), *block),
    "eth_getCode": lambda w3, who, *block: w3.eth.get_code(_address(who), *block),
    "eth_getStorageAt": lambda w3, who, slot, block: w3.eth.get_storage_at(_address(who), int(slot, 16), block),
    "eth_getProof": lambda w3, who, slots, block: w3.eth.get_proof(_address(who), [int(s, 16) for s in slots], block),
    "eth_getBlockByNumber": lambda w3, block, full: w3.eth.get_block(block, full),
    "eth_getBlockByHash": lambda w3, block, full: w3.eth.get_block(block, full),
    "eth_getBlockReceipts": lambda w3, block: w3.eth.get_block_receipts(block),
    "eth_getBlockTransactionCountByNumber": lambda w3, block: w3.eth.get_block_transaction_count(block),
    "eth_getBlockTransactionCountByHash": lambda w3, block: w3.eth.get_block_transaction_count(block),
    "eth_getTransactionByHash": lambda w3, tx: w3.eth.get_transaction(tx),
    "eth_getTransactionByBlockNumberAndIndex": lambda w3, *at: w3.eth.get_transaction_by_block(*at),
    "eth_getTransactionByBlockHashAndIndex": lambda w3, *at: w3.eth.get_transaction_by_block(*at),
    "eth_getTransactionReceipt": lambda w3, tx: w3.eth.get_transaction_receipt(tx),
    "eth_getRawTransactionByHash": lambda w3, tx: w3.eth.get_raw_transaction(tx),
    "eth_call": lambda w3, what, *rest: w3.eth.call(_transaction(what), *rest[:1]) if len(rest) < 2 else None,
    "eth_estimateGas": lambda w3, what, *block: w3.eth.estimate_gas(_transaction(what), *block),
    "eth_createAccessList": lambda w3, what, *block: w3.eth.create_access_list(_transaction(what), *block),
    "eth_getLogs": lambda w3, given: w3.eth.get_logs(given),
    "eth_sign": lambda w3, who, text: w3.eth.sign(_address(who), hexstr=text),
    "txpool_status": lambda w3: w3.geth.txpool.status(),
    "txpool_inspect": lambda w3: w3.geth.txpool.inspect(),
    "txpool_content": lambda w3: w3.geth.txpool.content(),
}


def _deployed(w3: Web3) -> Any:
    factory = w3.eth.contract(abi=PROBE["abi"], bytecode=PROBE["bytecode"])
    receipt = w3.eth.wait_for_transaction_receipt(factory.constructor(7).transact({"from": _address(ACCOUNT)}))
    return w3.eth.contract(_address(str(receipt["contractAddress"])), abi=PROBE["abi"])


def _contract_task(w3: Web3, ws_url: str = "") -> Any:
    contract = _deployed(w3)
    receipt = w3.eth.wait_for_transaction_receipt(contract.functions.store(1, 2).transact({"from": ACCOUNT}))
    (event,) = contract.events.Stored().process_receipt(receipt)
    return [receipt["status"], contract.functions.values(1).call(), event["args"]]


def _error_task(w3: Web3, ws_url: str = "") -> Any:
    try:
        _deployed(w3).functions.atLeast(1, 5).call()
    except ContractCustomError as error:
        return error.data
    raise AssertionError("It did not revert.")


def _batch_task(w3: Web3, ws_url: str) -> Any:
    with w3.batch_requests() as batch:
        batch.add(w3.eth.get_balance(_address(ACCOUNT), 0))
        batch.add(w3.eth.get_code(_address(ACCOUNT)))
        return batch.execute()


def _socket_task(w3: Web3, ws_url: str) -> Any:
    """How much higher the block is that a subscription pushes; web3.py's own subscriptions are asynchronous."""
    return asyncio.run(_heard(w3, ws_url))


async def _heard(w3: Web3, ws_url: str) -> Any:
    async with AsyncWeb3(WebSocketProvider(ws_url)) as socket:
        before = await socket.eth.block_number
        await socket.eth.subscribe("newHeads")
        await socket.eth.send_transaction({"from": ACCOUNT, "to": ACCOUNT, "value": 1})  # type: ignore[typeddict-item]
        message = await anext(aiter(socket.socket.process_subscriptions()))
        return message["result"]["number"] - before  # type: ignore[index, typeddict-item, operator]


CONTRACT_TASKS: dict[str, Callable[..., Any]] = {
    "contract: deploy, send, read, decode event": _contract_task,
    "contract: decode a custom error": _error_task,
}
_WEB3_TASKS: dict[str, Callable[[Web3, str], Any]] = {
    **CONTRACT_TASKS,
    "requests in a batch": _batch_task,
    "subscription over a WebSocket": _socket_task,
}
