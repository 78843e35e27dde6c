"""Options of the Python class and of the command, and the state file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from web3 import HTTPProvider, Web3

import hardhat_free_devnet
from conftest import connect
from hardhat_free_devnet import Devnet, DevnetError

HARDHAT_ACCOUNTS = {  # as Hardhat and Anvil print them
    0: (
        "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
        "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
    ),
    1: (
        "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
    ),
    9: (
        "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720",
        "0x2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6",
    ),
}


def test_accounts_equal_those_of_hardhat(node, w3):
    for index, (address, key) in HARDHAT_ACCOUNTS.items():
        account = node.accounts[index]
        assert (account.index, account.address, account.key) == (index, address, key)
    assert w3.eth.get_balance(HARDHAT_ACCOUNTS[9][0]) == 10_000 * 10**18


def test_chain_id_is_the_one_contracts_and_signatures_see(artifact):
    with Devnet(chain_id=4242, accounts=2, balance=5 * 10**18) as node:
        w3 = connect(node)
        factory = w3.eth.contract(abi=artifact["abi"], bytecode=artifact["bytecode"])
        address = w3.eth.wait_for_transaction_receipt(factory.constructor(0).transact())["contractAddress"]
        probe = w3.eth.contract(address=address, abi=artifact["abi"])
        assert probe.functions.context().call()[0] == w3.eth.chain_id == 4242
        assert w3.eth.get_transaction(w3.eth.get_block("latest")["transactions"][0])["chainId"] == 4242
        assert len(w3.eth.accounts) == 2
        assert w3.eth.get_balance(node.accounts[1].address) == 5 * 10**18


@pytest.mark.parametrize("options", [{"chain_id": 0}, {"accounts": 0}, {"accounts": 5000}, {"balance": -1}])
def test_impossible_options_are_refused(options):
    with pytest.raises(DevnetError):
        Devnet(**options)


def test_a_bad_mnemonic_and_a_taken_port_are_refused(node):
    with pytest.raises(DevnetError, match="mnemonic"):
        Devnet(mnemonic="test test").start()
    port = int(node.url.rpartition(":")[2])
    with pytest.raises(DevnetError, match="choose another port"):
        Devnet(port=port).start()


def test_a_node_can_be_stopped_and_the_port_is_free_again():
    node = Devnet(accounts=1).start()
    url = node.url
    assert Web3(HTTPProvider(url)).is_connected()
    node.stop()
    node.stop()
    assert not Web3(HTTPProvider(url)).is_connected()
    with pytest.raises(DevnetError, match="not running"):
        _ = node.url
    with Devnet(accounts=1, port=int(url.rpartition(":")[2])) as again:
        assert again.url == url


def test_the_chain_is_kept_in_the_state_file(tmp_path, artifact):
    state = tmp_path / "chain.db"
    with Devnet(accounts=2, state=state) as node:
        w3 = connect(node)
        factory = w3.eth.contract(abi=artifact["abi"], bytecode=artifact["bytecode"])
        receipt = w3.eth.wait_for_transaction_receipt(factory.constructor(7).transact())
        w3.provider.make_request("evm_increaseTime", [50_000])
        w3.provider.make_request("evm_mine", [])
        head = w3.eth.get_block("latest")
    with Devnet(accounts=2, state=state) as node:
        w3 = connect(node)
        assert w3.eth.get_block("latest") == head
        assert w3.eth.get_transaction_receipt(receipt["transactionHash"]) == receipt
        probe = w3.eth.contract(address=receipt["contractAddress"], abi=artifact["abi"])
        probe.functions.store(0, 8).transact()
        assert probe.functions.values(0).call() == 8
        assert probe.functions.values(0).call(block_identifier=head["number"]) == 7
        assert 0 < w3.eth.get_block("latest")["timestamp"] - head["timestamp"] < 60


def test_a_state_file_is_refused_with_other_settings_or_by_a_second_node(tmp_path):
    state = tmp_path / "chain.db"
    with Devnet(accounts=1, state=state), pytest.raises(DevnetError, match="another node"):
        Devnet(accounts=1, state=state).start()
    with pytest.raises(DevnetError, match="other settings"):
        Devnet(accounts=1, state=state, chain_id=5).start()
    (tmp_path / "text").write_text("this is no database, however long it may go on " * 20)
    for unusable in (tmp_path / "text", tmp_path / "nowhere" / "chain.db"):
        with pytest.raises(DevnetError, match=r"cannot use the state file .*; name a new file"):
            Devnet(state=unusable).start()


def test_a_reverted_snapshot_is_reverted_in_the_state_file_too(tmp_path):
    state = tmp_path / "chain.db"
    with Devnet(accounts=1, state=state) as node:
        rpc = HTTPProvider(node.url).make_request
        snapshot = rpc("evm_snapshot", [])["result"]
        rpc("evm_mine", [])
        rpc("evm_revert", [snapshot])
    with Devnet(accounts=1, state=state) as node:
        assert connect(node).eth.block_number == 0


def start_command(*options):
    command = [sys.executable, "-m", "hardhat_free_devnet", "--port", "0", *options]
    source = Path(hardhat_free_devnet.__file__).parent.parent
    environment = os.environ | {"PYTHONPATH": str(source)}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


def read_until_ready(process):
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith("Listening on "):
            return lines
    raise AssertionError(process.stderr.read())


def test_the_command_prints_keys_with_a_warning_then_where_it_listens_and_ends_on_a_signal():
    with start_command("--accounts", "2", "--chain-id", "99", "--balance", "1.5") as process:
        lines = read_until_ready(process)
        w3 = Web3(HTTPProvider(lines[-1].removeprefix("Listening on ")))
        assert w3.eth.chain_id == 99
        assert w3.eth.get_balance(HARDHAT_ACCOUNTS[1][0]) == 15 * 10**17
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    text = "\n".join(lines)
    assert "WARNING" in text
    assert all(word in text for word in HARDHAT_ACCOUNTS[1])
    assert HARDHAT_ACCOUNTS[9][0] not in text


def test_what_was_mined_survives_a_kill(tmp_path):
    state = tmp_path / "chain.db"
    options = ["--accounts", "1", "--quiet", "--state", str(state)]
    with start_command(*options) as process:
        url = read_until_ready(process)[-1].removeprefix("Listening on ")
        for _ in range(3):
            HTTPProvider(url).make_request("evm_mine", [])
        process.kill()
    with Devnet(accounts=1, state=state) as node:
        assert connect(node).eth.block_number == 3


def test_the_command_says_why_it_cannot_start():
    with start_command("--accounts", "0") as process:
        assert process.wait(20) == 2
        assert "number of accounts" in process.stderr.read()
