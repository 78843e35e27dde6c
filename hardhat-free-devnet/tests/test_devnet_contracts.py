"""Deploying and using a contract with web3.py over HTTP."""

from __future__ import annotations

import hashlib

import pytest
from eth_abi import encode
from web3.exceptions import ContractCustomError, ContractLogicError, ContractPanicError

from conftest import ASSETS

GWEI = 10**9


def send(w3, account, transaction):
    """Sign locally, send raw, wait for the receipt."""
    signed = w3.eth.account.sign_transaction(transaction, account.key)
    return w3.eth.wait_for_transaction_receipt(w3.eth.send_raw_transaction(signed.raw_transaction))


def test_committed_bytecode_belongs_to_the_committed_source(artifact):
    assert hashlib.sha256((ASSETS / "Probe.sol").read_bytes()).hexdigest() == artifact["sourceDigest"]


def test_a_contract_is_deployed_and_keeps_what_its_constructor_stored(w3, probe):
    assert probe.functions.values(0).call() == 7
    assert len(w3.eth.get_code(probe.address)) > 100
    slot = w3.keccak(encode(["uint256", "uint256"], [0, 0]))
    assert int.from_bytes(w3.eth.get_storage_at(probe.address, int.from_bytes(slot))) == 7


@pytest.mark.parametrize(
    "fees",
    [
        pytest.param({}, id="dynamic-fee-filled-in-by-web3"),
        pytest.param({"gasPrice": 3 * GWEI}, id="legacy"),
        pytest.param({"maxFeePerGas": 9 * GWEI, "maxPriorityFeePerGas": 2 * GWEI}, id="dynamic-fee"),
        pytest.param({"gasPrice": 3 * GWEI, "accessList": []}, id="access-list"),
    ],
)
def test_locally_signed_transactions_of_every_kind_are_executed(w3, node, probe, fees):
    account = node.accounts[3]
    nonce = w3.eth.get_transaction_count(account.address)
    transaction = probe.functions.store(5, 55).build_transaction(
        {"from": account.address, "nonce": nonce, **fees}
    )
    before = w3.eth.get_balance(account.address)
    receipt = send(w3, account, transaction)
    assert receipt["status"] == 1
    assert probe.functions.values(5).call() == 55
    assert w3.eth.get_transaction_count(account.address) == nonce + 1
    assert before - w3.eth.get_balance(account.address) == receipt["gasUsed"] * receipt["effectiveGasPrice"]


def test_a_transaction_can_be_looked_up_in_every_way(w3, probe):
    sent = probe.functions.store(1, 2).transact({"value": 11})
    receipt = w3.eth.wait_for_transaction_receipt(sent)
    found = w3.eth.get_transaction(sent)
    assert (found["to"], found["value"], found["blockNumber"]) == (probe.address, 11, receipt["blockNumber"])
    assert w3.eth.get_transaction_by_block(receipt["blockHash"], 0) == found
    assert w3.eth.get_transaction_by_block(receipt["blockNumber"], 0) == found
    full = w3.eth.get_block(receipt["blockNumber"], full_transactions=True)
    assert full["transactions"] == [found]
    assert w3.eth.get_block(receipt["blockHash"])["transactions"] == [sent]
    assert w3.eth.get_block_transaction_count(receipt["blockNumber"]) == 1
    assert w3.eth.get_block_receipts(receipt["blockNumber"]) == [receipt]
    assert w3.eth.get_balance(probe.address) == 11


def test_what_does_not_exist_is_null(rpc):
    nothing = "0x" + "ab" * 32
    for method in ("eth_getTransactionByHash", "eth_getTransactionReceipt", "eth_getBlockByHash"):
        assert rpc(method, nothing)["result"] is None
    assert rpc("eth_getBlockByNumber", "0xffff", False)["result"] is None
    assert rpc("eth_getTransactionByBlockNumberAndIndex", "latest", "0x7")["result"] is None
    assert rpc("eth_getBalance", "0x" + "11" * 20, "0xffff")["error"]["code"] == -32000


@pytest.mark.parametrize("how", ["call", "estimate_gas"])
def test_custom_error_reaches_the_client_with_its_data(w3, probe, how):
    with pytest.raises(ContractCustomError) as caught:
        getattr(probe.functions.atLeast(1, 5), how)()
    selector = w3.keccak(text="TooLow(uint256,uint256)")[:4]
    assert caught.value.data == "0x" + (selector + encode(["uint256", "uint256"], [1, 5])).hex()


def test_revert_answer_has_code_3_and_panics_and_reasons_are_told_apart(probe, rpc):
    data = probe.encode_abi("atLeast", [1, 5])
    error = rpc("eth_call", {"to": probe.address, "data": data}, "latest")["error"]
    assert error["code"] == 3
    assert error["message"] == "execution reverted"
    with pytest.raises(ContractPanicError, match="Division"):
        probe.functions.divide(1, 0).call()
    with pytest.raises(ContractLogicError, match="execution reverted: not today"):
        probe.functions.refuse().call()


def test_a_failing_transaction_is_mined_with_status_0(w3, probe):
    sent = probe.functions.refuse().transact({"gas": 100_000})
    receipt = w3.eth.wait_for_transaction_receipt(sent)
    assert receipt["status"] == 0
    assert 21_000 < receipt["gasUsed"] < 100_000
    assert receipt["logs"] == []


def test_gas_estimate_suffices_and_is_close(w3, node, probe):
    call = probe.functions.fill(0, 20)
    estimate = call.estimate_gas()
    receipt = w3.eth.wait_for_transaction_receipt(call.transact({"gas": estimate}))
    assert receipt["status"] == 1
    assert receipt["gasUsed"] <= estimate <= receipt["gasUsed"] * 1.02
    assert w3.eth.estimate_gas({"to": node.accounts[1].address, "value": 1}) == 21_000


