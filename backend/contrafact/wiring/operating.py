"""The operator's runner put together: orders from the chain or the index, jobs in the database, workers as set.

SQLAlchemy, and what workers need, is imported only when something is opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from contrafact.compute.opening import open_workers
from contrafact.compute.pool import PooledGenerator, PooledRenderer
from contrafact.compute.tasks import Packaged
from contrafact.domain.digests import from_hex
from contrafact.domain.history import Claim
from contrafact.errors import NotFound
from contrafact.jobs.events import OnEvent, unheard
from contrafact.jobs.ports import JobStore, OpenOrder, OpenOrders
from contrafact.jobs.runner import Pace, Runner
from contrafact.ledger.signer import Signer
from contrafact.order.delivery import is_delivered
from contrafact.order.folder import OrderFolder
from contrafact.ports import OrderStatus
from contrafact.read_model import OrderRow, ReadModel
from contrafact.settings import Settings
from contrafact.wiring import standing
from contrafact.wiring.crediting import claims_on_works
from contrafact.wiring.site import Site, require_generation, require_service

if TYPE_CHECKING:
    from contrafact.store.database import Database
    from contrafact.store.jobs import Jobs


@dataclass(frozen=True, slots=True)
class ChainOrders:
    """Implements the port OpenOrders by the chain itself: right for few orders, and without an index."""

    site: Site
    operator: str

    def open_orders(self) -> Sequence[OpenOrder]:
        """Those whose payment has the network's confirmations. Raises ChainError."""
        confirmed = self.site.connection.confirmed_head()
        found = standing.open_orders(self.site, self.operator)
        return [
            OpenOrder(order.order_id, order.deadline, order.is_committed, order.is_here)
            for order in found
            if order.is_committed or order.block <= confirmed
        ]

    def unpaid(self) -> Sequence[Claim]:
        """All claims on the works that they were made from, paid or not. Raises ChainError."""
        mine = [order.quote for order in self.site.reader.funded() if order.quote.operator == self.operator]
        works = {source.work_id for quote in mine for source in quote.sources}
        return claims_on_works(self.site, works)[0]


@dataclass(frozen=True, slots=True)
class IndexedOrders:
    """Implements the port OpenOrders by the read model, and by the home for what is settled and not delivered."""

    index: ReadModel
    home: Path
    operator: str

    def open_orders(self) -> Sequence[OpenOrder]:
        """Those whose payment has the network's confirmations. Raises DatabaseError."""
        funded = [row for row in self.index.open_orders(self.operator) if row.confirmed]
        return [self._open(row) for row in (*funded, *self._unfinished())]

    def unpaid(self) -> Sequence[Claim]:
        """Raises DatabaseError."""
        return self.index.unpaid(self.operator)

    def _unfinished(self) -> Iterator[OrderRow]:
        """Orders that were made here, are committed, and are not delivered."""
        for folder in begun(self.home):
            with suppress(NotFound):
                if (row := self.index.order(folder.order_id)).status is OrderStatus.COMMITTED:
                    yield row

    def _open(self, row: OrderRow) -> OpenOrder:
        is_here = OrderFolder(self.home, row.order_id).is_quoted
        return OpenOrder(row.order_id, row.quote.deadline, row.status is OrderStatus.COMMITTED, is_here)


def begun(home: Path) -> Iterator[OrderFolder]:
    """The folders of orders that something was generated for, and that are not delivered."""
    for path in sorted((home / "orders").glob("0x*/attempt.json")):
        folder = OrderFolder(home, from_hex(path.parent.name))
        if not is_delivered(folder):
            yield folder


@contextmanager
def operating(
    site: Site, key: Signer, jobs: JobStore, orders: OpenOrders | None = None, on_event: OnEvent = unheard
) -> Iterator[Runner]:
    """A runner of the operator that `key` signs for; its workers end with the `with`.

    Raises what opening the workers raises, and ChainError.
    """
    settings = site.settings
    if settings.compute != "inline":
        require_generation()
    recipe, seconds = Packaged(settings.threads), settings.piece_seconds
    workers = open_workers(settings.compute, settings.workers, settings.threads, recipe, seconds)
    if workers is not None:
        site.generator, site.renderer = PooledGenerator(workers), PooledRenderer(workers)
    try:
        found = orders or ChainOrders(site, site.operator_of(key))
        yield Runner(found, jobs, site.workshop(key), pace(settings), on_event)
    finally:
        if workers is not None:
            workers.close()


def pace(settings: Settings) -> Pace:
    """How the settings want the runner to work. What runs gets most of the time until the process must have ended."""
    grace = 0.75 * settings.shutdown_seconds
    return Pace(
        at_once=settings.jobs_at_once,
        grace=grace,
        refund_expired=settings.refund_expired,
        pay=60 * settings.payout_minutes,
    )


@contextmanager
def open_jobs(settings: Settings) -> Iterator[Jobs]:
    """The jobs in the database of the settings, whose schema is brought up to date. Raises NotFound where the extra
    `service` is not installed, and DatabaseError.
    """
    with open_database(settings) as database:
        from contrafact.store.jobs import Jobs

        yield Jobs(database)


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """As `open_jobs`."""
    require_service()
    from contrafact.wiring import indexing

    database = indexing.open_database(settings)
    try:
        database.migrate()
        yield database
    finally:
        database.close()
