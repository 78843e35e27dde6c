"""The four clients: each asks a node all steps, by raw requests and by its own typed calls, and does whole tasks."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable
from typing import Any

from hexbytes import HexBytes
from web3 import HTTPProvider, Web3
from web3.exceptions import ContractCustomError, Web3Exception

from tests.clients.anvil import CAST
from tests.clients.wallets import run_script

from .steps import PROBE, Step

Answers = dict[str, Any]
ACCOUNT = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
SETTLE_POLLS = 10
_ERROR = re.compile(r"error code (-?\d+)")


def drive_script(library: str, url: str, ws_url: str, steps: list[Step]) -> Answers:
    """viem or ethers, in Node."""
    probe = {"abi": PROBE["abi"], "bytecode": PROBE["bytecode"], "account": ACCOUNT}
    job = {"url": url, "wsUrl": ws_url, "steps": steps, "probe": probe}
    answers: Answers = run_script("compatibility/drive.mjs", job, library)
    return answers


Ask = Callable[[str, list[Any]], Answers]


def _loop(steps: list[Step], ask: Ask, typed: Callable[..., Any], look: Ask | None = None) -> list[Answers]:
    """The answers to all steps. `look` looks for receipts in between, where `ask` shall not."""
    saved: dict[str, Any] = {}

    def filled(value: Any) -> Any:
        if isinstance(value, list):
            return [filled(item) for item in value]
        return saved.get(value, value) if isinstance(value, str) else value

    answers = []
    for step in steps:
        given = filled(step["params"])
        answer = ask(step["method"], given)
        if name := step.get("save"):
            result = answer.get("result")
            saved[name] = result["hash"] if isinstance(result, dict) else result
        if step.get("plain") and (found := typed(step["method"], given)) is not None:
            answer["typed"] = found
        answers.append(answer)
        if "send" in step["method"] and isinstance(answer.get("result"), str):
            _settle(look or ask, answer["result"])
    return answers


def _settle(ask: Ask, sent: str) -> None:
    """Gives a node that answers before its block is there the time to make it, if it will."""
    for _ in range(SETTLE_POLLS):
        if ask("eth_getTransactionReceipt", [sent]).get("result"):
            return
        time.sleep(0.01)


# web3.py


def drive_web3(url: str, ws_url: str, steps: list[Step]) -> Answers:
    w3 = Web3(HTTPProvider(url, exception_retry_configuration=None))

    def ask(method: str, params: list[Any]) -> Answers:
        return _plain(w3.provider, method, params)

    def typed(method: str, params: list[Any]) -> Any:
        call = _WEB3.get(method)
        if call is None:
            return None
        try:
            return {"result": json.loads(Web3.to_json(call(w3, *params)))}
        except Web3Exception as error:
            return {"error": type(error).__name__}

    answers = _loop(steps, ask, typed)
    tasks = {name: {"result": json.loads(Web3.to_json(task(w3, ws_url)))} for name, task in _WEB3_TASKS.items()}
    return {"answers": answers, "tasks": tasks}


def _plain(provider: Any, method: str, params: list[Any]) -> Answers:
    answer = provider.make_request(method, params)
    return {"error": answer["error"]["code"]} if "error" in answer else {"result": answer["result"]}


def _address(text: str) -> Any:
    return Web3.to_checksum_address(text)


def _transaction(given: dict[str, Any]) -> Any:
    return {name: _address(value) if name in ("from", "to") else value for name, value in given.items()}


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
    "eth_signTypedData_v4": lambda w3, who, document: w3.eth.sign_typed_data(_address(who), json.dumps(document)),
    "txpool_status": lambda w3: w3.geth.txpool.status(),
    "txpool_inspect": lambda w3: w3.geth.txpool.inspect(),
    "txpool_content": lambda w3: w3.geth.txpool.content(),
}
_WEB3.pop("eth_signTypedData_v4")  # web3.py asks for eth_signTypedData, and gives the document as text


def _deployed(w3: Web3) -> Any:
    factory = w3.eth.contract(abi=PROBE["abi"], bytecode=PROBE["bytecode"])
    receipt = w3.eth.wait_for_transaction_receipt(factory.constructor(7).transact({"from": _address(ACCOUNT)}))
    return w3.eth.contract(_address(str(receipt["contractAddress"])), abi=PROBE["abi"])


def _contract_task(w3: Web3, ws_url: str) -> Any:
    contract = _deployed(w3)
    receipt = w3.eth.wait_for_transaction_receipt(contract.functions.store(1, 2).transact({"from": ACCOUNT}))
    (event,) = contract.events.Stored().process_receipt(receipt)
    return [receipt["status"], contract.functions.values(1).call(), event["args"]]


def _error_task(w3: Web3, ws_url: str) -> Any:
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
    """What a subscription pushes, without hashes: web3.py's own subscriptions are asynchronous."""
    import asyncio

    return asyncio.run(_heard(w3, ws_url))


