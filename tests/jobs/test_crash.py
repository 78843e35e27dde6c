"""A runner is killed (SIGKILL) in each step of an order; the next one finishes it, once, as if nothing had happened."""

from __future__ import annotations

import hashlib
import multiprocessing
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from contrafact.domain.digests import to_hex
from contrafact.domain.job_state import JobStatus
from contrafact.order.job import STEPS
from contrafact.store.database import Database
from contrafact.store.jobs import Jobs
from hardhat_free_devnet import Devnet
from tests.clients import anvil
from tests.ledger.sent import wait_for

from . import crashing
from .studio import OPERATOR, Studio, found, settled_exactly, shift

pytestmark = pytest.mark.slow

POINTS = (
    *(f"step {name}" for name in STEPS),
    "sending 1",  # the commit is signed
    "sent 1",  # the commit is in a block, and nobody has looked it up
    "sent 2",  # the holders' confirmations are
    "sent 3",  # the payout is
)
LONGEST_RUN = 60


@dataclass(frozen=True, slots=True)
class World:
    """The operator's home, store and database in a folder of their own, on the chain as it was at payment."""

    studio: Studio
    order: bytes
    database: str

    def run_until_killed(self, kill_at: str) -> int | None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.jobs.crashing"])
        process = context.Process(target=crashing.run, args=(self.studio, self.database, kill_at))
        process.start()
        process.join(LONGEST_RUN)
        return process.exitcode

    def finish(self) -> None:
        """A runner takes the order up and ends it."""
        database = Database(self.database)
        jobs = Jobs(database)
        with shift(self.studio.site(), jobs, look=0.3, lease=0.3):
            wait_for(lambda: jobs.listed(JobStatus.FINISHED))
        database.close()

    def outcome(self) -> dict[str, object]:
        """What the order leaves behind, on the chain and in the maker's folder; and that the money adds up."""
        site = self.studio.site()
        delivery = site.settings.home / "orders" / to_hex(self.order) / "delivery"
        files = sorted(path for path in delivery.rglob("*") if path.is_file())
        assert settled_exactly(site, [self.order])
        return {
            "records": [event.commit for event in site.reader.committed(self.order)],
            "paid": sorted((event.holder, event.amount) for event in site.reader.paid()),
            "files": [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files],
            "transactions": site.connection.nonce(OPERATOR.address),
        }


@dataclass(frozen=True, slots=True)
class Origin:
    studio: Studio
    order: bytes

    @contextmanager
    def world(self, folder: Path) -> Iterator[World]:
        """A copy of home and store, and an empty database; what is done to the chain is undone at the end."""
        settings = self.studio.settings
        for part in ("home", "store"):
            shutil.copytree(settings.home.parent / part, folder / part)
        places = {"home": folder / "home", "store": f"folder:{folder / 'store'}"}
        database = Database(url := f"sqlite:///{folder / 'service.db'}")
        database.migrate()
        database.close()
        snapshot = self.studio.rpc("evm_snapshot")
        yield World(replace(self.studio, settings=settings.model_copy(update=places)), self.order, url)
        self.studio.rpc("evm_revert", snapshot)


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origin]:
    node = Devnet() if anvil.missing() else anvil.Anvil("--accounts", "20")
    with node:
        studio = found(tmp_path_factory.mktemp("origin"), node.url)
        (order,) = studio.fund(studio.site())
        yield Origin(studio, order)


@pytest.fixture(scope="module")
def undisturbed(origin: Origin, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    with origin.world(tmp_path_factory.mktemp("undisturbed")) as world:
        world.finish()
        return world.outcome()


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_runners_order_is_finished_by_the_next_one(
    origin: Origin, undisturbed: dict[str, object], point: str, tmp_path: Path
) -> None:
    with origin.world(tmp_path) as world:
        assert world.run_until_killed(point) == -signal.SIGKILL
        world.finish()
        assert world.outcome() == undisturbed
