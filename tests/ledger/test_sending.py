"""Transactions that are dropped, reorganised away or overtaken, and those that wait for their confirmations."""

from __future__ import annotations

import json

import pytest

from contrafact.errors import ChainError
from contrafact.ledger.sending import TookItsPlace

from .proxy import Request, proxy
from .sent import Town, beside, wait_for


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
