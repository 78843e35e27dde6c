"""The supervised parts of a service: each opens what it needs itself, so that a new start is a start from nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Event

from contrafact.domain.job_state import JobStatus
from contrafact.ledger.signer import Signer
from contrafact.operations.job_events import JobEvents
from contrafact.operations.supervisor import Supervised
from contrafact.settings import Settings
from contrafact.store.database import Database
from contrafact.store.jobs import Jobs
from contrafact.store.read_model import IndexedReadModel
from contrafact.wiring import Site
from contrafact.wiring.indexing import follow
from contrafact.wiring.operating import IndexedOrders, operating


def indexer(settings: Settings, database: Database) -> Supervised:
    """Follows the chain into the database."""

    def run(stop: Event) -> None:
        site = Site(settings)
        try:
            follow(site, database, stop)
        finally:
            site.connection.close()

    return Supervised("indexer", run)


def jobs(settings: Settings, database: Database, key: Signer) -> Supervised:
    """Brings the operator's paid orders to their end, as the index tells them."""

    def run(stop: Event) -> None:
        site = Site(settings)
        orders = IndexedOrders(IndexedReadModel(database), settings.home, site.operator_of(key))
        with operating(site, key, Jobs(database), orders, JobEvents()) as runner:
            runner.run(stop)

    return Supervised("jobs", run)


def job_counts(database: Database) -> Callable[[], Mapping[JobStatus, int]]:
    """How many jobs there are of each status."""
    store = Jobs(database)
    return store.counts
