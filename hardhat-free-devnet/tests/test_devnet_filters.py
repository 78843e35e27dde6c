"""Polling filters, through web3.py."""

from __future__ import annotations

from conftest import connect
from hardhat_free_devnet import Devnet, Limits, filters


def test_a_block_filter_tells_each_block_once(w3, rpc):
    watch = w3.eth.filter("latest")
    assert watch.get_new_entries() == []
    rpc("hardhat_mine", 3)
    head = w3.eth.block_number
    hashes = [w3.eth.get_block(number)["hash"] for number in range(head - 2, head + 1)]
    assert watch.get_new_entries() == hashes
    assert watch.get_new_entries() == []


def test_a_log_filter_tells_new_logs_and_all_logs(w3, rpc, probe):
    probe.functions.store(1, 10).transact()
    watch = probe.events.Stored.create_filter(from_block=0)
    probe.functions.store(2, 20).transact()
    probe.functions.note("other").transact()
    assert [log["args"]["value"] for log in watch.get_new_entries()] == [20]
    assert [log["args"]["value"] for log in watch.get_all_entries()] == [10, 20]
    assert watch.get_new_entries() == []


def test_a_log_filter_keeps_to_its_range_of_blocks(w3, rpc, probe):
    last = w3.eth.block_number + 1
    watch = w3.eth.filter({"address": probe.address, "toBlock": last})
    probe.functions.store(1, 1).transact()
    probe.functions.store(1, 2).transact()
    assert [log["blockNumber"] for log in watch.get_new_entries()] == [last]


def test_a_log_filter_tells_of_logs_that_were_taken_back(w3, rpc, probe):
    snapshot = rpc("evm_snapshot")["result"]
    watch = w3.eth.filter({"address": probe.address})
    probe.functions.store(1, 1).transact()
    rpc("evm_revert", snapshot)
    assert [log["removed"] for log in watch.get_new_entries()] == [False, True]


def test_a_pending_filter_tells_transactions_before_they_are_mined(w3, rpc, node):
    rpc("evm_setAutomine", False)
    watch = w3.eth.filter("pending")
    sent = w3.eth.send_transaction({"to": node.accounts[1].address, "value": 1})
    assert watch.get_new_entries() == [sent]
    rpc("evm_setAutomine", True)
    rpc("evm_mine")
    assert watch.get_new_entries() == []


def test_a_filter_that_was_uninstalled_or_never_was_is_not_found(w3, rpc):
    watch = w3.eth.filter("latest")
    assert rpc("eth_getFilterLogs", watch.filter_id)["error"]["code"] == -32000
    assert w3.eth.uninstall_filter(watch.filter_id) is True
    assert w3.eth.uninstall_filter(watch.filter_id) is False
    assert rpc("eth_getFilterChanges", watch.filter_id)["error"] == {
        "code": -32000,
        "message": "filter not found",
    }


def test_there_is_a_limit_of_filters():
    with Devnet(accounts=1, limits=Limits(filters=2)) as node:
        request = connect(node).provider.make_request
        names = [request("eth_newBlockFilter", []).get("result") for _ in range(3)]
        assert names[2] is None
        request("eth_uninstallFilter", [names[0]])
        assert "result" in request("eth_newBlockFilter", [])


def test_a_filter_that_nobody_polls_is_forgotten(w3, rpc, monkeypatch):
    polled, left = w3.eth.filter("latest"), w3.eth.filter("latest")
    assert polled.get_new_entries() == []
    monkeypatch.setattr(filters, "EXPIRY", 0.0)
    assert rpc("eth_getFilterChanges", left.filter_id)["error"]["message"] == "filter not found"
