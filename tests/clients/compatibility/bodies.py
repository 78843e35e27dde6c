"""Bodies that are not quite right, and batches: what each node answers, by error codes and the ids that come back."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

SAID = [
    "Where the two differ, devnet keeps to JSON-RPC 2.0 (-32700 for what is not JSON; the good ones of a batch are",
    "answered), and forgives a missing version and an empty object as parameters.",
]
_CALL = '"jsonrpc":"2.0","id":1,"method":"eth_chainId"'
BODIES = {
    "not JSON": "{",
    "an empty body": "",
    "a number": "17",
    "no method": '{"jsonrpc":"2.0","id":1}',
    "a method that is a number": '{"jsonrpc":"2.0","id":1,"method":17}',
    "no version": '{"id":1,"method":"eth_chainId"}',
    "another version": '{"jsonrpc":"1.0","id":1,"method":"eth_chainId"}',
    "no params": f"{{{_CALL}}}",
    "params that are null": f'{{{_CALL},"params":null}}',
    "params by name": f'{{{_CALL},"params":{{}}}}',
    "too many params": f'{{{_CALL},"params":[1,2,3]}}',
    "an unknown method": '{"jsonrpc":"2.0","id":1,"method":"eth_nothing","params":[]}',
    "an id that is text": '{"jsonrpc":"2.0","id":"a","method":"eth_chainId","params":[]}',
    "an id that is null": '{"jsonrpc":"2.0","id":null,"method":"eth_chainId","params":[]}',
    "no id (a notification)": '{"jsonrpc":"2.0","method":"eth_chainId","params":[]}',
    "an empty batch": "[]",
    "a batch of two": f'[{{{_CALL}}},{{"jsonrpc":"2.0","id":2,"method":"eth_blockNumber"}}]',
    "a batch with a bad one": f"[17,{{{_CALL}}}]",
    "a batch with an unknown method": f'[{{{_CALL}}},{{"jsonrpc":"2.0","id":2,"method":"eth_nothing"}}]',
    "a batch with a notification": f'[{{{_CALL}}},{{"jsonrpc":"2.0","method":"eth_blockNumber"}}]',
}


def answer(url: str, body: str) -> str:
    """The answer in short: `id 1: "0x7a69"`, `id null: error -32700`; of a batch, all in their order."""
    request = urllib.request.Request(url, body.encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            text = response.read().decode()
    except urllib.error.HTTPError as error:
        text, status = error.read().decode(), f"HTTP {error.code}"
        return f"{status}, {_short(text)}" if text.startswith(("{", "[")) else status
    return _short(text)


def _short(text: str) -> str:
    if not text:
        return "nothing"
    found = json.loads(text)
    return "; ".join(map(_one, found)) if isinstance(found, list) else _one(found)


def _one(found: dict[str, Any]) -> str:
    what = f"error {found['error']['code']}" if "error" in found else json.dumps(found["result"])
    return f"id {json.dumps(found.get('id'))}: {what}"


def section(ours: str, theirs: str) -> list[str]:
    """The lines of the page for two nodes' URLs."""
    rows = [f"| {name} | {answer(ours, body)} | {answer(theirs, body)} |" for name, body in BODIES.items()]
    head = [
        "## Requests that are not quite right, and batches",
        *SAID,
        "",
        "| body | devnet | Anvil |",
        "| --- | --- | --- |",
    ]
    return [*head, *rows, ""]
