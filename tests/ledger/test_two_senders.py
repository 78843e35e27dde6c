"""Two processes send from one key at once, from one home or from two: every transaction is mined."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contrafact.demo import world
from contrafact.ledger.artifacts import load
from contrafact.ledger.connection import Connection
from contrafact.ledger.policy import Policy
from contrafact.ledger.sending import TookItsPlace
from hardhat_free_devnet import Devnet
from tests.clients.anvil import Anvil

pytestmark = pytest.mark.slow

EACH = 20
SENDER, TO = world.account(1), world.account(5).address


def send_all(url: str, dollar: str, home: Path, meeting: Any) -> None:
    """Mints one unit so many times. What another process displaced was not mined, and is sent anew."""
    connection = Connection.open(url, policy=Policy(poll_seconds=0.02, confirmations=1, journal=home))
    mint = connection.contract("TestDollar", dollar).functions.mint(TO, 1)
    meeting.wait(timeout=60)
    sent = 0
    while sent < EACH:
        try:
            connection.send(mint, SENDER)
        except TookItsPlace:
            continue
        sent += 1


@pytest.mark.parametrize(
    ("kind", "homes"),
    [
        ("devnet", "one home"),
        ("anvil", "one home"),
        ("anvil", "two homes"),
        ("anvil with a timer", "one home"),
        ("anvil with a timer", "two homes"),
    ],
)
def test_all_transactions_of_both_processes_are_mined(
    kind: str, homes: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "devnet":
        with Devnet() as devnet:
            _send_from_two(devnet.url, homes, tmp_path)
        return
    start: Callable[..., Anvil] = request.getfixturevalue("start_anvil")
    node = start(*(["--block-time", "0.2"] if "timer" in kind else []))
    _send_from_two(node.url, homes, tmp_path)


def _send_from_two(url: str, homes: str, folder: Path) -> None:
    connection, artifact = Connection.open(url, policy=Policy(confirmations=1)), load("TestDollar")
    factory = connection.web3.eth.contract(abi=artifact.abi, bytecode=artifact.bytecode)
    dollar = str(connection.send(factory.constructor(), world.account(9))["contractAddress"])
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.ledger.test_two_senders"])
    meeting = context.Barrier(2)
    places = [folder / ("home" if homes == "one home" else f"home {i}") for i in range(2)]
    both = [context.Process(target=send_all, args=(url, dollar, place, meeting)) for place in places]
    for process in both:
        process.start()
    for process in both:
        process.join(120)
    assert [process.exitcode for process in both] == [0, 0]
    minted = connection.call(connection.contract("TestDollar", dollar).functions.balanceOf(TO))
    assert minted == 2 * EACH
    assert connection.nonce(SENDER.address, "latest") == 2 * EACH
    assert not [path for place in places for path in place.glob("*.json")]
