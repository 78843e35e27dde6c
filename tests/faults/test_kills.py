"""The indexer and the runner are killed (SIGKILL) while orders come in; whoever is started next goes on."""

from __future__ import annotations

import itertools
import random
import signal
import time

import pytest

from contrafact.domain.job_state import JobStatus
from tests.ledger.sent import wait_for

from . import service
from .conftest import Origin
from .town import Town

pytestmark = pytest.mark.slow
POINTS = ("step generate", "step record", "sending 1", "sent 1", "step pay out", "sent 3")
ENDS = 12  # times that the indexer is killed at random
LONGEST = 60


def test_service_without_a_fault_is_sound(town: Town) -> None:
    town.start_both()
    town.fund(2)
    town.settle("no fault")
    town.require_sound()


def test_indexer_killed_before_and_after_every_transaction_of_its_own(town: Town, origin: Origin) -> None:
    """Of making tables, catching up, describing, following, and going back after a reorganisation."""
    town.start(service.operate)
    town.fund()
    assert _killed_until_idle(town) > 10
    origin.node.rpc("anvil_mine", [hex(8)])
    assert _killed_until_idle(town) >= 6
    origin.node.rpc("anvil_setCoinbase", ["0x" + "11" * 20])  # else empty blocks of the same second would be the same
    origin.node.rpc("anvil_reorg", [5, []])
    assert _killed_until_idle(town) >= 6
    town.fund()
    town.start(service.follow)
    town.settle("after the last kill of the indexer")
    town.require_sound()


def test_indexer_killed_at_random_moments_while_orders_come_in(town: Town) -> None:
    town.start(service.operate)
    chance = random.Random(7)
    for i in range(ENDS):
        follower = town.start(service.follow)
        time.sleep(chance.uniform(0.05, 1.2))
        if i % 4 == 0:
            town.fund()
        town.kill(follower)
    town.start(service.follow)
    town.settle("after the last of many kills of the indexer")
    town.require_sound()


def test_indexer_and_runner_killed_together_in_the_midst_of_orders(town: Town) -> None:
    """The index is behind when they come again: a commit may be on the chain, and not in the index."""
    for point in POINTS:
        follower, runner = town.start(service.follow), town.start(service.operate, point)
        town.fund()
        runner.join(LONGEST)
        town.kill(follower)
        assert runner.exitcode == -signal.SIGKILL, point
        town.processes.remove(runner)
    town.over()
    town.start_both()
    town.settle("after both were killed at many points")
    town.require_sound()


def test_runner_killed_in_every_transaction_of_its_database(town: Town) -> None:
    """It dies before or after its first, second, third … transaction, and another takes over, until all is done."""
    town.start(service.follow)
    town.fund()
    for number in range(1, 9):
        kind = ("before", "after")[number % 2]
        runner = town.start(service.operate, f"{kind} {number}")
        wait_for(lambda runner=runner: not runner.is_alive() or _is_done(town))
        town.kill(runner)
    town.start(service.operate)
    town.settle("after the runner was killed in each of its transactions")
    town.require_sound()


def _is_done(town: Town) -> bool:
    return town.statuses()[JobStatus.FINISHED] == len(town.orders)


def _killed_until_idle(town: Town) -> int:
    """Ends an indexer before its first transaction, another one after it, and so on, until there is none to be made.

    Returns how many it ended. When it starts, it brings the schema up to date, and looks for the cursor.
    """
    points = itertools.chain(("before 1", "after 1", "before 2", "after 2"), itertools.cycle(("before 3", "after 3")))
    for ended, point in enumerate(points):
        follower = town.start(service.follow, point)
        wait_for(lambda follower=follower: not follower.is_alive() or town.told(idle=True, pid=follower.pid))
        if follower.is_alive():
            town.kill(follower)
            return ended
        assert follower.exitcode == -signal.SIGKILL
        town.processes.remove(follower)
    raise AssertionError
