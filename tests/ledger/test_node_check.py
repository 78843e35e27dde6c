"""What a node lacks is said, each lack by its own check, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from contrafact.ledger.checklist import Check, Verdict
from contrafact.ledger.endpoints import open_endpoints
from contrafact.ledger.networks import FeeKind, Network, network
from contrafact.ledger.node_check import check_node
from contrafact.ledger.probing import Probe
from hardhat_free_devnet import Devnet
from tests.clients.anvil import Anvil, missing

from .proxy import Status, every, limit_logs, no_batches, proxy

SEPOLIA = network("sepolia")


def checks(url: str, wanted: Network | None = None, wait: float = 0) -> dict[str, Check]:
    (endpoint,) = open_endpoints(url, 5)
    return {check.name: check for check in check_node(Probe(endpoint), wanted, wait_seconds=wait)}


def refused(node: str, refuse: Any, wanted: Network | None = None) -> dict[str, Check]:
    """What is not ok behind a proxy that refuses these requests, apart from what a chain at rest always is."""
    with proxy(node, lambda request: None if isinstance(request, list) else refuse(request)) as url:
        found = checks(url, wanted)
    return {name: one for name, one in found.items() if one.verdict is not Verdict.OK and name != "new blocks"}


def only(method: str, answer: str | Status) -> Any:
    return lambda request: answer if request["method"] == method else None


@pytest.fixture(scope="module")
def _long_chain() -> Iterator[Anvil]:
    if reason := missing():
        pytest.skip(reason)
    with Anvil("--chain-id", "11155111") as node:
        node.rpc("anvil_mine", [hex(1200)])
        yield node


@pytest.fixture
def sepolia(_long_chain: Anvil) -> Anvil:
    """A node that could be one of Sepolia: its chain id, its fees, some 1,200 blocks, the newest of now."""
    _long_chain.rpc("anvil_mine", ["0x1"])
    return _long_chain


def test_the_development_chain_will_do(node: Devnet) -> None:
    found = checks(node.url)
    assert {one.name for one in found.values() if one.verdict is Verdict.FAIL} == set()


def test_a_public_networks_node_will_do(start_anvil: Callable[..., Anvil]) -> None:
    node = start_anvil("--chain-id", "11155111", "--block-time", "1")
    found = checks(node.url, SEPOLIA, wait=10)
    assert {one.verdict for one in found.values()} == {Verdict.OK}
    assert found["chain"].found == "sepolia, chain id 11155111"


def test_a_node_that_is_not_there_fails_at_once() -> None:
    (check,) = checks("http://127.0.0.1:1").values()
    assert (check.name, check.verdict) == ("answers", Verdict.FAIL)


def test_what_answers_in_another_way_than_a_node_fails(node: Devnet) -> None:
    with proxy(node.url, lambda request: b"<html>") as url:
        (check,) = checks(url).values()
    assert "no JSON" in check.found


def test_a_url_is_named_without_the_key_in_it(node: Devnet) -> None:
    (check,) = checks("http://127.0.0.1:1/v3/secret").values()
    assert "secret" not in check.found


def test_another_chain_fails(node: Devnet) -> None:
    assert checks(node.url, SEPOLIA)["chain"].verdict is Verdict.FAIL


def test_no_new_block_is_warned_of(sepolia: Anvil) -> None:
    assert checks(sepolia.url, SEPOLIA)["new blocks"].verdict is Verdict.WARN


def test_an_old_head_fails(start_anvil: Callable[..., Anvil]) -> None:
    node = start_anvil("--chain-id", "11155111", "--timestamp", "1700000000")
    assert checks(node.url, SEPOLIA)["head"].verdict is Verdict.FAIL


def test_blocks_without_a_base_fee_fail_unless_the_network_has_none(start_anvil: Callable[..., Anvil]) -> None:
    node = start_anvil("--chain-id", "4242", "--hardfork", "berlin")
    assert checks(node.url)["fees"].verdict is Verdict.FAIL
    legacy = Network(name="old", chain_id=4242, fees=FeeKind.LEGACY)
    assert checks(node.url, legacy)["fees"].verdict is Verdict.OK


@pytest.mark.parametrize(
    ("blocks", "verdict", "found"),
    [(2_000, Verdict.OK, "12"), (1_000, Verdict.OK, "1000 blocks"), (50, Verdict.WARN, "only 10 blocks")],
)
def test_the_longest_range_of_logs_is_found(sepolia: Anvil, blocks: int, verdict: Verdict, found: str) -> None:
    with proxy(sepolia.url, lambda request: None if isinstance(request, list) else limit_logs(blocks)(request)) as url:
        check = checks(url, SEPOLIA)["eth_getLogs"]
    assert check.verdict is verdict
    assert found in check.found


@pytest.mark.parametrize(
    ("kept", "verdict", "found"),
    [(5_000, Verdict.OK, "1000 blocks back"), (200, Verdict.OK, "128 blocks back"), (40, Verdict.WARN, "only 32"),
     (1, Verdict.FAIL, "not 4 blocks back: missing trie node")],
)  # fmt: skip
def test_how_far_back_state_is_kept_is_found(sepolia: Anvil, kept: int, verdict: Verdict, found: str) -> None:
    head = int(sepolia.rpc("eth_blockNumber"), 16)

    def pruned(request: dict[str, Any]) -> str | None:
        if request["method"] not in ("eth_call", "eth_getBalance"):
            return None
        return "missing trie node" if head - int(request["params"][1], 16) > kept else None

    check = refused(sepolia.url, pruned, SEPOLIA).get("old state")
    assert (check is None) == (verdict is Verdict.OK)
    if check:
        assert check.verdict is verdict
        assert found in check.found


@pytest.mark.parametrize(
    ("method", "name", "verdict"),
    [
        ("eth_feeHistory", "fees", Verdict.WARN),
        ("eth_getLogs", "eth_getLogs", Verdict.FAIL),
        ("eth_getTransactionCount", "pending count", Verdict.FAIL),
        ("eth_estimateGas", "gas estimates", Verdict.FAIL),
        ("eth_sendRawTransaction", "sending", Verdict.FAIL),
    ],
)
def test_a_method_that_is_missing_is_found(sepolia: Anvil, method: str, name: str, verdict: Verdict) -> None:
    found = refused(sepolia.url, only(method, "the method does not exist / is not available"), SEPOLIA)
    assert {one.name: one.verdict for one in found.values()} == {name: verdict}


def test_a_node_without_finality_is_warned_of(sepolia: Anvil) -> None:
    def refuse(request: dict[str, Any]) -> str | None:
        return "unknown block tag" if request["params"][:1] == ["finalized"] else None

    found = refused(sepolia.url, refuse, SEPOLIA)
    assert {one.name: one.verdict for one in found.values()} == {"finality": Verdict.WARN}


def test_a_node_without_batches_is_warned_of(sepolia: Anvil) -> None:
    with proxy(sepolia.url, no_batches(b"{}")) as url:
        assert checks(url, SEPOLIA)["batches"].verdict is Verdict.WARN


def test_a_limit_of_requests_is_met_and_said(sepolia: Anvil) -> None:
    limited = every(5, Status(429))
    turn = only("eth_blockNumber", "")
    found = refused(sepolia.url, lambda request: limited(request) if turn(request) is not None else None, SEPOLIA)
    assert found["rate limit"].verdict is Verdict.WARN
    assert "8 refused: HTTP 429" in found["rate limit"].found
