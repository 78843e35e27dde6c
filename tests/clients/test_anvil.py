"""The other node starts, mines, and reorganises: what the tests that use it rely on."""

from __future__ import annotations

from contrafact.ledger.connection import Connection

from .anvil import Anvil


def test_this_client_reads_another_projects_node(anvil: Anvil) -> None:
    connection = Connection.open(anvil.url, 31337)
    assert connection.balance(anvil.account(0).address) == 10_000 * 10**18
    assert connection.head() == 0


def test_reorganisation_takes_blocks_back(anvil: Anvil) -> None:
    anvil.rpc("anvil_mine", [hex(3)])
    connection = Connection.open(anvil.url)
    before = connection.web3.eth.get_block(3)["hash"]
    anvil.rpc("anvil_reorg", [2, []])
    assert connection.head() == 3
    assert connection.web3.eth.get_block(3)["hash"] != before
