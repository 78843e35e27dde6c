"""Whether a node's endpoint is good enough for this client, and why not."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from contrafact.ledger.checklist import Check, fail, ok, warn
from contrafact.ledger.networks import FeeKind, Network, of_chain
from contrafact.ledger.probing import Answer, Probe

ANOTHER_NODE = "Use another node."
LOG_RANGES = (10_000, 2_000, 1_000, 500, 100, 10, 1)
GOOD_RANGE = 500
DEPTHS = (100_000, 10_000, 1_000, 128, 32, 4)
GOOD_DEPTH = 128
SLOW_SECONDS, LATENCY_ROUNDS = 0.5, 5
BURST, BURST_THREADS = 40, 8
_NO_SUCH_METHOD = ("not found", "not supported", "not available", "not allowed", "unsupported", "http 4", "http 5")
_NOBODY = "0x00000000000000000000000000000000000000aa"
_IDENTITY = {"to": "0x0000000000000000000000000000000000000004", "data": "0xc0ffee"}


def check_node(node: Probe, wanted: Network | None = None, *, wait_seconds: float = 15.0) -> list[Check]:
    """Every check, in order; only the first ones where the node does not answer at all.

    `wanted` is the network that it should serve. A new block is waited for up to `wait_seconds`. The burst that tries
    out the rate limit is 40 requests.
    """
    chain = node.ask("eth_chainId")
    if chain.error:
        found = f"{node.place} does not answer: {chain.error}"
        return [fail("answers", found, "Check the URL, the API key in it, and that the node runs.")]
    network = wanted or of_chain(int(chain.result, 16))
    head = node.ask("eth_getBlockByNumber", "latest", False)
    if head.error or not head.result:
        return [fail("head", head.error or "no newest block", ANOTHER_NODE)]
    number = int(head.result["number"], 16)
    return [
        _chain(int(chain.result, 16), network),
        _age(head.result, network),
        _moves(node, number, network, wait_seconds),
        _fees(node, head.result, network),
        _logs(node, number),
        _archive(node, number),
        _finalized(node, number),
        _batch(node),
        *_methods(node),
        _latency(node),
        _rate(node),
    ]


def _chain(chain_id: int, network: Network) -> Check:
    if chain_id == network.chain_id:
        return ok("chain", f"{network.name}, chain id {chain_id}")
    return fail("chain", f"chain id {chain_id}; {network.name} is {network.chain_id}", "Use a node of that network.")


def _age(head: dict[str, Any], network: Network) -> Check:
    age, late = int(time.time()) - int(head["timestamp"], 16), max(120, int(20 * network.block_seconds))
    found = f"newest block {int(head['number'], 16)} is {age} s old"
    if age < -30:
        return warn("head", f"newest block is {-age} s ahead of this machine's clock", "Set this machine's clock.")
    if age <= late:
        return ok("head", found)
    if network.name == "devnet":
        return warn("head", found, "Nothing to do: a development chain makes blocks when something is sent.")
    return fail("head", found, "The node is behind or the chain stands still: wait, or use another node.")


def _moves(node: Probe, number: int, network: Network, wait_seconds: float) -> Check:
    end = time.monotonic() + wait_seconds
    while time.monotonic() < end:
        answer = node.ask("eth_blockNumber")
        if not answer.error and int(answer.result, 16) > number:
            return ok("new blocks", f"block {int(answer.result, 16)} came while this ran")
        time.sleep(min(network.poll_seconds, max(0.0, end - time.monotonic())))
    found = f"none within {wait_seconds:g} s"
    if network.name == "devnet":
        return warn("new blocks", found, "Nothing to do: a development chain makes blocks when something is sent.")
    return warn(
        "new blocks", found, f"A block takes about {network.block_seconds:g} s here: look again, with --wait 60."
    )


def _fees(node: Probe, head: dict[str, Any], network: Network) -> Check:
    history = node.ask("eth_feeHistory", "0x5", "latest", [50])
    if network.fees is FeeKind.LEGACY:
        return ok("fees", "a gas price; fees by EIP-1559 are not needed")
    if "baseFeePerGas" not in head:
        return fail("fees", "blocks have no base fee (EIP-1559)", 'Name the network in a file, with fees = "legacy".')
    found = f"EIP-1559, base fee {int(head['baseFeePerGas'], 16)} wei"
    if history.error:
        return warn("fees", f"{found}; eth_feeHistory: {history.error}", "Fees are guessed from the newest block.")
    return ok("fees", f"{found}, and eth_feeHistory")


def _logs(node: Probe, head: int) -> Check:
    answer = Answer(None, "", 0)
    for blocks in LOG_RANGES:
        query = {"address": _NOBODY, "fromBlock": hex(max(0, head - blocks + 1)), "toBlock": hex(head)}
        answer = node.ask("eth_getLogs", query)
        if not answer.error:
            tried = min(blocks, head + 1)
            if tried >= min(GOOD_RANGE, head + 1):
                return ok("eth_getLogs", f"{tried} blocks at once")
            advice = "Reading the chain's history will take many requests; a node that permits 1000 blocks is better."
            return warn("eth_getLogs", f"only {tried} blocks at once", advice)
    return fail("eth_getLogs", answer.error, ANOTHER_NODE)


def _archive(node: Probe, head: int) -> Check:
    """How far back calls are answered; an audit reads the state of one block while it runs."""
    depths = [depth for depth in DEPTHS if depth <= head]
    if not depths:
        return ok("old state", f"the chain has {head} blocks only")
    refusal = ""
    for depth in depths:
        answer = node.ask("eth_call", _IDENTITY, hex(head - depth))
        balance = node.ask("eth_getBalance", _NOBODY, hex(head - depth))
        refusal = answer.error or balance.error
        if refusal:
            continue
        if depth >= min(GOOD_DEPTH, max(depths)):
            return ok("old state", f"{depth} blocks back")
        return warn("old state", f"only {depth} blocks back", "An audit that takes longer than these blocks will fail.")
    return fail("old state", f"not {min(depths)} blocks back: {refusal}", ANOTHER_NODE)


def _finalized(node: Probe, head: int) -> Check:
    answer = node.ask("eth_getBlockByNumber", "finalized", False)
    if answer.error or not answer.result:
        return warn("finality", answer.error or "no finalized block", "Blocks are trusted by their depth alone.")
    return ok("finality", f"finalized {head - int(answer.result['number'], 16)} blocks behind the newest")


def _batch(node: Probe) -> Check:
    answer = node.ask_together([("eth_chainId", []), ("eth_blockNumber", [])])
    if answer.error:
        return warn(
            "batches", f"not answered: {answer.error}", "Nothing to do: requests go one by one, which is slower."
        )
    return ok("batches", "several requests in one")


def _methods(node: Probe) -> Iterator[Check]:
    """What sending a transaction needs. An empty one must be refused as one, and not because the method is missing."""
    count = node.ask("eth_getTransactionCount", _NOBODY, "pending")
    gas = node.ask("eth_estimateGas", {"from": _NOBODY, "to": _NOBODY})
    for name, answer in (("pending count", count), ("gas estimates", gas)):
        yield fail(name, answer.error, ANOTHER_NODE) if answer.error else ok(name, "answered")
    sent = node.ask("eth_sendRawTransaction", "0x")
    if not sent.error or any(words in sent.error.lower() for words in _NO_SUCH_METHOD):
        found = sent.error or "an empty transaction was not refused"
        yield fail("sending", found, "Use a node that takes transactions.")
    else:
        yield ok("sending", "an empty transaction was refused as such")


def _latency(node: Probe) -> Check:
    answers = [node.ask("eth_blockNumber") for _ in range(LATENCY_ROUNDS)]
    median = statistics.median(answer.seconds for answer in answers)
    found = f"{median * 1000:.0f} ms, the median of {LATENCY_ROUNDS}"
    if median <= SLOW_SECONDS:
        return ok("latency", found)
    return warn("latency", found, "An audit asks thousands of times: a node nearby is better.")


def _rate(node: Probe) -> Check:
    begun = time.monotonic()
    with ThreadPoolExecutor(BURST_THREADS) as pool:
        answers = list(pool.map(lambda _: node.ask("eth_blockNumber"), range(BURST)))
    refused = [answer.error for answer in answers if answer.error]
    rate = f"{BURST} requests in {time.monotonic() - begun:.1f} s"
    if not refused:
        return ok("rate limit", f"{rate}, all answered")
    advice = "Requests are repeated, slowly; an API key or a node of your own is better."
    return warn("rate limit", f"{rate}, {len(refused)} refused: {refused[0]}", advice)
