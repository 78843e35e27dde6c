"""Answers that are lost, late, stale or in a node's own words; nonces that others take."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from contrafact.errors import ChainError
from tests.clients.anvil import Anvil

from .proxy import Request, Status, proxy
from .sent import Town, beside, wait_for


def test_transaction_that_arrived_although_its_answer_was_lost_counts(town: Town) -> None:
    with proxy(town.node.url, _forward_and_fail(town.node)) as url:
        assert town.send(town.open(url))["status"] == 1
    assert (town.sent(), town.minted()) == (1, 1)


def _forward_and_fail(node: Anvil) -> Callable[[Request], Status | None]:
    def lose(request: Request) -> Status | None:
        if request["method"] != "eth_sendRawTransaction":
            return None
        with suppress(RuntimeError):  # when it is sent a second time
            node.rpc(request["method"], request["params"])
        return Status(503)

    return lose


def test_nonce_that_another_process_took_meanwhile_is_followed_by_the_next(town: Town) -> None:
    """The node that is asked for the nonce has not heard of the account's last transaction."""
    town.send(town.open())
    told: list[str] = []

    def stale(request: Request) -> bytes | None:
        if request["method"] == "eth_getTransactionCount" and request["params"][1] == "pending" and not told:
            told.append("0x0")
            return json.dumps({"jsonrpc": "2.0", "id": 0, "result": "0x0"}).encode()
        return None

    with proxy(town.node.url, stale) as url:
        assert town.send(town.open(url))["status"] == 1
    assert (town.sent(), town.minted(), told) == (2, 2, ["0x0"])


def test_node_that_lags_behind_ones_own_last_transaction_does_not_reuse_its_nonce(town: Town) -> None:
    stale: dict[str, Any] = {}

    def lag(request: Request) -> bytes | None:
        if request["method"] == "eth_getTransactionCount" and stale:
            return json.dumps({"jsonrpc": "2.0", "id": 0, "result": stale["count"]}).encode()
        return None

    with proxy(town.node.url, lag) as url:
        connection = town.open(url)
        town.send(connection)
        stale["count"] = "0x0"
        town.send(connection)
    assert (town.sent(), town.minted()) == (2, 2)


def test_several_threads_wait_for_one_block(town: Town) -> None:
    town.stop_mining()
    connection = town.open()
    with beside(*[lambda: town.send(connection)] * 4) as sending:
        wait_for(lambda: len(town.waiting()) == 4)
        town.mine()
        assert {receipt.result()["blockNumber"] for receipt in sending} == {connection.head()}
    assert (town.sent(), town.minted()) == (4, 4)


def test_chain_that_goes_out_of_sight_leaves_the_transaction_named(town: Town) -> None:
    def blind(request: Request) -> Status | None:
        return Status(503) if request["method"] == "eth_getTransactionReceipt" else None

    unseen = pytest.raises(ChainError, match=r"cannot be reached.* 0x[0-9a-f]{64} is under way")
    with proxy(town.node.url, blind) as url, unseen as caught:
        town.send(town.open(url))
    assert "looked up first" in caught.value.hint


@pytest.mark.parametrize(
    "words",
    [
        "nonce too low: next nonce 5, tx nonce 4",
        "replacement transaction underpriced",
        "OldNonce, Current nonce: 5, nonce of rejected tx: 4",
        "ReplacementNotAllowed",
        "could not replace existing tx",
        "Transaction nonce is below sender's account nonce",
    ],
)
def test_nonce_is_asked_for_again_in_whatever_words_a_node_refuses_it(town: Town, words: str) -> None:
    refused: list[str] = []

    def refuse_once(request: Request) -> str | None:
        if request["method"] != "eth_sendRawTransaction" or refused:
            return None
        refused.append(words)
        return words

    with proxy(town.node.url, refuse_once) as url:
        assert town.send(town.open(url))["status"] == 1
    assert (town.sent(), refused) == (1, [words])


@pytest.mark.parametrize(
    "words", ["already known", "AlreadyKnown", "transaction already imported", "Known transaction"]
)
def test_node_that_has_the_transaction_already_has_it(town: Town, words: str) -> None:
    """Its first answer was lost on the way; what it says to the second differs from node to node."""

    def say_known(request: Request) -> str | None:
        if request["method"] == "eth_sendRawTransaction":
            town.node.rpc(request["method"], request["params"])
            return words
        return None

    with proxy(town.node.url, say_known) as url:
        assert town.send(town.open(url))["status"] == 1
    assert (town.sent(), town.minted()) == (1, 1)
