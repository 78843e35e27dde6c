"""Time control, empty blocks, snapshots."""

from __future__ import annotations

import time

import pytest
from web3.exceptions import ContractCustomError


def latest_time(w3):
    return w3.eth.get_block("latest")["timestamp"]


def test_blocks_follow_the_wall_clock(w3, rpc):
    rpc("evm_mine")
    assert abs(latest_time(w3) - time.time()) < 30  # blocks of one second run ahead of it


def test_every_block_is_later_than_the_one_before(w3, rpc):
    before = latest_time(w3)
    for _ in range(3):
        rpc("evm_mine")
        assert latest_time(w3) > before
        before = latest_time(w3)


def test_time_can_be_pushed_past_a_deadline(w3, rpc, probe):
    deadline = latest_time(w3) + 3600
    call = probe.functions.storeBefore(deadline, 1, 1)
    assert call.estimate_gas() > 21_000
    rpc("evm_increaseTime", 3700)
    with pytest.raises(ContractCustomError):
        call.estimate_gas()  # runs in the next block's time
    receipt = w3.eth.wait_for_transaction_receipt(call.transact({"gas": 100_000}))
    assert receipt["status"] == 0
    assert 0 <= latest_time(w3) - (deadline + 100) < 60


def test_increase_time_adds_up(rpc):
    first = rpc("evm_increaseTime", "0x64")["result"]
    assert rpc("evm_increaseTime", 50)["result"] == first + 50


def test_the_next_block_can_be_given_a_time_and_time_runs_on_from_there(w3, rpc):
    target = latest_time(w3) + 10_000
    assert rpc("evm_setNextBlockTimestamp", target)["result"] == hex(target)
    assert w3.eth.get_block("pending")["timestamp"] == target
    rpc("evm_mine")
    assert latest_time(w3) == target
    rpc("evm_mine")
    assert target < latest_time(w3) < target + 60


def test_a_block_can_be_mined_at_a_time(w3, rpc):
    target = latest_time(w3) + 500
    height = w3.eth.block_number
    rpc("evm_mine", target)
    assert (latest_time(w3), w3.eth.block_number) == (target, height + 1)


def test_time_does_not_run_backwards_or_out_of_bounds(w3, rpc):
    for method, value in [
        ("evm_setNextBlockTimestamp", latest_time(w3)),
        ("evm_mine", 1),
        ("evm_increaseTime", 2**60),
        ("evm_increaseTime", -1),
        ("evm_setNextBlockTimestamp", 2**60),
    ]:
        assert rpc(method, value)["error"]["code"] == -32602


def test_revert_brings_back_state_blocks_and_clock(w3, rpc, probe):
    height, head = w3.eth.block_number, w3.eth.get_block("latest")["hash"]
    snapshot = rpc("evm_snapshot")["result"]
    sent = probe.functions.store(0, 1).transact()
    rpc("evm_increaseTime", 100_000)
    rpc("evm_mine")
    assert rpc("evm_revert", snapshot)["result"] is True
    assert probe.functions.values(0).call() == 7
    assert (w3.eth.block_number, w3.eth.get_block("latest")["hash"]) == (height, head)
    assert rpc("eth_getTransactionReceipt", sent.to_0x_hex())["result"] is None
    assert rpc("eth_getBlockByNumber", hex(height + 1), False)["result"] is None
    rpc("evm_mine")
    assert latest_time(w3) < time.time() + 1000


def test_history_can_branch_after_a_revert(w3, rpc, probe):
    snapshot = rpc("evm_snapshot")["result"]
    probe.functions.store(0, 1).transact()
    rpc("evm_revert", snapshot)
    probe.functions.store(0, 2).transact()
    assert probe.functions.values(0).call() == 2
    logs = probe.events.Stored().get_logs(from_block=0)
    assert [log["args"]["value"] for log in logs] == [2]


def test_a_snapshot_is_used_up_with_all_later_ones(rpc):
    first, second = rpc("evm_snapshot")["result"], rpc("evm_snapshot")["result"]
    assert rpc("evm_revert", first)["result"] is True
    assert rpc("evm_revert", first)["result"] is False
    assert rpc("evm_revert", second)["result"] is False
