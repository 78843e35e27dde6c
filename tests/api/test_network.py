"""What wallets and pages are told of the chain, and what is told to nobody."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient

from contrafact.errors import InvalidInput
from contrafact.ledger.deployment_file import Deployment
from contrafact.ledger.networks import DEVELOPMENT, Network
from contrafact.ledger.prepared import Preparer
from contrafact.web.app import create_app
from contrafact.web.configuration import Chain, read_accounts

from .hall import Hall
from .visiting import URL

NODE = "https://node.example/rpc"
MAKER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"


@dataclass(frozen=True)
class FakePreparer:
    """Prepares nothing; its contracts are on a chain that the scene is not."""

    deployment: Deployment


def client(hall: Hall, **chain: Any) -> TestClient:
    settings = replace(hall.services.settings, chain=Chain(**chain))
    return TestClient(create_app(replace(hall.services, settings=settings)), URL)


def network(hall: Hall, chain_id: int = DEVELOPMENT, **chain: Any) -> dict[str, Any]:
    """What is told where the contracts are on the chain of this id."""
    there = FakePreparer(replace(hall.scene.deployment, chain_id=chain_id))
    hall = replace(hall, services=replace(hall.services, preparer=cast(Preparer, there)))
    found: dict[str, Any] = client(hall, **chain).get("/v1/network").json()
    return found


def test_a_wallet_is_told_the_chain_and_no_node_that_is_not_for_everybody(hall: Hall) -> None:
    found = network(hall)
    assert (found["chain_id"], found["chain_id_hex"]) == (DEVELOPMENT, "0x7a69")
    assert (found["name"], found["development"]) == ("Development chain", True)
    assert (found["rpc_url"], found["final_after"]) == (None, 1)
    assert found["contracts"] == dict(hall.scene.deployment.contracts)
    assert network(hall, rpc_url=NODE, confirmations=7).items() >= {"rpc_url": NODE, "final_after": 7}.items()


def test_accounts_are_offered_on_a_development_chain_with_a_node_only(hall: Hall) -> None:
    accounts = {MAKER: "A maker"}
    assert network(hall, accounts=accounts)["accounts"] == []
    offered = [{"address": MAKER, "name": "A maker"}]
    assert network(hall, accounts=accounts, rpc_url=NODE)["accounts"] == offered
    found = network(hall, 84532, accounts=accounts, rpc_url=NODE)
    assert (found["name"], found["development"], found["accounts"]) == ("Base Sepolia", False, [])


def test_pages_may_connect_to_the_node_that_is_for_everybody_and_to_nothing_else(hall: Hall) -> None:
    def connect(**chain: Any) -> str:
        policy = client(hall, **chain).get("/verify").headers["Content-Security-Policy"]
        return re.findall(r"connect-src ([^;]*);", policy)[0]

    assert connect() == "'self'"
    assert connect(rpc_url=NODE) == "'self' https://node.example"


@pytest.mark.parametrize("url", ["node.example", "https://node.example; script-src *", "file:///etc/hosts", "https://"])
def test_a_node_that_would_loosen_the_policy_or_is_none_is_refused(hall: Hall, url: str) -> None:
    with pytest.raises(InvalidInput):
        client(hall, rpc_url=url)


@pytest.mark.parametrize("text", ["", "[]", '{"0x12": "A maker"}', "{"])
def test_a_file_without_names_of_accounts_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "accounts.json"
    path.write_text(text)
    with pytest.raises(InvalidInput):
        read_accounts(path)


def test_networks_have_names_that_people_read() -> None:
    assert [Network(name=name, chain_id=1).title for name in ("op-sepolia", "mychain")] == ["OP Sepolia", "Mychain"]
