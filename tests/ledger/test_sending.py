"""Transactions that are stuck, dropped, reorganised away, overtaken, or lost on their way to the node."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from contrafact.errors import ChainError
from contrafact.ledger.sending import TookItsPlace
from tests.clients.anvil import Anvil

from .proxy import Request, Status, proxy
from .sent import Town, beside, wait_for


@pytest.fixture
def town(anvil: Anvil) -> Town:
    return Town.on(anvil)


def test_stuck_transaction_is_replaced_with_both_fees_an_eighth_higher(town: Town) -> None:
    town.stop_mining()
    connection = town.open(replace_seconds=0.5)
    with beside(lambda: town.send(connection)) as (sending,):
        (first,) = wait_for(town.waiting)
        (second,) = wait_for(lambda: [row for row in town.waiting() if row["hash"] != first["hash"]])
        wait_for(lambda: town.mine() or sending.done())
    assert second["nonce"] == first["nonce"]
    for fee in ("maxFeePerGas", "maxPriorityFeePerGas"):
        assert int(second[fee], 16) * 8 >= int(first[fee], 16) * 9
    assert sending.result()["status"] == 1
    assert (town.sent(), town.minted()) == (1, 1)


def test_first_version_may_be_mined_after_all(town: Town) -> None:
    """The node never hears of the replacements: somebody answers for it."""
    town.stop_mining()
    sent: list[str] = []

    def swallow_replacements(request: Request) -> bytes | None:
        if request["method"] != "eth_sendRawTransaction":
            return None
        sent.append(request["params"][0])
        return None if len(sent) == 1 else json.dumps({"jsonrpc": "2.0", "id": 0, "result": "0x" + "00" * 32}).encode()

    with proxy(town.node.url, swallow_replacements) as url:
        connection = town.open(url, replace_seconds=0.3)
        with beside(lambda: town.send(connection)) as (sending,):
            wait_for(lambda: len(set(sent)) > 2)
            (first,) = town.waiting()
            town.mine()
    assert len(sent) == len(set(sent))  # no version is sent again while the node has any of them
    assert "0x" + sending.result()["transactionHash"].hex() == first["hash"]
    assert town.sent() == 1


def test_replacement_stops_at_the_cap_and_the_error_says_so(town: Town) -> None:
    town.stop_mining()
    cap = town.open().cost(town.mint(town.open()), town.node.account(0).address).fees.highest
    connection = town.open(replace_seconds=0.1, transaction_seconds=1.0, max_fee=cap)
    with pytest.raises(ChainError, match=r"no block holds it yet.*cap of [0-9.]+ gwei"):
        town.send(connection)
    assert [int(row["maxFeePerGas"], 16) for row in town.waiting()] <= [cap]


def test_base_fee_above_the_cap_is_refused_before_anything_is_sent(town: Town) -> None:
    town.node.rpc("anvil_setNextBlockBaseFeePerGas", [hex(7 * 10**9)])
    town.mine()
    with pytest.raises(ChainError, match=r"base fee is [0-9.]+ gwei; at most 2.5 gwei") as caught:
        town.send(town.open(max_fee=2_500_000_000))
    assert "CONTRAFACT_MAX_FEE_GWEI" in caught.value.hint
    assert town.sent() == 0


def test_offer_stays_within_the_cap(town: Town) -> None:
    receipt = town.send(town.open(max_fee=1_200_000_000))
    sent = town.node.rpc("eth_getTransactionByHash", ["0x" + receipt["transactionHash"].hex()])
    assert int(sent["maxFeePerGas"], 16) <= 1_200_000_000


def test_chain_without_a_base_fee_is_paid_a_gas_price(start_anvil: Callable[..., Anvil]) -> None:
    node = start_anvil("--hardfork", "berlin")
    town = Town(node, node.account(8).address)
    receipt = town.send(town.open())
    assert (receipt["status"], receipt["type"]) == (1, 0)


def test_stuck_transaction_with_a_gas_price_is_replaced(start_anvil: Callable[..., Anvil]) -> None:
    node = start_anvil("--hardfork", "berlin", "--no-mining")
    town = Town(node, node.account(8).address)
    connection = town.open(replace_seconds=0.5)
    with beside(lambda: town.send(connection)) as (sending,):
        (first,) = wait_for(town.waiting)
        (second,) = wait_for(lambda: [row for row in town.waiting() if row["hash"] != first["hash"]])
        wait_for(lambda: town.mine() or sending.done())
    assert int(second["gasPrice"], 16) * 8 >= int(first["gasPrice"], 16) * 9


def test_signer_that_does_not_sign_a_replacement_does_not_end_the_waiting(town: Town) -> None:
    class ReluctantFake:
        """Signs once, then refuses."""

        address = town.node.account(0).address
        asked = 0

        def sign_transaction(self, transaction: dict[str, Any], /) -> Any:
            self.asked += 1
            if self.asked > 1:
                raise ChainError("denied by the user")
            return town.node.account(0).sign_transaction(transaction)

        def sign_message(self, message: Any, /) -> Any:
            raise AssertionError

    town.stop_mining()
    connection, signer = town.open(replace_seconds=0.1), ReluctantFake()
    with beside(lambda: connection.send(town.mint(connection), signer)) as (sending,):
        wait_for(lambda: signer.asked > 2)
        town.mine()
        assert sending.result(timeout=60)["status"] == 1


def test_dropped_transaction_is_sent_again_with_the_same_bytes(town: Town) -> None:
    town.stop_mining()
    connection = town.open()
    with beside(lambda: town.send(connection)) as (sending,):
        (first,) = wait_for(town.waiting)
        town.node.rpc("anvil_dropTransaction", [first["hash"]])
        (again,) = wait_for(town.waiting)
        town.mine()
    assert again["hash"] == first["hash"] == "0x" + sending.result()["transactionHash"].hex()


def test_send_waits_for_the_confirmations(town: Town) -> None:
    looked: list[str] = []
    with proxy(town.node.url, lambda request: looked.append(request["method"])) as url:
        connection = town.open(url, confirmations=3)
        with beside(lambda: town.send(connection)) as (sending,):
            for _ in range(2):
                seen = wait_for(lambda: looked.count("eth_getTransactionReceipt") and len(looked))
                wait_for(lambda so_far=seen: len(looked) > so_far + 10)
                assert not sending.done()
                town.mine()
            receipt = sending.result(timeout=60)
    assert town.open().head() == receipt["blockNumber"] + 2


def test_receipt_of_a_block_that_is_not_the_chains_any_more_does_not_count(town: Town) -> None:
    """One of several nodes behind a URL has not heard of the reorganisation yet."""
    stale, given = [True], []

    def remember_wrongly(request: Request) -> bytes | None:
        if request["method"] != "eth_getTransactionReceipt" or not stale:
            return None
        receipt = town.node.rpc(request["method"], request["params"])
        given.append(receipt)
        wrong = receipt and receipt | {"blockHash": "0x" + "66" * 32}
        return json.dumps({"jsonrpc": "2.0", "id": 0, "result": wrong}).encode()

    with proxy(town.node.url, remember_wrongly) as url:
        connection = town.open(url, confirmations=2)
        with beside(lambda: town.send(connection)) as (sending,):
            wait_for(lambda: any(given))
            town.mine(3)
            so_far = len(given)
            wait_for(lambda: len(given) > so_far + 5)
            assert not sending.done()
            stale.clear()
            receipt = sending.result(timeout=60)
    assert "0x" + receipt["blockHash"].hex() == next(filter(None, given))["blockHash"]


def test_transaction_without_confirmations_in_time_is_said_to_be_in_a_block(town: Town) -> None:
    with pytest.raises(ChainError, match=r"is in block \d+, without 2 confirmations yet") as caught:
        town.send(town.open(confirmations=2, transaction_seconds=0.3))
    assert "CONTRAFACT_CONFIRMATIONS" in caught.value.hint


def test_transaction_that_a_reorganisation_drops_is_sent_again(town: Town) -> None:
    connection = town.open(confirmations=4)
    with beside(lambda: town.send(connection, 7)) as (sending,):
        wait_for(town.minted)
        before = town.open().head()
        town.mine()
        town.node.rpc("anvil_reorg", [2, []])
        wait_for(town.minted)
        wait_for(lambda: town.mine() or sending.done())
    receipt = sending.result()
    assert receipt["blockNumber"] > before
    assert connection.web3.eth.get_block(receipt["blockNumber"])["hash"] == receipt["blockHash"]
    assert (town.sent(), town.minted()) == (1, 7)


def test_transaction_whose_place_another_takes_is_an_error(town: Town) -> None:
    town.stop_mining()
    connection, key = town.open(), town.node.account(0)
    with beside(lambda: town.send(connection)) as (sending,):
        (first,) = wait_for(town.waiting)
        other = {"to": key.address, "value": 1, "gas": 21_000, "nonce": 0, "chainId": 31337}
        fees = {"maxFeePerGas": 90 * 10**9, "maxPriorityFeePerGas": 90 * 10**9}
        town.node.rpc("eth_sendRawTransaction", ["0x" + key.sign_transaction(other | fees).raw_transaction.hex()])
        town.mine()
        with pytest.raises(TookItsPlace, match=f"took the place of {first['hash']}"):
            sending.result(timeout=60)
    assert (town.sent(), town.minted()) == (1, 0)


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


def test_transaction_behind_a_stuck_one_is_not_made_dearer(town: Town) -> None:
    """Another program's transaction waits first; only whoever sent it can do something about that."""
    town.stop_mining()
    key = town.node.account(0)
    plain = {"to": key.address, "value": 1, "gas": 21_000, "nonce": 0, "chainId": 31337}
    fees = {"maxFeePerGas": 2 * 10**9, "maxPriorityFeePerGas": 1}
    town.node.rpc("eth_sendRawTransaction", ["0x" + key.sign_transaction(plain | fees).raw_transaction.hex()])
    connection = town.open(replace_seconds=0.1, transaction_seconds=1.5)
    with pytest.raises(ChainError, match=f"1 earlier of {key.address} wait before it"):
        town.send(connection)
    assert len(town.waiting()) == 2
