"""Ask two nodes the same and print where their answers differ: in codes, members, gas and other values.

    anvil --port 8546 --hardfork prague --timestamp 1700000000 &
    hardhat-free-devnet --port 8545 &
    python scripts/compare.py http://127.0.0.1:8545 http://127.0.0.1:8546

Both must be fresh. Values that depend on time, on chance or on the client's name are not compared.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import httpx
from compare_steps import STEPS

VOLATILE = {
    "hash", "blockHash", "parentHash", "stateRoot", "timestamp", "blockTimestamp", "mixHash", "size",
    "extraData", "message", "id", "accountProof", "reward", "receiptsRoot", "transactionsRoot", "miner",
}  # fmt: skip


def ask(url: str, method: str, params: list[Any]) -> Any:
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    answer = httpx.post(url, json=message, timeout=60).json()
    return answer.get("error", answer.get("result"))


def differences(ours: Any, theirs: Any, path: str = "") -> Iterator[str]:
    """Where two answers differ, by path."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted(ours.keys() | theirs.keys()):
            if name not in ours or name not in theirs:
                yield f"{path}.{name} only {'ours' if name in ours else 'theirs'}"
            elif name not in VOLATILE:
                yield from differences(ours[name], theirs[name], f"{path}.{name}")
            elif (ours[name] is None) != (theirs[name] is None):
                yield f"{path}.{name}: {short(ours[name])} | {short(theirs[name])}"
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for position, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(one, other, f"{path}[{position}]")
    elif ours != theirs:
        yield f"{path}: {short(ours)} | {short(theirs)}"


def short(value: object) -> str:
    return json.dumps(value)[:220]


def main() -> None:
    ours, theirs = sys.argv[1:3]
    for method, params in STEPS:
        answers = ask(ours, method, params), ask(theirs, method, params)
        for line in differences(*answers):
            print(f"{method}{short(params)[:70]}{line}")


main()
