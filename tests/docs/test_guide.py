"""The guide's commands work as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hardhat_free_devnet import Devnet

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_guide_leads_from_an_empty_chain_to_a_clean_audit(tmp_path: Path) -> None:
    commands = "\n".join(re.findall(r"^```sh\n(.*?)^```", (ROOT / "docs/guide.md").read_text(), re.M | re.S))
    with Devnet() as node:
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "COLUMNS": "200",
            "CONTRAFACT_RPC_URL": node.url,
            "EXAMPLES": str(ROOT / "docs/examples"),
        }
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\bok\b.*checks", done.stdout)
    assert "0 of 2662 training works lack consent" in done.stdout
    assert "identical" in done.stdout
    assert "Sly Patrick" in done.stdout
    assert (tmp_path / "audit/audit.html").is_file()
