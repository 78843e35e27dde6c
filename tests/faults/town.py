"""A town with a service in it that faults befall: orders come in, processes are killed, and in the end all is sound."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from contrafact.domain.history import Funded
from contrafact.domain.job_state import JobState, JobStatus
from contrafact.domain.splits import PPM
from contrafact.errors import DatabaseError
from contrafact.order.delivery import is_delivered
from contrafact.order.folder import OrderFolder
from contrafact.ports import OrderStatus
from contrafact.store.database import Database
from contrafact.store.indexer import Indexer
from contrafact.store.jobs import Jobs
from contrafact.wiring import Site, indexing
from tests.jobs.studio import BOND, MAKER, OPERATOR, Studio
from tests.ledger.sent import wait_for

from . import service
from .service import Plan

SHARES = (666_667, 333_333)  # of a work's two holders; see `tests.jobs.studio`


@dataclass
class Town:
    """One operator's service: its home, store and database, and the orders that were paid, but for the `refunded`.

    `public` is the way to the chain that its maker, and who looks whether all is sound, go; the service's own way is
    the settings', on which there may be a gate.
    """

    studio: Studio
    database: str
    folder: Path
    public: str
    public_store: str = ""
    orders: list[bytes] = field(default_factory=list)
    refunded: list[bytes] = field(default_factory=list)
    processes: list[BaseProcess] = field(default_factory=list)
    _over: float = 0.0

    @property
    def home(self) -> Path:
        return self.studio.settings.home

    def site(self, **changes: object) -> Site:
        """Of somebody beside the service, without its faults."""
        ways = {"rpc_url": self.public, "store": self.public_store or self.studio.settings.store}
        return self.studio.site(**ways | changes)  # type: ignore[arg-type]

    def start(
        self, main: Callable[[Plan], None], kill_at: str = "", way: str = "forkserver", **more: Any
    ) -> BaseProcess:
        """A process of the service; `way`: how Python starts it."""
        context: Any = multiprocessing.get_context(way)
        if way == "forkserver":
            context.set_forkserver_preload(["tests.faults.service"])
        plan = Plan(self.studio, self.database, self.folder / "diary", kill_at, **more)
        process = context.Process(target=main, args=(plan,), daemon=True)
        process.start()
        self.processes.append(process)
        return process

    def start_both(self, **more: Any) -> tuple[BaseProcess, BaseProcess]:
        return self.start(service.follow, **more), self.start(service.operate, **more)

    def kill(self, process: BaseProcess) -> None:
        """SIGKILL."""
        process.kill()
        process.join()
        self.processes.remove(process)

    def close(self) -> None:
        for process in list(self.processes):
            self.kill(process)

    def fund(self, count: int = 1, **changes: object) -> list[bytes]:
        """Paid orders."""
        found = self.studio.fund(self.site(**changes), count)
        self.orders += found
        return found

    @contextmanager
    def opened(self) -> Iterator[Database]:
        database = Database(self.database)
        yield database
        database.close()

    def jobs(self) -> dict[bytes, JobState]:
        """As the database has them; none while it does not answer."""
        with self.opened() as database, suppress(DatabaseError):
            return {state.order_id: state for state in Jobs(database).listed()}
        return {}

    def statuses(self) -> Counter[JobStatus]:
        return Counter(state.status for state in self.jobs().values())

    def told(self, **wanted: object) -> list[dict[str, Any]]:
        """What the processes wrote down, with all these values."""
        with suppress(FileNotFoundError):
            said = [json.loads(line) for line in (self.folder / "diary").read_text().splitlines()]
            return [one for one in said if wanted.items() <= one.items()]
        return []

    def over(self) -> None:
        """The fault is over; from now on, the time until all is settled counts."""
        self._over = time.monotonic()

    def settle(self, what: str = "", but: Collection[bytes] = ()) -> None:
        """Waits until every order (`but` some) is finished, and says how long after the fault, else after now."""
        began, wanted = self._over or time.monotonic(), {order for order in self.orders if order not in but}
        wait_for(lambda: wanted <= {o for o, job in self.jobs().items() if job.status is JobStatus.FINISHED})
        self._over = 0.0
        if what:
            print(f"settled {time.monotonic() - began:.1f} s {what}", flush=True)

    def require_sound(self, *others: Town) -> None:
        """Nothing is lost, nothing paid twice, the index is what the chain says, and nobody holds on to anything.

        `others` are on the same chain.
        """
        assert all(process.is_alive() for process in self.processes), "a process ended that nobody killed"
        site = self.site()
        towns = (self, *others)
        _require_ends_once(
            site, [o for town in towns for o in town.orders], [o for town in towns for o in town.refunded]
        )
        _require_sums(site)
        for order in (*self.orders, *self.refunded):
            assert is_delivered(OrderFolder(self.home, order)) is (order in self.orders)
        with self.opened() as database:
            wait_for(lambda: JobStatus.RUNNING not in self.statuses())  # no lease outlives its owner's time
            self.close()
            Indexer(database, indexing.feed(site)).catch_up()
            assert indexing.differences(site, database) == []
        left = [pending.name for who in (OPERATOR, MAKER) for pending in site.connection.under_way(who.address)]
        assert left == [], "the journal still has transactions under way"


def _require_ends_once(site: Site, orders: Collection[bytes], refunded: Collection[bytes]) -> None:
    assert Counter(event.commit.order_id for event in site.reader.committed()) == Counter(orders)
    assert Counter(event.order_id for event in site.reader.refunded()) == Counter(refunded)
    assert {site.reader.order_status(order) for order in orders} <= {OrderStatus.COMMITTED}
    assert {site.reader.order_status(order) for order in refunded} <= {OrderStatus.REFUNDED}


def _require_sums(site: Site) -> None:
    """The contract holds the bond, and of what was funded all that was neither paid out nor given back; each order's
    money went where its settlement says; each holder has its share of its work's account, and not a unit more.
    """
    reader, token = site.reader, site.token()
    funded: dict[bytes, Funded] = {event.order_id: event for event in reader.funded()}
    credited: Counter[bytes] = Counter()
    received: Counter[bytes] = Counter()
    for credit in reader.credited():
        credited[credit.order_id] += credit.amount
        received[credit.beneficiary] += credit.amount
    for event in reader.committed():
        order = event.commit.order_id
        assert funded[order].escrowed == credited[order] + event.operator_fee + event.refunded
    paid: Counter[tuple[bytes, int]] = Counter()
    for payment in reader.paid():
        paid[payment.beneficiary, payment.index] += payment.amount
    models = {model.model_id for model in reader.models()}
    for work in received.keys() - models:
        assert [paid[work, i] for i in range(2)] == [received[work] * share // PPM for share in SHARES]
    assert {work for work, _ in paid} <= received.keys() - models
    held = reader.balance(reader.domain.contract, token)
    penalties = sum(event.penalty for event in reader.refunded())
    assert held == BOND - penalties + sum(received.values()) - sum(paid.values())
    assert reader.bond(OPERATOR.address, token).locked == 0
