"""Nothing of a demo is left when it is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

CHAIN = """
import sys, time
from pathlib import Path
from contrafact.demo.chain import development_chain

with development_chain(Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(60)
"""


def test_the_demos_chain_ends_with_the_process_that_is_killed_over_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CHAIN, str(tmp_path / "chain.log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        url = owner.stdout.readline().strip()
        assert answers(url)
        owner.send_signal(signal.SIGKILL)
    end = time.monotonic() + 30
    while answers(url):
        assert time.monotonic() < end, "the chain outlives its owner"
        time.sleep(0.05)


def answers(url: str) -> bool:
    try:
        return httpx.post(url, json={"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}).is_success
    except httpx.TransportError:
        return False
