"""Anvil, a development node by other people, from the npm packages that `scripts/test` installs in this folder."""

from __future__ import annotations

import itertools
import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Self

from eth_account import Account
from eth_account.signers.local import LocalAccount

_PACKAGES = Path(__file__).parent / "node_modules/@foundry-rs"
BINARY, CAST = _PACKAGES / "anvil-linux-amd64/bin/anvil", _PACKAGES / "cast-linux-amd64/bin/cast"
START_SECONDS = 30
MNEMONIC = "test test test test test test test test test test test junk"

Account.enable_unaudited_hdwallet_features()


def missing() -> str:
    """Why it cannot be started; empty if it can."""
    return "" if BINARY.exists() else "anvil is not installed: run ./scripts/test, or npm ci in tests/clients"


class Anvil:
    """A node of its own on a free port, or this one, until the end of the `with`; `options` are anvil's command line.

        with Anvil("--block-time", "1") as node:
            node.rpc("anvil_reorg", [2, []])

    It mines each transaction at once unless told otherwise. `url` is its HTTP address, `ws_url` its WebSocket.
    """

    def __init__(self, *options: str, port: int = 0) -> None:
        self._options = options
        self._ids = itertools.count()
        with socket.create_server(("127.0.0.1", port)) as free:
            self.port: int = free.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        command = [str(BINARY), "--silent", "--port", str(self.port), "--mnemonic", MNEMONIC, *self._options]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise RuntimeError(f"anvil ended with code {self._process.returncode}")
            try:
                self.rpc("eth_chainId")
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
            else:
                return self
        self.stop()
        raise RuntimeError(f"anvil did not answer within {START_SECONDS} s")

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends the process, as a crash would."""
        self._process.kill()
        self._process.wait()

    def account(self, index: int) -> LocalAccount:
        """One of the ten accounts that hold 10,000 coins at the start."""
        made: LocalAccount = Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")
        return made

    def rpc(self, method: str, parameters: list[Any] | None = None) -> Any:
        """The result of a JSON-RPC call. Raises RuntimeError for an error that the node answers."""
        call = {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": parameters or []}
        request = urllib.request.Request(self.url, json.dumps(call).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as response:
            answer = json.load(response)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]
