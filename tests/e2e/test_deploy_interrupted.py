"""A deployment to a public network, killed at every transaction and resumed, behind a node that often fails."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from contrafact.ledger.artifacts import CONTRACTS
from tests.clients.anvil import Anvil

from ..ledger.proxy import Request, Status, every, proxy
from .command import EXECUTABLE, begun, key_file

SEPOLIA = "11155111"
ROLE_STEPS = 8
STEPS = len(CONTRACTS) + ROLE_STEPS
MOST_RUNS = 3 * STEPS


class Deployer:
    """The command in processes of its own, of which each is killed when it sends its n-th transaction."""

    def __init__(self, folder: Path, admin: str, *, killed_at: int, lost: bool) -> None:
        self.folder, self.killed_at, self.lost = folder, killed_at, lost
        self.key, self.admin = key_file(folder, 0), admin
        self.process: BaseProcess | None = None
        self.sent = 0
        self.tenth = every(10, Status(503))

    def watch(self, request: Request) -> str | bytes | Status | None:
        """What the proxy does: the kill comes before the transaction reaches the node, or before the answer comes."""
        if not isinstance(request, list) and request["method"] == "eth_sendRawTransaction":
            self.sent += 1
            if self.sent == self.killed_at and self.process:
                self.process.kill()
                return Status(503) if self.lost else None
        return self.tenth(request)

    def run(self, url: str, home: str, *arguments: str) -> int:
        self.sent = 0
        environment = self.environment(url) | {"CONTRAFACT_HOME": home}
        self.process = begun(self.folder, environment, "deploy", "--network", "sepolia", "--json", *arguments)
        self.process.join(timeout=300)
        assert self.process.exitcode is not None
        return self.process.exitcode

    def environment(self, url: str) -> dict[str, str]:
        given = {"RPC_URL": url, "KEY_FILE": str(self.key), "CONFIRMATIONS": "1", "POLL_SECONDS": "0.2"}
        return os.environ | {f"CONTRAFACT_{name}": value for name, value in given.items()}

    def asked(self) -> list[str]:
        return ["--admin", self.admin, "--admin-is-a-key", "--arbiter", self.admin]

    def check(self, url: str) -> dict[str, Any]:
        command = [EXECUTABLE, "deploy", "check", "--network", "sepolia", "--json"]
        environment = self.environment(url)
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("killed_at", "lost", "remembers"),
    [(2, True, True), (1, False, True), (1, False, False)],
    ids=["before-it-is-sent", "after-it-is-sent", "after-it-is-sent-and-its-notes-are-gone"],
)
def test_a_deployment_killed_at_every_step_ends_with_everything_deployed_once(
    start_anvil: Callable[..., Anvil], tmp_path: Path, killed_at: int, lost: bool, remembers: bool
) -> None:
    node = start_anvil("--chain-id", SEPOLIA, "--block-time", "1")
    account, admin = node.account(0).address, node.account(1).address
    deployer = Deployer(tmp_path, admin, killed_at=killed_at, lost=lost)
    codes: list[int] = []
    with proxy(node.url, deployer.watch) as url:
        while not codes or (codes[-1] != 0 and len(codes) < MOST_RUNS):
            asked = deployer.asked() if len(codes) < 2 else ["--admin-is-a-key"]  # later ones go by the file
            codes.append(deployer.run(url, "home" if remembers else f"home-{len(codes)}", *asked))
        checked = deployer.check(url)
    assert codes[-1] == 0
    assert codes.count(-9) >= STEPS - 1
    assert int(node.rpc("eth_getTransactionCount", [account, "latest"]), 16) == STEPS
    made = json.loads((tmp_path / "deployments" / f"{SEPOLIA}.json").read_text())
    assert "pending" not in made
    assert set(made["contracts"]) == set(CONTRACTS)
    assert all(one["transaction"] and one["block"] for one in made["creations"].values())
    assert made["roles"] == {"admin": admin, "arbiter": admin, "guardian": account}
    assert {one["check"] for one in checked["checks"] if one["verdict"] != "ok"} == {"admin"}