async def _heard(w3: Web3, ws_url: str) -> Any:
    from web3 import AsyncWeb3, WebSocketProvider

    async with AsyncWeb3(WebSocketProvider(ws_url)) as socket:
        before = await socket.eth.block_number
        await socket.eth.subscribe("newHeads")
        await socket.eth.send_transaction({"from": ACCOUNT, "to": ACCOUNT, "value": 1})  # type: ignore[typeddict-item]
        async for message in socket.socket.process_subscriptions():
            return message["result"]["number"] - before  # type: ignore[index, typeddict-item, operator]


_WEB3_TASKS: dict[str, Callable[[Web3, str], Any]] = {
    "contract: deploy, send, read, decode event": _contract_task,
    "contract: decode a custom error": _error_task,
    "requests in a batch": _batch_task,
    "subscription over a WebSocket": _socket_task,
}


# cast


def drive_cast(url: str, ws_url: str, steps: list[Step]) -> Answers:
    """By `cast rpc` each method once; the other steps go past it, since a process for each would take long."""
    passed, through = HTTPProvider(url, exception_retry_configuration=None), set[str]()

    def run(*words: str) -> Answers:
        command = [str(CAST), words[0], "--rpc-url", url, *words[1:]]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        if done.returncode == 0:
            return {"result": _value(done.stdout)}
        code = _ERROR.search(done.stderr)
        return {"error": int(code[1]) if code else done.stderr.strip().splitlines()[0]}

    def ask(method: str, params: list[Any]) -> Answers:
        if method in through:
            return {**_plain(passed, method, params), "past": True}
        through.add(method)
        return run("rpc", method, "--raw", json.dumps(params))

    def typed(method: str, params: list[Any]) -> Any:
        words = _CAST.get(method)
        return None if words is None else run(*words(*params))

    answers = _loop(steps, ask, typed, lambda method, params: _plain(passed, method, params))
    return {"answers": answers, "tasks": _cast_tasks(run)}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()


def _at(block: tuple[str, ...]) -> list[str]:
    return ["--block", *block] if block else []


_CAST: dict[str, Callable[..., list[str]]] = {
    "eth_chainId": lambda: ["chain-id"],
    "eth_blockNumber": lambda: ["block-number"],
    "eth_gasPrice": lambda: ["gas-price"],
    "web3_clientVersion": lambda: ["client"],
    "eth_getBalance": lambda who, *block: ["balance", who, *_at(block)],
    "eth_getTransactionCount": lambda who, *block: ["nonce", who, *_at(block)],
    "eth_getCode": lambda who, *block: ["code", who, *_at(block)],
    "eth_getStorageAt": lambda who, slot, *block: ["storage", who, slot, *_at(block)],
    "eth_getProof": lambda who, slots, *block: ["proof", who, *slots, *_at(block)],
    "eth_getBlockByNumber": lambda block, full: ["block", block, "--json", *(["--full"] if full else [])],
    "eth_getTransactionByHash": lambda tx: ["tx", tx, "--json"],
    "eth_getTransactionReceipt": lambda tx: ["receipt", tx, "--json", "--async"],
}


def _cast_tasks(run: Callable[..., Answers]) -> dict[str, Answers]:
    sender = ["--from", ACCOUNT, "--unlocked"]
    made = run("send", "--json", *sender, "--create", PROBE["bytecode"] + (7).to_bytes(32).hex())["result"]
    address = str(made["contractAddress"])
    sent = run("send", "--json", *sender, address, "store(uint256,uint256)", "1", "2")["result"]
    read = run("call", address, "values(uint256)(uint256)", "1")["result"]
    refused = run("call", address, "atLeast(uint256,uint256)(uint256)", "1", "5")
    return {
        "contract: deploy, send, read, decode event": {
            "result": [sent["status"], read, [str(HexBytes(topic).hex()) for topic in sent["logs"][0]["topics"]]]
        },
        "contract: decode a custom error": {"result": refused["error"]},
    }


DRIVERS: dict[str, Callable[[str, str, list[Step]], Answers]] = {
    "web3.py": drive_web3,
    "viem": lambda url, ws, steps: drive_script("viem", url, ws, steps),
    "ethers": lambda url, ws, steps: drive_script("ethers", url, ws, steps),
    "cast": drive_cast,
}
