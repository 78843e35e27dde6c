"""What tests make so: edited accounts, properties of blocks to come, many blocks, the clock."""

from __future__ import annotations

import time

import pytest

from conftest import connect
from hardhat_free_devnet import Devnet

GWEI = 10**9
STRANGER = "0x" + "ab" * 20
WORD = "0x" + "cd" * 32


def test_accounts_can_be_edited_and_the_block_stays_as_it_is(w3, rpc):
    stranger = w3.to_checksum_address(STRANGER)
    head = w3.eth.get_block("latest")
    rpc("hardhat_setBalance", STRANGER, hex(123))
    rpc("hardhat_setNonce", STRANGER, "0x7")
    rpc("hardhat_setCode", STRANGER, "0x6001")
    rpc("hardhat_setStorageAt", STRANGER, "0x5", WORD)
    assert w3.eth.get_balance(stranger) == 123
    assert w3.eth.get_transaction_count(stranger) == 7
    assert w3.eth.get_code(stranger).to_0x_hex() == "0x6001"
    assert w3.eth.get_storage_at(stranger, 5).to_0x_hex() == WORD
    assert w3.eth.get_block("latest") == head
    rpc("evm_mine")
    assert w3.eth.get_block("latest")["parentHash"] == head["hash"]
    assert w3.eth.get_balance(stranger) == 123
    assert w3.eth.get_balance(stranger, head["number"] - 1) == 0 if head["number"] else True


def test_edited_code_runs_and_edited_storage_is_read(w3, rpc, probe, node):
    slot = w3.keccak(bytes(64)).to_0x_hex()
    rpc("anvil_setStorageAt", probe.address, slot, "0x" + (99).to_bytes(32).hex())
    assert probe.functions.values(0).call() == 99
    other = node.accounts[9].address
    rpc("anvil_setCode", other, w3.eth.get_code(probe.address).to_0x_hex())
    copy = w3.eth.contract(address=other, abi=probe.abi)
    copy.functions.store(1, 5).transact()
    assert copy.functions.values(1).call() == 5


def test_edits_are_undone_by_a_revert_and_kept_in_the_state_file(tmp_path):
    options = {"accounts": 1, "state": tmp_path / "chain.db"}
    with Devnet(**options) as node:
        w3 = connect(node)
        request = w3.provider.make_request
        request("evm_mine", [])
        request("hardhat_setBalance", [STRANGER, "0x5"])
        snapshot = request("evm_snapshot", [])["result"]
        request("hardhat_setBalance", [STRANGER, "0x6"])
        request("evm_revert", [snapshot])
        assert w3.eth.get_balance(w3.to_checksum_address(STRANGER)) == 5
    with Devnet(**options) as node:
        w3 = connect(node)
        assert w3.eth.get_balance(w3.to_checksum_address(STRANGER)) == 5
        assert w3.eth.get_balance(w3.to_checksum_address(STRANGER), 0) == 0


def test_the_next_block_gets_the_base_fee_the_random_value_and_the_coinbase_demanded(w3, rpc, node):
    rpc("hardhat_setNextBlockBaseFeePerGas", hex(7 * GWEI))
    rpc("hardhat_setPrevRandao", WORD)
    rpc("hardhat_setCoinbase", STRANGER)
    tip = {"maxPriorityFeePerGas": GWEI, "maxFeePerGas": 20 * GWEI}
    sent = w3.eth.send_transaction({"to": node.accounts[1].address, "value": 1, **tip})
    block = w3.eth.get_block("latest")
    assert (block["baseFeePerGas"], block["mixHash"].to_0x_hex()) == (7 * GWEI, WORD)
    assert block["miner"].lower() == STRANGER
    assert w3.eth.get_balance(block["miner"]) == 21_000 * GWEI
    assert w3.eth.get_transaction_receipt(sent)["effectiveGasPrice"] == 8 * GWEI
    rpc("evm_mine")
    block = w3.eth.get_block("latest")
    assert block["baseFeePerGas"] < 7 * GWEI
    assert block["mixHash"].to_0x_hex() != WORD
    assert rpc("eth_coinbase")["result"] == STRANGER


def test_many_blocks_can_be_mined_at_a_distance(w3, rpc):
    start = w3.eth.get_block("latest")
    rpc("hardhat_mine", hex(50), hex(60))
    head = w3.eth.get_block("latest")
    assert head["number"] == start["number"] + 50
    first = w3.eth.get_block(start["number"] + 1)
    assert head["timestamp"] - first["timestamp"] == 49 * 60
    rpc("evm_mine")
    assert 0 < w3.eth.get_block("latest")["timestamp"] - head["timestamp"] < 60
    rpc("evm_mine", {"blocks": 3})
    rpc("anvil_mine")
    assert w3.eth.block_number == head["number"] + 5


def test_blocks_can_be_a_fixed_time_apart(w3, rpc):
    rpc("anvil_setBlockTimestampInterval", 10)
    rpc("hardhat_mine", 3)
    head = w3.eth.block_number
    times = [w3.eth.get_block(number)["timestamp"] for number in range(head - 2, head + 1)]
    assert times == [times[0], times[0] + 10, times[0] + 20]
    assert rpc("anvil_removeBlockTimestampInterval")["result"] is True
    assert rpc("anvil_removeBlockTimestampInterval")["result"] is False


def test_the_clock_can_be_set(w3, rpc):
    target = int(time.time()) + 5_000_000
    assert abs(rpc("evm_setTime", target)["result"] - 5_000_000) < 5
    rpc("evm_mine")
    assert 0 <= w3.eth.get_block("latest")["timestamp"] - target < 60


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("hardhat_setNonce", [STRANGER, hex(2**64)]),
        ("evm_setBlockGasLimit", ["0x1"]),
        ("hardhat_setNextBlockBaseFeePerGas", [hex(2**200)]),
        ("evm_setIntervalMining", [hex(2**60)]),
        ("anvil_setBlockTimestampInterval", [0]),
        ("evm_mine", [{"blocks": "many"}]),
        ("hardhat_mine", ["0x2", "0x0"]),
        ("hardhat_mine", ["0x2", hex(2**41)]),
        ("evm_setAutomine", ["yes"]),
        ("hardhat_reset", [{"forking": {"jsonRpcUrl": "http://127.0.0.1"}}]),
    ],
)
def test_impossible_demands_are_refused(w3, rpc, method, params):
    height = w3.eth.block_number
    assert rpc(method, *params)["error"]["code"] == -32602
    assert w3.eth.block_number == height
