"""The demo's chain: `hardhat-free-devnet` in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from contrafact.errors import ChainError

READY = "Listening on "
START_SECONDS = 60


@contextmanager
def development_chain(log: Path, state: Path | None = None, port: int = 0) -> Iterator[str]:
    """Starts the chain on this port, or a free one, and yields its URL. Raises ChainError.

    It ends with the block, and with this process, also where that is killed. Its blocks are kept in `state`, if there
    is one. Ctrl-C is for whoever uses it, and does not reach it.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "contrafact.leash", "hardhat_free_devnet", "--port", str(port)]
    command += [] if state is None else ["--state", str(state)]
    with log.open("w") as output, _started(command, output) as process:
        try:
            yield _url(process, log)
        finally:
            process.terminate()
            process.wait(timeout=10)


def _started(command: list[str], output: IO[str]) -> subprocess.Popen[bytes]:
    """Standard input is the leash that the process lives by."""
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": output, "stderr": subprocess.STDOUT}
    return subprocess.Popen(command, **pipes, start_new_session=True)


def _url(process: subprocess.Popen[bytes], log: Path) -> str:
    give_up = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < give_up:
        said = log.read_text()
        if READY in said and said.endswith("\n"):
            return said.split(READY, 1)[1].split()[0]
        time.sleep(0.05)
    raise ChainError("The development chain did not start.", f"It said: {log.read_text().strip()}")
