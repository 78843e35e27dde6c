"""Several nodes, of which some fail, limit requests, lag behind or serve another chain."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from email.utils import formatdate

import pytest

from contrafact.errors import ChainError
from contrafact.ledger.connection import Connection
from contrafact.ledger.policy import Policy
from contrafact.ledger.reader import Reader
from hardhat_free_devnet import Devnet
from tests.clients.anvil import Anvil

from .proxy import Counted, Status, dead_url, every, proxy
from .scene import Scene


@pytest.mark.parametrize("answer", [Status(503), Status(401), Status(502, body=b"<html>"), b"<html>", b""])
def test_another_node_answers_for_one_that_fails(node: Devnet, answer: Status | bytes) -> None:
    with proxy(node.url, lambda request: answer) as bad:
        assert Connection.open(f"{bad},{node.url}").chain_id == node.chain_id


def test_another_node_answers_for_one_that_is_gone(node: Devnet) -> None:
    assert Connection.open(f"{dead_url()} , {node.url}").head() >= 0


def test_node_that_failed_is_left_alone_for_a_while(node: Devnet) -> None:
    bad, good = Counted(lambda request: Status(503, {"Retry-After": "600"})), Counted()
    with proxy(node.url, bad) as first, proxy(node.url, good) as second:
        connection = Connection.open(f"{first},{second}")
        for _ in range(5):
            connection.head()
    assert bad.asked.total() == 1
    assert good.asked["eth_blockNumber"] >= 5


def test_node_that_said_when_to_come_again_is_not_asked_before_though_the_other_fails(node: Devnet) -> None:
    limited, dying = Counted(lambda request: Status(429, {"Retry-After": "600"})), Counted()
    with proxy(node.url, limited) as first, proxy(node.url, dying) as second:
        connection = Connection.open(f"{first},{second}", policy=Policy(patience_seconds=1.5))
        dying.refuse = lambda request: Status(503)
        with pytest.raises(ChainError, match=r"HTTP 503.*HTTP 429"):
            connection.head()
    assert limited.asked.total() == 1
    assert dying.asked["eth_blockNumber"] > 1


def test_all_nodes_that_failed_are_named_with_their_reasons(node: Devnet) -> None:
    gone = dead_url()
    with proxy(node.url, lambda request: Status(503)) as bad, pytest.raises(ChainError) as caught:
        Connection.open(f"{bad}/v1/s3cr3t,{gone}/?key=s3cr3t")
    assert f"{bad} (HTTP 503)" in str(caught.value)
    assert f"{gone} (ConnectionError)" in str(caught.value)
    assert "s3cr3t" not in str(caught.value)


def test_every_third_request_failing_disturbs_nothing(scene: Scene, node: Devnet) -> None:
    with proxy(node.url, every(3, Status(500))) as url:
        reader = Reader(Connection.open(url), scene.deployment)
        assert reader.works() == scene.reader.works()
        assert reader.terms_history() == scene.reader.terms_history()


@pytest.mark.parametrize(
    "answer",
    [
        Status(429),
        Status(429, {"Retry-After": "1"}),
        Status(429, {"Retry-After": formatdate(usegmt=True)}),
        "project ID request rate exceeded",
        "daily request count exceeded, request rate limited",
        "Too many requests, try again later",
        b'{"jsonrpc":"2.0","id":1,"error":{"code":429,"message":"compute units"}}',
    ],
)
def test_node_that_limits_requests_is_asked_again_later(
    scene: Scene, node: Devnet, answer: str | bytes | Status
) -> None:
    with proxy(node.url, every(2, answer)) as url:
        reader = Reader(Connection.open(url), scene.deployment)
        assert reader.current_version(scene.works[0]) == 2


def test_node_that_never_stops_limiting_is_said_to_do_so(node: Devnet) -> None:
    with (
        proxy(node.url, lambda request: Status(429)) as url,
        pytest.raises(ChainError, match="no more requests") as error,
    ):
        Connection.open(url, policy=Policy(patience_seconds=1.0))
    assert "CONTRAFACT_RPC_URL" in error.value.hint


def test_wait_that_a_node_asks_for_is_not_longer_than_the_patience(node: Devnet) -> None:
    limited = Counted(lambda request: Status(429, {"Retry-After": "3600"}))
    with proxy(node.url, limited) as url, pytest.raises(ChainError, match="HTTP 429"):
        Connection.open(url)
    assert limited.asked.total() == 1


def test_revert_that_speaks_of_a_limit_is_a_revert(node: Devnet) -> None:
    refusal = b'{"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"execution reverted: rate limit exceeded"}}'
    counted = Counted(lambda request: refusal if request["method"] == "eth_getBalance" else None)
    with proxy(node.url, counted) as url, pytest.raises(ChainError, match="rate limit exceeded"):
        Connection.open(url).balance("0x" + "11" * 20)
    assert counted.asked["eth_getBalance"] == 1


def test_node_behind_the_newest_block_does_not_take_over(start_anvil: Callable[..., Anvil]) -> None:
    ahead, behind = start_anvil(), start_anvil()
    ahead.rpc("anvil_mine", [hex(5)])
    gone = Counted()
    with proxy(ahead.url, lambda request: gone(request)) as url:
        connection = Connection.open(f"{url},{behind.url}", policy=Policy(patience_seconds=2.0))
        assert connection.head() == 5
        gone.refuse = lambda request: Status(503)
        with pytest.raises(ChainError, match="behind, at block 0 of 5"):
            connection.head()
        behind.rpc("anvil_mine", [hex(5)])
        assert connection.head() == 5


def test_node_that_lacks_a_block_gives_way_to_one_that_has_it(node: Devnet) -> None:
    lacking = Counted(lambda request: "header not found" if request["method"] == "eth_getBalance" else None)
    with proxy(node.url, lacking) as url:
        assert Connection.open(f"{url},{node.url}").balance(node.accounts[0].address) > 0
        with pytest.raises(ChainError, match="header not found"):
            Connection.open(url).balance(node.accounts[0].address)


def test_websocket_reads_what_http_reads(anvil: Anvil) -> None:
    anvil.rpc("anvil_mine", [hex(3)])
    connection = Connection.open(anvil.ws_url)
    try:
        assert connection.head() == 3
        assert connection.balance(anvil.account(1).address) == 10_000 * 10**18
    finally:
        connection.close()


def test_websocket_that_broke_is_opened_again(start_anvil: Callable[..., Anvil]) -> None:
    with ExitStack() as stack:
        node = stack.enter_context(Anvil())
        connection = Connection.open(node.ws_url)
        stack.callback(connection.close)
        node.stop()
        with pytest.raises(ChainError, match="cannot be reached"):
            connection.head()
        with node:
            assert connection.head() == 0


def test_node_of_another_chain_does_not_take_over(node: Devnet, start_anvil: Callable[..., Anvil]) -> None:
    other, broken = start_anvil("--chain-id", "4242"), Counted()
    other.rpc("anvil_mine", [hex(1_000)])
    with proxy(node.url, broken) as url:
        connection = Connection.open(f"{url},{other.url}")
        broken.refuse = lambda request: Status(503)
        with pytest.raises(ChainError, match="serves another chain"):
            connection.head()
