"""Many transactions: the node signs for its own accounts, and mines each as it comes."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from contrafact.ledger.calls import Call
from contrafact.wiring import Site

from .crooked import rpc

AT_ONCE = 100
GAS = hex(3_000_000)
PATIENCE = 60.0

Sent = tuple[str, Call]
"""Who sends what."""


def send_all(site: Site, calls: Iterable[Sent]) -> None:
    """Sends calls, those of each sender in their order. Fails where one is reverted."""
    rows, nonces = iter(calls), dict[str, int]()
    while some := list(islice(rows, AT_ONCE)):
        transactions = [_transaction(site, nonces, *row) for row in some]
        hashes = [[sent] for one in transactions for sent in _batch(site, "eth_sendTransaction", [[one]])]
        receipts = _receipts(site, hashes)
        failed = [row[1].function.fn_name for row, receipt in zip(some, receipts, strict=True) if _failed(receipt)]
        assert not failed, failed


def _receipts(site: Site, hashes: Sequence[list[Any]]) -> list[Any]:
    end = time.monotonic() + PATIENCE
    while None in (found := list(_batch(site, "eth_getTransactionReceipt", hashes))):
        assert time.monotonic() < end, "the node does not mine"
        rpc(site, "evm_mine")  # what did not fit into one block waits for the next transaction
    return found


def _transaction(site: Site, nonces: dict[str, int], sender: str, call: Call) -> dict[str, str]:
    """Numbered here, so that nothing is waited for in between."""
    nonce = nonces.setdefault(sender, site.connection.nonce(sender))
    nonces[sender] += 1
    data, value = call.function._encode_transaction_data(), hex(call.value)
    return {"from": sender, "to": call.target, "data": data, "value": value, "gas": GAS, "nonce": hex(nonce)}


def _failed(receipt: Any) -> bool:
    return int(receipt["status"], 16) != 1


def _batch(site: Site, method: str, parameters: Sequence[list[Any]]) -> Iterator[Any]:
    body = [{"jsonrpc": "2.0", "id": i, "method": method, "params": row} for i, row in enumerate(parameters)]
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(site.settings.rpc_url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=120) as response:
        answers = sorted(json.load(response), key=lambda answer: answer["id"])
    errors = [answer["error"] for answer in answers if "error" in answer]
    assert not errors, errors[:1]
    return (answer["result"] for answer in answers)
