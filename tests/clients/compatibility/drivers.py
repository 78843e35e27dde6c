"""The four clients: each asks a node all steps, by raw requests and by its own typed calls, and does whole tasks."""

from __future__ import annotations

from collections.abc import Callable

from tests.clients.wallets import run_script

from .asking import ACCOUNT, Answers
from .cast_client import drive_cast
from .steps import PROBE, Step
from .web3_client import drive_web3


def drive_script(library: str, url: str, ws_url: str, steps: list[Step]) -> Answers:
    """viem or ethers, in Node."""
    probe = {"abi": PROBE["abi"], "bytecode": PROBE["bytecode"], "account": ACCOUNT}
    job = {"url": url, "wsUrl": ws_url, "steps": steps, "probe": probe}
    answers: Answers = run_script("compatibility/drive.mjs", job, library)
    return answers


DRIVERS: dict[str, Callable[[str, str, list[Step]], Answers]] = {
    "web3.py": drive_web3,
    "viem": lambda url, ws, steps: drive_script("viem", url, ws, steps),
    "ethers": lambda url, ws, steps: drive_script("ethers", url, ws, steps),
    "cast": drive_cast,
}
