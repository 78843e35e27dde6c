"""Transactions that wait: gaps, replacement, order, dropping, and modes of mining."""

from __future__ import annotations

import time

import pytest
from eth_account import Account

from conftest import connect
from hardhat_free_devnet import Devnet, DevnetError

GWEI = 10**9


@pytest.fixture
def manual(rpc):
    """No block is made unless asked for."""
    rpc("evm_setAutomine", False)
    yield
    rpc("evm_setAutomine", True)


@pytest.fixture
def send(node, rpc):
    """Send a transfer of an account; returns its hash, or the error."""

    def send(account=1, **changes):
        fields = {
            "to": "0x" + "22" * 20,
            "value": 1,
            "gas": 21_000,
            "nonce": 0,
            "maxFeePerGas": 10 * GWEI,
            "maxPriorityFeePerGas": GWEI,
            "chainId": node.chain_id,
        } | changes
        raw = Account.sign_transaction(fields, node.accounts[account].key).raw_transaction
        answer = rpc("eth_sendRawTransaction", "0x" + raw.hex())
        return answer.get("result") or answer["error"]

    return send


def hashes(block):
    return [item.to_0x_hex() for item in block["transactions"]]


def test_a_gap_in_the_nonces_holds_a_transaction_back_until_it_is_filled(w3, rpc, send, node):
    height = w3.eth.block_number
    third, second = send(nonce=2), send(nonce=1)
    assert w3.eth.block_number == height
    assert rpc("txpool_status")["result"] == {"pending": "0x0", "queued": "0x2"}
    assert w3.eth.get_transaction_count(node.accounts[1].address, "pending") == 0
    first = send(nonce=0)
    assert hashes(w3.eth.get_block("latest")) == [first, second, third]
    assert rpc("txpool_status")["result"] == {"pending": "0x0", "queued": "0x0"}


@pytest.mark.usefixtures("manual")
def test_what_waits_is_seen_as_pending(w3, rpc, send, node):
    sent = send()
    found = rpc("eth_getTransactionByHash", sent)["result"]
    assert (found["blockHash"], found["blockNumber"], found["transactionIndex"]) == (None, None, None)
    assert rpc("eth_getTransactionReceipt", sent)["result"] is None
    pending = rpc("eth_getBlockByNumber", "pending", True)["result"]
    assert [item["hash"] for item in pending["transactions"]] == [sent]
    assert pending["hash"] is None
    assert int(pending["gasUsed"], 16) == 21_000
    target = w3.to_checksum_address("0x" + "22" * 20)
    assert w3.eth.get_balance(target, "pending") == w3.eth.get_balance(target) + 1
    assert w3.eth.get_transaction_count(node.accounts[1].address, "pending") == 1
    assert w3.eth.get_transaction_count(node.accounts[1].address) == 0
    content = rpc("txpool_content")["result"]
    assert content["pending"][node.accounts[1].address.lower()]["0"]["hash"] == sent
    rpc("evm_mine")
    assert w3.eth.get_transaction_receipt(sent)["status"] == 1
    assert w3.eth.get_balance(target, "pending") == w3.eth.get_balance(target)


def test_calls_and_estimates_at_pending_see_what_waits(w3, rpc, probe, manual):
    sent = probe.functions.store(3, 33).transact()
    assert probe.functions.values(3).call(block_identifier="pending") == 33
    assert probe.functions.values(3).call() == 0
    rpc("evm_mine")
    assert probe.functions.values(3).call() == 33
    assert w3.eth.get_transaction_receipt(sent)["status"] == 1


@pytest.mark.usefixtures("manual")
def test_a_block_takes_the_highest_tips_first_and_each_account_in_order(w3, rpc, send):
    low = send(account=1, maxPriorityFeePerGas=GWEI)
    after = send(account=1, nonce=1, maxPriorityFeePerGas=9 * GWEI)
    high = send(account=2, maxPriorityFeePerGas=5 * GWEI)
    middle = send(account=3, maxPriorityFeePerGas=3 * GWEI)
    rpc("evm_mine")
    block = w3.eth.get_block("latest")
    assert hashes(block) == [high, middle, low, after]
    rewards = w3.eth.fee_history(1, "latest", [0, 50, 100])["reward"][0]
    assert rewards == [GWEI, 3 * GWEI, 9 * GWEI]


