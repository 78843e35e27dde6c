"""Four clients, two nodes, every method: the page docs/compatibility.md says what this finds.

CONTRAFACT_WRITE_COMPATIBILITY=1 python -m pytest tests/clients/compatibility     # writes the page anew
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from web3 import HTTPProvider, Web3, __version__

from hardhat_free_devnet import Devnet
from hardhat_free_devnet.methods import METHODS
from tests.clients.anvil import Anvil, missing
from tests.clients.wallets import LIBRARIES, missing_library

from . import bodies, eth_tester_node
from .asking import Answers
from .drivers import DRIVERS
from .explanations import explained
from .steps import Step, differences, steps
from .table import Answered, page, unexplained

pytestmark = pytest.mark.slow
PAGE = Path(__file__).parents[3] / "docs/compatibility.md"
PACKAGES = Path(__file__).parents[1] / "package.json"
BY_HASH = {"blockHash": "$block"}  # typed calls have other names for it, or none
CHANCE = "prevRandao"  # as ethers calls what the nodes call mixHash
ANVIL_OPTIONS = ("--hardfork", "prague", "--timestamp", "1700000000")


@pytest.fixture(scope="module")
def asked() -> list[Step]:
    """The steps; `plain` are those that devnet answers with something, which typed calls can read."""
    with Devnet(accounts=10) as devnet:
        answers = DRIVERS["web3.py"](devnet.url, devnet.ws_url, steps())["answers"]
    return [
        {**step, "plain": answer.get("result") is not None and BY_HASH not in step["params"]}
        for step, answer in zip(steps(), answers, strict=True)
    ]


@pytest.fixture(scope="module")
def answers(asked: list[Step]) -> dict[str, tuple[Answers, Answers]]:
    """For each client, what it got from a fresh devnet, and from a fresh Anvil."""
    for reason in (missing(), *map(missing_library, LIBRARIES)):
        if reason:
            pytest.skip(reason)
    found = {}
    for name, drive in DRIVERS.items():
        with Devnet(accounts=10) as devnet, Anvil(*ANVIL_OPTIONS) as anvil:
            found[name] = (drive(devnet.url, devnet.ws_url, asked), drive(anvil.url, anvil.ws_url, asked))
    return found


@pytest.fixture(scope="module")
def found(asked: list[Step], answers: dict[str, tuple[Answers, Answers]]) -> dict[str, Answered]:
    return {name: compared(asked, *both) for name, both in answers.items()}


def compared(asked: list[Step], ours: Answers, theirs: Answers) -> Answered:
    lines: dict[str, list[tuple[str, str]]] = {}
    for step, one, other in zip(asked, ours["answers"], theirs["answers"], strict=True):
        given = json.dumps(step["params"])
        found = [(given, line) for line in differences(one, other) if CHANCE not in line]
        lines.setdefault(step["method"], []).extend(found)
    rows = list(zip((step["method"] for step in asked), ours["answers"], strict=True))
    return Answered(
        lines,
        frozenset(method for method, answer in rows if not answer.get("past")),
        frozenset(method for method, answer in rows if "typed" in answer),
        {name: result == theirs["tasks"].get(name) for name, result in ours["tasks"].items()},
    )


def versions() -> dict[str, str]:
    listed: dict[str, Any] = json.loads(PACKAGES.read_text())
    pinned = listed["dependencies"] | listed["optionalDependencies"]
    names = {"viem": "viem", "ethers": "ethers"} | {n: f"@foundry-rs/{n}-linux-amd64" for n in ("anvil", "cast")}
    return {"web3": __version__, **{name: pinned[package] for name, package in names.items()}}


def test_every_method_of_the_development_chain_is_asked() -> None:
    assert set(METHODS) <= {step["method"] for step in steps()}


def test_every_difference_between_the_nodes_is_explained(found: dict[str, Answered]) -> None:
    assert unexplained(found) == []


def test_what_is_not_known_is_not_explained() -> None:
    assert explained("eth_getBalance", '["0x12", "latest"]', '.result: "0x1" | "0x2"') is None
    assert explained("eth_getTransactionReceipt", '["0x12"]', '.result.status: "0x1" | "0x0"') is None
    assert explained("eth_feeHistory", '["0x3", "latest", []]', ".result.oldestBlock: 7 | 6") is None
    assert explained("eth_feeHistory", '["0x0", "latest", []]', ".result.oldestBlock: 7 | 6") is not None


@pytest.mark.parametrize("client", DRIVERS)
def test_whole_tasks_succeed_on_both_nodes(answers: dict[str, tuple[Answers, Answers]], client: str) -> None:
    for tasks in (both["tasks"] for both in answers[client]):
        assert len(tasks) >= 2
        assert all("result" in outcome for outcome in tasks.values()), tasks


@pytest.mark.parametrize("client", ["viem", "ethers", "cast"])
def test_typed_calls_read_what_devnet_answers(
    asked: list[Step], answers: dict[str, tuple[Answers, Answers]], client: str
) -> None:
    ours, theirs = (both["answers"] for both in answers[client])
    refused = [
        (step["method"], step["params"], one["typed"])
        for step, one, other in zip(asked, ours, theirs, strict=True)
        if "error" in one.get("typed", {}) and "result" in other.get("typed", {})
    ]
    assert refused == []
    read = [one for one in ours if "result" in one.get("typed", {})]
    assert len(read) > 20


@pytest.fixture(scope="module")
def more(answers: dict[str, tuple[Answers, Answers]]) -> list[str]:
    """The sections on odd requests, and on eth-tester."""
    with Devnet(accounts=10) as devnet, Anvil(*ANVIL_OPTIONS) as anvil:
        odd = bodies.section(devnet.url, anvil.url)
    with Devnet(accounts=10, chain_id=eth_tester_node.CHAIN_ID) as devnet:
        return odd + eth_tester_node.section(Web3(HTTPProvider(devnet.url)))


def test_the_page_says_what_was_found(found: dict[str, Answered], asked: list[Step], more: list[str]) -> None:
    text = page(found, asked, versions(), more)
    if os.environ.get("CONTRAFACT_WRITE_COMPATIBILITY"):
        PAGE.write_text(text)
    assert not re.search(r"\| [^|]*\?", text.split("## Methods")[1].split("## Notes")[0])
    assert PAGE.read_text() == text
