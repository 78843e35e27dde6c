"""Ask two nodes the same and print where their answers differ: in codes, members, gas and other values.

    anvil --port 8546 --hardfork prague --timestamp 1700000000 &
    hardhat-free-devnet --port 8545 &
    python scripts/compare.py http://127.0.0.1:8545 http://127.0.0.1:8546

Both must be fresh. Values that depend on time, on chance or on the client's name are not compared.
"""

from __future__ import annotations

import sys
from typing import Any

import httpx
from compare_answers import differences, short
from compare_steps import STEPS

CLIENT = httpx.Client(timeout=60)


def ask(url: str, method: str, params: list[Any]) -> Any:
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    answer = CLIENT.post(url, json=message).json()
    return answer.get("error", answer.get("result"))


def main() -> None:
    ours, theirs = sys.argv[1:3]
    for method, params in STEPS:
        answers = ask(ours, method, params), ask(theirs, method, params)
        for line in differences(*answers):
            print(f"{method}{short(params)[:70]}{line}")


main()
