"""On what an audit rests: the report says it, and tells no key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contrafact.ledger.artifacts import load
from contrafact.ledger.connection import Connection
from contrafact.wiring.trusting import exact_place, place
from hardhat_free_devnet import Devnet
from tests.e2e.command import Command

from .proxy import proxy
from .scene import Scene


def test_report_says_which_nodes_agreed_on_which_block_and_tells_no_key(
    scene: Scene, node: Devnet, tmp_path: Path
) -> None:
    file, out = tmp_path / "deployment.json", tmp_path / "audit.sarif"
    scene.deployment.save(file)
    (tmp_path / "store").mkdir()
    with proxy(node.url, lambda request: None) as other:
        urls = f"{node.url}/?key=s3cr3t,{other}"
        settings = {"RPC_URL": urls, "DEPLOYMENT": str(file), "STORE": f"folder:{tmp_path / 'store'}"}
        answer = Command(settings)("audit", "--agree", "--json", "--sarif", out)
    trust = json.loads(answer.out)["trust"]
    assert trust["nodes"] == [node.url, other]
    assert trust["agreed"]["nodes"] == [node.url, other]
    connection = Connection.open(node.url)
    for found in (trust["agreed"] | {"number": trust["agreed"]["block"]}, trust["chain"]):
        block = connection.web3.eth.get_block(found["block"])
        assert found["hash"] == f"0x{block['hash'].hex().removeprefix('0x')}"
    contracts = {contract["name"]: contract["address"] for contract in trust["contracts"]}
    assert contracts.items() <= scene.deployment.contracts.items()
    assert load("GenerationEscrow").immutables[0].name in next(
        contract["immutables"] for contract in trust["contracts"] if contract["name"] == "GenerationEscrow"
    )
    assert json.loads(out.read_text())["runs"][0]["properties"]["trust"] == trust
    assert "s3cr3t" not in answer.out + out.read_text()


def test_place_of_a_store_keeps_what_is_no_secret() -> None:
    assert place("https://user:s3cr3t@ipfs.example:5001/api?key=s3cr3t") == "https://ipfs.example:5001"
    assert place(" folder:/srv/store") == "folder:/srv/store"
    assert place("/ip4/127.0.0.1/tcp/5001") == "/ip4/127.0.0.1/tcp/5001"


def test_exact_place_of_a_store_is_the_same_in_every_folder_and_by_every_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert {exact_place(spec) for spec in ("store", "folder:store", " ./store/ ", str(tmp_path / "store"))} == {
        f"folder:{tmp_path / 'store'}"
    }
    assert exact_place("http://node:5001/") == exact_place("http://node:5001")
    assert exact_place("/ip4/127.0.0.1/tcp/5001") == "/ip4/127.0.0.1/tcp/5001"
