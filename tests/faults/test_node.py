"""The node is away for a while: during indexing, and around the sending of a commit. Nothing is sent twice."""

from __future__ import annotations

import json
import shutil
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.clients.anvil import Anvil, missing
from tests.jobs.studio import found
from tests.ledger.sent import wait_for

from .conftest import Origin
from .gate import Gate, State
from .town import Town

pytestmark = pytest.mark.slow
AWAY = 2.0


@pytest.mark.parametrize("state", [State.SHUT, State.STALLED])
def test_node_that_is_away_while_orders_come_in(gated: Town, gate: Gate, state: State) -> None:
    gated.start_both()
    gated.fund()
    gated.settle()
    gate.set(state)
    gated.fund(2)
    wait_for(lambda: gated.told(follower="chain"))
    time.sleep(AWAY)
    gate.set(State.OPEN)
    gated.settle(f"after the node was {state} for a while")
    gated.require_sound()


@pytest.mark.parametrize("passes", [False, True])
def test_node_that_is_lost_as_a_commit_is_sent(gated: Town, gate: Gate, passes: bool) -> None:
    """Before the transaction reaches it; or after, so that nobody hears of it."""
    gated.start_both()
    gate.trap(b"eth_sendRawTransaction", passes=passes)
    gated.fund()
    assert gate.sprung.wait(60)
    wait_for(lambda: gated.told(what="retried"))
    gated.fund()
    time.sleep(AWAY)
    gate.set(State.OPEN)
    gated.settle(f"after the node was lost {'after' if passes else 'before'} it took a commit")
    gated.require_sound()


def test_node_that_is_lost_between_a_commit_and_its_receipt(gated: Town, gate: Gate, origin: Origin) -> None:
    """The commit waits in the node for a block; the node goes, mines it, and comes again."""
    gated.start_both()
    gated.fund()
    origin.node.rpc("evm_setAutomine", [False])
    try:
        wait_for(lambda: origin.node.rpc("txpool_status")["pending"] != "0x0")
        gate.set(State.SHUT)
        wait_for(lambda: gated.told(what="retried") or gated.told(what="hindered"))
        origin.node.rpc("anvil_mine", ["0x1"])
    finally:
        origin.node.rpc("evm_setAutomine", [True])
    gate.set(State.OPEN)
    gated.settle("after the node was lost between a commit and its receipt")
    gated.require_sound()


def test_node_that_is_killed_and_comes_back_as_it_was_before_a_commit(tmp_path: Path) -> None:
    """Its last blocks are gone, although everybody has seen them: the payment is there, and the commit is not."""
    if reason := missing():
        pytest.skip(reason)
    state, kept = tmp_path / "state", tmp_path / "kept"
    with Anvil("--state", str(state), "--state-interval", "1") as node:
        town = Town(found(tmp_path, node.url), f"sqlite:///{tmp_path / 'service.db'}", tmp_path, node.url)
        (order,) = town.fund()
        wait_for(lambda: _kept_block(state) >= int(node.rpc("eth_blockNumber"), 16))
        shutil.copy(state, kept)
        town.start_both()
        town.settle()
        node.stop()
    with Anvil("--state", str(kept), port=node.port):
        try:
            town.over()
            wait_for(lambda: len(town.told(order=order.hex(), what="finished")) == 2)
            town.settle("after the node was killed, and came back as it was before a commit")
            town.require_sound()
        finally:
            town.close()


def _kept_block(state: Path) -> int:
    """The newest block of the state that the node has written; -1 while there is none, or it is being written."""
    with suppress(OSError, ValueError, KeyError):
        return int(json.loads(state.read_text())["best_block_number"])
    return -1
