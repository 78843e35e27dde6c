"""A service with its development chain, as `contrafact serve --devnet` gives it; founded once for all processes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from filelock import FileLock
from web3 import HTTPProvider, Web3

from tests.e2e.command import EXECUTABLE

LONGEST = 240
FOLDER = "contrafact-devnet"


@dataclass(frozen=True, slots=True)
class WebSite:
    """A running service. `folder` holds its development chain and its log."""

    url: str
    rpc_url: str
    folder: Path

    @property
    def chain(self) -> Web3:
        return Web3(HTTPProvider(self.rpc_url))

    def get(self, path: str) -> Any:
        """What the API answers to everybody."""
        answer = httpx.get(f"{self.url}{path}", timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()


def founded(folder: Path) -> Path:
    """A folder with a founded development chain that nobody writes to; made by whichever test process comes first."""
    with FileLock(folder / "founding.lock"):
        made = folder / "founded"
        if not made.exists():
            begun = folder / "begun"
            shutil.rmtree(begun, ignore_errors=True)
            begun.mkdir(parents=True)
            with served(begun):
                pass
            begun.rename(made)
    return made


@contextmanager
def site_in(folder: Path, from_founded: Path, **settings: str) -> Iterator[WebSite]:
    """A site of its own, from a copy of the founded one."""
    shutil.copytree(from_founded / FOLDER, folder / FOLDER)
    with served(folder, **settings) as site:
        yield site


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[WebSite]:
    """`contrafact serve --devnet` in the folder, on a free port; ended at the end.

    Unless asked, it pays out with orders only (else what a test is about to claim may be gone), and does not audit
    itself: each order would bring another audit, beside the tests.
    """
    named = {
        f"CONTRAFACT_{name.upper()}": value
        for name, value in {"payout_minutes": "0", "audit_hours": "0", **settings}.items()
    }
    environment = {**os.environ, "OMP_NUM_THREADS": "1", **named}
    log = folder / "service.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(EXECUTABLE), "serve", "--devnet", "--port", str(_free_port())],
            cwd=folder, stdout=subprocess.PIPE, stderr=output, env=environment,
        )  # fmt: skip
    try:
        assert process.stdout is not None
        said = process.stdout.readline().decode()
        assert said.startswith("Listening on "), log.read_text()
        yield WebSite(_ready(said.split()[-1], log), _rpc_url(log), folder)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def _free_port() -> int:
    """Known before the service starts: a page's cookie counts only at the service's own origin."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def _ready(url: str, log: Path) -> str:
    """Waits until all works are indexed."""
    give_up = time.monotonic() + LONGEST
    while time.monotonic() < give_up:
        status = httpx.get(f"{url}/v1/status", timeout=60).json()
        if status["lag"] == 0 and status["block"] > 0:
            return url
        time.sleep(0.2)
    raise AssertionError(log.read_text())


def _rpc_url(log: Path) -> str:
    return re.findall(r"CONTRAFACT_RPC_URL=(\S+)", log.read_text())[-1]