def test_gas_estimate_covers_a_call_that_earns_refunds(w3, probe):
    probe.functions.fill(0, 20).transact()
    call = probe.functions.clear(0, 20)
    estimate = call.estimate_gas()
    receipt = w3.eth.wait_for_transaction_receipt(call.transact({"gas": estimate}))
    assert receipt["status"] == 1
    assert estimate > receipt["gasUsed"]  # a refund is paid after the fact; the limit must do without it


def test_calls_see_the_block_they_ask_for(w3, probe):
    deployed = w3.eth.block_number
    probe.functions.store(0, 8).transact()
    assert probe.functions.values(0).call(block_identifier=deployed) == 7
    assert probe.functions.values(0).call(block_identifier="latest") == 8
    assert w3.eth.get_code(probe.address, deployed - 1) == b""
    head = w3.eth.get_block("latest")
    chain_id, number, time, sender = probe.functions.context().call()
    assert (chain_id, number, time, sender) == (
        31337,
        head["number"],
        head["timestamp"],
        w3.eth.default_account,
    )


def test_a_call_changes_nothing_and_needs_no_gas_money(w3, probe):
    block = w3.eth.block_number
    poor = w3.to_checksum_address("0x" + "77" * 20)
    probe.functions.store(0, 99).call({"from": poor})
    assert probe.functions.values(0).call() == 7
    assert w3.eth.block_number == block


def test_deep_recursion_ends_by_the_rules_of_the_evm(probe):
    assert 300 < probe.functions.dive(1024).call() < 1024  # 63/64 of the gas goes down at each level


def test_code_that_calls_itself_as_cheaply_as_can_be_does_not_overflow_the_node(w3):
    forever = bytes.fromhex("5f5f5f5f5f305af1")  # CALL(gas, this contract, nothing)
    initcode = bytes.fromhex("67") + forever + bytes.fromhex("5f5260086018f3")  # returns these 8 bytes
    deployed = w3.eth.send_transaction({"data": initcode})
    address = w3.eth.wait_for_transaction_receipt(deployed)["contractAddress"]
    assert w3.eth.get_code(address) == forever
    assert w3.eth.call({"to": address}) == b""
    assert w3.eth.estimate_gas({"to": address}) > 21_000


def test_logs_are_found_by_address_topic_and_range(w3, node, probe, artifact):
    first = w3.eth.block_number + 1
    for key in range(3):
        probe.functions.store(key, key * 10).transact()
    probe.functions.note("hello").transact()
    stored = probe.events.Stored()
    assert [log["args"]["key"] for log in stored.get_logs(from_block=first)] == [0, 1, 2]
    assert [log["args"]["key"] for log in stored.get_logs(from_block=first + 1, to_block=first + 1)] == [1]
    wanted = stored.get_logs(from_block=first, argument_filters={"key": [0, 2]})
    assert [log["args"]["value"] for log in wanted] == [0, 20]
    assert stored.get_logs(from_block=first, argument_filters={"who": node.accounts[1].address}) == []
    assert [log["logIndex"] for log in probe.events.Note().get_logs(from_block=first)] == [0, 1]
    everything = w3.eth.get_logs({"fromBlock": first, "address": [probe.address, node.accounts[1].address]})
    assert len(everything) == 5
    assert w3.eth.get_logs({"fromBlock": 0, "address": node.accounts[1].address}) == []
    by_hash = w3.eth.get_logs({"blockHash": w3.eth.get_block(first)["hash"]})
    assert [log["blockNumber"] for log in by_hash] == [first]
    anything_then_key_two = [None, None, "0x" + (2).to_bytes(32).hex()]
    assert len(w3.eth.get_logs({"fromBlock": first, "topics": anything_then_key_two})) == 1


def test_receipt_logs_equal_the_logs_found(w3, probe):
    receipt = w3.eth.wait_for_transaction_receipt(probe.functions.note("x").transact())
    assert w3.eth.get_logs({"blockHash": receipt["blockHash"]}) == receipt["logs"]


def test_fees_follow_eip_1559(w3, probe):
    start = w3.eth.block_number
    receipt = w3.eth.wait_for_transaction_receipt(
        probe.functions.store(1, 1).transact({"maxPriorityFeePerGas": 3 * GWEI, "maxFeePerGas": 50 * GWEI})
    )
    history = w3.eth.fee_history(2, "latest", [0, 100])
    block, parent = w3.eth.get_block("latest"), w3.eth.get_block(start)
    assert history["oldestBlock"] == start
    assert history["baseFeePerGas"][:2] == [parent["baseFeePerGas"], block["baseFeePerGas"]]
    assert history["gasUsedRatio"][1] == pytest.approx(receipt["gasUsed"] / 30_000_000)
    assert history["reward"][1] == [3 * GWEI, 3 * GWEI]
    assert receipt["effectiveGasPrice"] == block["baseFeePerGas"] + 3 * GWEI
    target, used, base = 15_000_000, parent["gasUsed"], parent["baseFeePerGas"]
    assert block["baseFeePerGas"] == base - base * (target - used) // target // 8
    assert w3.eth.gas_price > history["baseFeePerGas"][2]


def test_unlocked_accounts_need_no_key(w3, node):
    target = "0x" + "99" * 20
    sent = w3.eth.send_transaction(
        {
            "from": node.accounts[4].address,
            "to": w3.to_checksum_address(target),
            "value": 5,
            "gasPrice": 2 * GWEI,
        }
    )
    assert w3.eth.wait_for_transaction_receipt(sent)["gasUsed"] == 21_000
    assert w3.eth.get_balance(w3.to_checksum_address(target)) == 5
    assert w3.eth.accounts == [account.address for account in node.accounts]