@pytest.mark.usefixtures("manual")
def test_a_replacement_needs_ten_per_cent_more_of_both_fees(w3, rpc, send):
    first = send()
    for fees in (
        {"maxFeePerGas": 11 * GWEI},
        {"maxPriorityFeePerGas": 2 * GWEI},
        {"maxFeePerGas": 11 * GWEI - 1, "maxPriorityFeePerGas": 2 * GWEI},
    ):
        error = send(**fees)
        assert (error["code"], error["message"]) == (-32000, "replacement transaction underpriced")
    assert send() == {"code": -32000, "message": "already known"}
    better = send(maxFeePerGas=11 * GWEI, maxPriorityFeePerGas=11 * GWEI // 10)
    assert rpc("eth_getTransactionByHash", first)["result"] is None
    rpc("evm_mine")
    assert hashes(w3.eth.get_block("latest")) == [better]


@pytest.mark.usefixtures("manual")
def test_a_waiting_transaction_can_be_dropped(w3, rpc, send):
    kept, dropped = send(account=1), send(account=2)
    assert rpc("hardhat_dropTransaction", dropped)["result"] is True
    assert rpc("hardhat_dropTransaction", dropped)["result"] is False
    rpc("evm_mine")
    assert hashes(w3.eth.get_block("latest")) == [kept]
    assert rpc("hardhat_dropTransaction", kept)["result"] is False


@pytest.mark.usefixtures("manual")
def test_what_does_not_fit_into_a_block_waits_for_the_next(w3, rpc, send):
    rpc("evm_setBlockGasLimit", 5_000_000)
    rpc("evm_mine")
    first = send(account=1, gas=3_000_000, maxPriorityFeePerGas=2 * GWEI)
    second = send(account=2, gas=4_990_000)
    third = send(account=3)
    rpc("evm_mine")
    assert hashes(w3.eth.get_block("latest")) == [first, third]
    rpc("evm_mine")
    assert hashes(w3.eth.get_block("latest")) == [second]
    assert w3.eth.get_block("latest")["gasLimit"] == 5_000_000


@pytest.mark.usefixtures("manual")
def test_one_that_cannot_pay_the_base_fee_waits_until_it_falls(w3, rpc, send):
    rpc("hardhat_setNextBlockBaseFeePerGas", hex(50 * GWEI))
    sent = send()
    rpc("evm_mine")
    assert w3.eth.get_block("latest")["baseFeePerGas"] == 50 * GWEI
    assert rpc("eth_getTransactionReceipt", sent)["result"] is None
    rpc("hardhat_setNextBlockBaseFeePerGas", hex(GWEI))
    rpc("evm_mine")
    assert w3.eth.get_transaction_receipt(sent)["effectiveGasPrice"] == 2 * GWEI


@pytest.mark.usefixtures("manual")
def test_one_that_became_invalid_is_left_out_with_those_that_follow(w3, rpc, send, node):
    sent = [send(nonce=0, value=9_000 * 10**18), send(nonce=1, value=9_000 * 10**18), send(nonce=2)]
    other = send(account=2)
    rpc("evm_mine")
    assert sorted(hashes(w3.eth.get_block("latest"))) == sorted([sent[0], other])
    assert rpc("eth_getTransactionByHash", sent[1])["result"] is None
    assert rpc("txpool_status")["result"] == {"pending": "0x0", "queued": "0x1"}


@pytest.mark.usefixtures("manual")
def test_a_snapshot_contains_what_waits(rpc, send):
    sent = send()
    snapshot = rpc("evm_snapshot")["result"]
    rpc("evm_mine")
    rpc("evm_revert", snapshot)
    assert rpc("txpool_status")["result"]["pending"] == "0x1"
    assert rpc("eth_getTransactionByHash", sent)["result"]["blockHash"] is None


def test_inspect_summarises_and_all_can_be_dropped(rpc, send, node):
    send(nonce=5)
    send(account=2, nonce=5)
    queued = rpc("txpool_inspect")["result"]["queued"]
    assert queued[node.accounts[1].address.lower()]["5"].endswith(": 1 wei + 21000 gas × 10000000000 wei")
    address = node.accounts[1].address
    assert set(rpc("txpool_contentFrom", address)["result"]["queued"]) == {"5"}
    rpc("anvil_removePoolTransactions", address)
    assert rpc("txpool_status")["result"]["queued"] == "0x1"
    rpc("anvil_dropAllTransactions")
    assert rpc("txpool_status")["result"]["queued"] == "0x0"


def test_the_sync_variant_answers_with_the_receipt_or_says_that_it_waits(node, rpc, w3):
    fields = {"to": "0x" + "22" * 20, "gas": 21_000, "gasPrice": 3 * GWEI, "chainId": node.chain_id}
    first, later = (
        "0x" + Account.sign_transaction(fields | {"nonce": nonce}, node.accounts[1].key).raw_transaction.hex()
        for nonce in (0, 2)
    )
    receipt = rpc("eth_sendRawTransactionSync", first)["result"]
    assert receipt["transactionHash"] == w3.keccak(hexstr=first).to_0x_hex()
    error = rpc("eth_sendRawTransactionSync", later)["error"]
    assert (error["code"], error["data"]) == (4, w3.keccak(hexstr=later).to_0x_hex())
    assert rpc("eth_getRawTransactionByHash", error["data"])["result"] == later
    rpc("anvil_dropAllTransactions")


def wait_until(condition):
    give_up = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def test_a_timer_makes_blocks_of_what_waits():
    with Devnet(accounts=2, block_time=0.1) as node:
        w3 = connect(node)
        assert w3.provider.make_request("hardhat_getAutomine", [])["result"] is False
        sent = w3.eth.send_transaction({"to": node.accounts[1].address, "value": 1})
        wait_until(lambda: w3.eth.block_number > 2)
        assert w3.eth.get_transaction_receipt(sent)["status"] == 1
        w3.provider.make_request("evm_setIntervalMining", [0])
        height = w3.eth.block_number
        w3.provider.make_request("evm_setIntervalMining", [50])
        wait_until(lambda: w3.eth.block_number > height)


def test_a_node_can_be_told_to_mine_on_demand_alone():
    with Devnet(accounts=2, automine=False) as node:
        w3 = connect(node)
        sent = w3.eth.send_transaction({"to": node.accounts[1].address, "value": 1})
        assert w3.eth.block_number == 0
        w3.provider.make_request("evm_mine", [])
        assert w3.eth.get_transaction_receipt(sent)["blockNumber"] == 1
    with pytest.raises(DevnetError, match="block time"):
        Devnet(block_time=0)


def test_what_waits_survives_a_restart(tmp_path):
    options = {"accounts": 2, "automine": False, "state": tmp_path / "chain.db"}
    with Devnet(**options) as node:
        w3 = connect(node)
        sent = w3.eth.send_transaction({"to": node.accounts[1].address, "value": 1})
    with Devnet(**options) as node:
        w3 = connect(node)
        assert w3.eth.get_transaction(sent)["hash"] == sent
        w3.provider.make_request("evm_mine", [])
        assert w3.eth.get_transaction_receipt(sent)["status"] == 1
