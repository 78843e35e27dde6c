"""The commands of docs/deploying.md work as they stand, on a node that is set up as the public network they name."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from eth_account import Account
from tests.clients.anvil import Anvil

PAGE = Path(__file__).resolve().parents[2] / "docs/deploying.md"
SAFE = "0x5afe5afe5afe5afe5afe5afe5afe5afe5afe5afe"
RUNTIME = "0x60006000f3"


class Reader:
    """Somebody who follows the page in an empty folder."""

    def __init__(self, folder: Path, node: Anvil) -> None:
        self.folder = folder
        text = PAGE.read_text()
        self.commands = re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)
        (settings,) = re.findall(r"^```toml\n(.*?)^```", text, re.M | re.S)
        (folder / "contrafact.toml").write_text(re.sub(r'"https://.*"', f'"{node.url}"', settings))

    def follow(self, words: str) -> subprocess.CompletedProcess[str]:
        """Runs the only block of commands that has these words."""
        (block,) = (block for block in self.commands if words in block)
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "COLUMNS": "200",
            "ADMIN": SAFE,
            "ARBITER": SAFE,
            "GUARDIAN": Account.create().address,
            "CONTRAFACT_POLL_SECONDS": "0.2",
        }
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )


@pytest.mark.slow
def test_the_page_leads_from_a_new_key_to_checked_contracts(start_anvil: Callable[..., Anvil], tmp_path: Path) -> None:
    node = start_anvil("--chain-id", "11155111", "--block-time", "1")
    node.rpc("anvil_setCode", [SAFE, RUNTIME])
    reader = Reader(tmp_path, node)
    assert reader.follow("Account.create()").returncode == 0
    account = Account.from_key((tmp_path / "deployer.key").read_text().strip())
    done = reader.follow("network check")
    assert done.returncode == 0, done.stdout + done.stderr

    done = reader.follow("--dry-run")
    assert done.returncode == 5
    assert f"Send them to {account.address}" in " ".join(done.stdout.replace("│", " ").split())
    node.rpc("anvil_setBalance", [account.address, hex(5 * 10**16)])
    done = reader.follow("--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr
    assert node.rpc("eth_getTransactionCount", [account.address, "latest"]) == "0x0"

    done = reader.follow('deploy --network sepolia --admin "$ADMIN"')
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(node.rpc("eth_getTransactionCount", [account.address, "latest"]), 16) == 15
    assert json.loads((tmp_path / "deployments/11155111.json").read_text())["chain_id"] == 11155111
    done = reader.follow("deploy check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warn" not in done.stdout
    done = reader.follow("verify-input")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "verify/Catalogue.sourcify.curl").is_file()
    done = reader.follow("works list")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_names_every_check_of_a_node_and_no_other() -> None:
    source = (PAGE.parents[1] / "backend/contrafact/ledger/node_check.py").read_text()
    named = set(re.findall(r'\b(?:ok|warn|fail)\(\s*"([^"]+)"', source)) | {"pending count", "gas estimates"}
    (table,) = re.findall(r"^\| check \|.*\n\|.*\n((?:\|.*\n)+)", PAGE.read_text(), re.M)
    listed = {name.strip() for line in table.splitlines() for name in line.split("|")[1].split(",")}
    assert listed == named - {"answers"}
