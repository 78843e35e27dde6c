"""cast as the client: `cast rpc`, its own commands, and whole tasks."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from typing import Any

from hexbytes import HexBytes
from web3 import HTTPProvider

from tests.clients.anvil import CAST

from .asking import ACCOUNT, Answers, loop, plain
from .steps import PROBE, Step

_ERROR = re.compile(r"error code (-?\d+)")


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
            return {**plain(passed, method, params), "past": True}
        through.add(method)
        return run("rpc", method, "--raw", json.dumps(params))

    def typed(method: str, params: list[Any]) -> Any:
        words = _CAST.get(method)
        return None if words is None else run(*words(*params))

    answers = loop(steps, ask, typed, lambda method, params: plain(passed, method, params))
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
