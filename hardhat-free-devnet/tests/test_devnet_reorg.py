"""Reorganisations, rollbacks and resets."""

from __future__ import annotations

import pytest

from conftest import connect
from hardhat_free_devnet import Devnet


@pytest.fixture
def fresh():
    with Devnet(accounts=3) as node:
        yield node


def ask(w3, method, *params):
    answer = w3.provider.make_request(method, list(params))
    return answer.get("error", answer.get("result"))


def send(w3, value=1, sender=0):
    accounts = w3.eth.accounts
    return w3.eth.send_transaction({"from": accounts[sender], "to": "0x" + "22" * 20, "value": value})


def test_a_reorganisation_replaces_blocks_and_forgets_their_transactions(fresh):
    w3 = connect(fresh)
    sent = [send(w3) for _ in range(4)]
    old = [w3.eth.get_block(number) for number in range(5)]
    ask(w3, "anvil_reorg", 2)
    new = [w3.eth.get_block(number) for number in range(5)]
    assert w3.eth.block_number == 4
    assert new[:3] == old[:3]
    assert new[3]["parentHash"] == old[2]["hash"]
    assert new[4]["parentHash"] == new[3]["hash"] != old[3]["hash"]
    assert [ask(w3, "eth_getTransactionReceipt", item.to_0x_hex()) is None for item in sent] == [
        False,
        False,
        True,
        True,
    ]
    assert w3.eth.get_balance("0x" + "22" * 20) == 2
    assert w3.eth.get_transaction_count(w3.eth.accounts[0]) == 2
    assert w3.eth.get_block(old[4]["hash"])["transactions"] == [sent[3]]
    send(w3)
    assert w3.eth.get_block("latest")["parentHash"] == new[4]["hash"]


def test_transactions_can_be_put_into_the_new_blocks(fresh):
    w3 = connect(fresh)
    raw = w3.eth.account.sign_transaction(
        {"to": "0x" + "22" * 20, "value": 9, "gas": 21_000, "gasPrice": 10**10, "nonce": 0, "chainId": 31337},
        fresh.accounts[1].key,
    ).raw_transaction.to_0x_hex()
    send(w3)
    send(w3)
    sender, target = w3.eth.accounts[0], "0x" + "22" * 20
    pairs = [[{"from": sender, "to": target, "value": hex(value)}, 1] for value in (3, 4)]
    assert ask(w3, "anvil_reorg", 2, [[raw, 0], *pairs]) is None
    assert [len(w3.eth.get_block(number)["transactions"]) for number in (1, 2)] == [1, 2]
    assert w3.eth.get_balance(target) == 9 + 3 + 4


def test_a_reorganisation_that_cannot_be_leaves_the_chain_as_it_was(fresh):
    w3 = connect(fresh)
    send(w3)
    head = w3.eth.get_block("latest")
    poor = {"from": w3.eth.accounts[0], "to": "0x" + "22" * 20, "value": hex(10**30), "gas": "0x5208"}
    for params in (
        [2],
        [0],
        [1, [[poor, 0]]],
        [1, [[poor, 1]]],
        [1, [[poor]]],
        [1, ["0x"]],
        [1, [["0x12", 0]]],
    ):
        assert ask(w3, "anvil_reorg", *params)["code"] in (-32602, -32000)
        assert w3.eth.get_block("latest") == head
    send(w3)
    assert w3.eth.block_number == 2


def test_blocks_can_be_taken_back(fresh):
    w3 = connect(fresh)
    for _ in range(3):
        send(w3)
    second = w3.eth.get_block(2)
    ask(w3, "anvil_rollback")
    assert w3.eth.get_block("latest") == second
    ask(w3, "anvil_rollback", 2)
    assert w3.eth.block_number == 0
    assert ask(w3, "eth_getBlockByNumber", "0x1", False) is None
    assert ask(w3, "anvil_rollback", 1)["code"] == -32602


def test_a_snapshot_of_a_branch_that_was_left_can_be_reverted_to(fresh):
    w3 = connect(fresh)
    watch = w3.eth.filter("latest")
    send(w3)
    send(w3)
    left = w3.eth.get_block("latest")
    snapshot = ask(w3, "evm_snapshot")
    ask(w3, "anvil_reorg", 2)
    ask(w3, "anvil_mine", 3)
    watch.get_new_entries()
    assert ask(w3, "evm_revert", snapshot) is True
    assert w3.eth.get_block("latest") == left
    assert watch.get_new_entries() == [w3.eth.get_block(1)["hash"], left["hash"]]
    send(w3)
    assert w3.eth.get_balance("0x" + "22" * 20) == 3


@pytest.mark.parametrize("method", ["hardhat_reset", "anvil_reset"])
def test_a_reset_leads_back_to_the_first_block(fresh, method):
    w3 = connect(fresh)
    genesis, balance = w3.eth.get_block(0), w3.eth.get_balance(w3.eth.accounts[0])
    ask(w3, "hardhat_setBalance", w3.eth.accounts[0], "0x5")
    ask(w3, "hardhat_setBalance", w3.eth.accounts[0], hex(balance))
    send(w3, value=7)
    ask(w3, "evm_increaseTime", 10_000)
    ask(w3, "evm_setAutomine", False)
    send(w3)
    snapshot = ask(w3, "evm_snapshot")
    assert ask(w3, method, {"forking": {}}) is True  # as viem sends it
    assert w3.eth.get_block("latest") == genesis
    assert w3.eth.get_balance(w3.eth.accounts[0]) == balance
    assert ask(w3, "txpool_status") == {"pending": "0x0", "queued": "0x0"}
    assert ask(w3, "evm_revert", snapshot) is False
    send(w3)
    assert w3.eth.block_number == 1
    assert w3.eth.get_block(1)["timestamp"] - genesis["timestamp"] < 60


def test_the_instance_changes_with_a_reset_and_not_with_a_restart(tmp_path):
    state = tmp_path / "chain.db"
    with Devnet(accounts=1, state=state) as node:
        w3 = connect(node)
        first = ask(w3, "hardhat_metadata")
        snapshot = ask(w3, "evm_snapshot")
        ask(w3, "evm_mine")
        info = ask(w3, "anvil_nodeInfo")
        assert (info["currentBlockNumber"], info["hardFork"]) == ("0x1", "Prague")
        ask(w3, "evm_revert", snapshot)
        assert ask(w3, "anvil_metadata") == first
    with Devnet(accounts=1, state=state) as node:
        w3 = connect(node)
        assert ask(w3, "hardhat_metadata") == first
        ask(w3, "hardhat_reset")
        again = ask(w3, "hardhat_metadata")
        assert again["latestBlockHash"] == first["latestBlockHash"]
        assert again["instanceId"] != first["instanceId"]


def test_a_reorganised_chain_survives_a_restart(tmp_path):
    state = tmp_path / "chain.db"
    with Devnet(accounts=2, state=state) as node:
        w3 = connect(node)
        for _ in range(3):
            send(w3)
        ask(w3, "anvil_reorg", 2)
        blocks = [w3.eth.get_block(number) for number in range(4)]
    with Devnet(accounts=2, state=state) as node:
        w3 = connect(node)
        assert [w3.eth.get_block(number) for number in range(4)] == blocks
        send(w3)
        assert w3.eth.get_balance("0x" + "22" * 20) == 2
