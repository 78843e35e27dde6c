"""Networks: the known ones, those of a file, and a chain that nobody has described."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrafact.errors import InvalidInput, NotFound
from contrafact.ledger.networks import KNOWN, FeeKind, network, of_chain, read_networks

MINE = """
[networks.mychain]
chain_id = 4242
confirmations = 3
fees = "legacy"
block_seconds = 2.5
explorer = "https://explorer.example/"
"""


def test_known_networks_are_found_by_name_and_by_chain() -> None:
    for name, chain_id in (("devnet", 31337), ("sepolia", 11155111), ("base-sepolia", 84532), ("op-sepolia", 11155420)):
        assert network(name).chain_id == chain_id
        assert of_chain(chain_id) is network(name)


def test_unknown_name_is_not_found_and_the_known_are_named() -> None:
    with pytest.raises(NotFound, match="'mainnet'") as caught:
        network("mainnet")
    assert all(known.name in caught.value.hint for known in KNOWN)


def test_undescribed_chain_gets_careful_values() -> None:
    found = of_chain(5)
    assert (found.name, found.chain_id, found.confirmations, found.fees) == ("chain-5", 5, 2, FeeKind.DYNAMIC)
    assert not found.testnet


def test_layer_two_networks_pay_for_their_data() -> None:
    kinds = {known.name: known.fees for known in KNOWN}
    assert {name for name, kind in kinds.items() if kind is FeeKind.OP_STACK} == {"base-sepolia", "op-sepolia"}


def test_file_adds_a_network(tmp_path: Path) -> None:
    path = tmp_path / "networks.toml"
    path.write_text(MINE)
    networks = read_networks(path)
    mine = network("mychain", networks)
    assert (mine.chain_id, mine.confirmations, mine.fees, mine.block_seconds) == (4242, 3, FeeKind.LEGACY, 2.5)
    assert mine.address_url("0xabc") == "https://explorer.example/address/0xabc"
    assert set(KNOWN) < set(networks)


@pytest.mark.parametrize("name", ["sepolia", "mine"])
def test_file_wins_over_a_known_network_of_its_name_or_chain(tmp_path: Path, name: str) -> None:
    path = tmp_path / "networks.toml"
    path.write_text(f"[networks.{name}]\nchain_id = 11155111\nconfirmations = 9\n")
    networks = read_networks(path)
    assert of_chain(11155111, networks).confirmations == 9
    assert len(networks) == len(KNOWN)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[networks.x]\nconfirmations = 1\n", "chain_id"),
        ("[networks.x]\nchain_id = 1\nconfirmations = 0\n", "confirmations"),
        ("[networks.x]\nchain_id = 1\nspeed = 3\n", "speed"),
        ("[networks.x]\nchain_id = 1\nfees = 'free'\n", "fees"),
        ("[networks.x]\nchain_id = 1\nexplorer = 'javascript:x'\n", "explorer"),
        ("[networks.x]\nchain_id = 1\n[networks.y]\nchain_id = 1\n", "one chain id"),
        ("networks = 3\n", "networks"),
        ("[[[", "not a file of networks"),
    ],
)
def test_unusable_file_is_refused_and_what_is_wrong_named(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "networks.toml"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=named):
        read_networks(path)


def test_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="cannot be read"):
        read_networks(tmp_path / "networks.toml")


def test_pages_of_the_explorer() -> None:
    assert network("sepolia").transaction_url("0x12") == "https://sepolia.etherscan.io/tx/0x12"
    assert network("devnet").transaction_url("0x12") is None
