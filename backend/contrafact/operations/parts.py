"""The supervised parts of a service: each opens what it needs itself, so that a new start is a start from nothing."""

from __future__ import annotations

import logging
from threading import Event

from contrafact import telemetry
from contrafact.errors import ContrafactError
from contrafact.ledger.signer import Signer
from contrafact.operations.job_events import JobEvents
from contrafact.operations.supervisor import Supervised
from contrafact.operations.watching import watched_site
from contrafact.settings import Settings
from contrafact.store.database import Database
from contrafact.store.follower import Progress
from contrafact.store.jobs import Jobs
from contrafact.store.read_model import IndexedReadModel
from contrafact.wiring import Site, indexing
from contrafact.wiring.operating import IndexedOrders, operating

logger = logging.getLogger(__name__)


def indexer(settings: Settings, database: Database) -> Supervised:
    """Follows the chain into the database."""

    def run(stop: Event) -> None:
        site = watched_site(settings)
        try:
            indexing.follower(site, database, IndexEvents(), _hindered).run(stop)
        finally:
            site.close()

    return Supervised("indexer", run)


class IndexEvents:
    """A listener of a follower: tells reorganisations to the log and to whoever counts."""

    def __init__(self) -> None:
        self._reorganisations = self._undone = 0

    def __call__(self, progress: Progress) -> None:
        if progress.reorganisations > self._reorganisations:
            telemetry.count("reorganisation")
            gone = progress.blocks_undone - self._undone
            logger.warning("the chain took %d blocks back", gone, extra={"block": progress.block})
        self._reorganisations, self._undone = progress.reorganisations, progress.blocks_undone


def _hindered(error: ContrafactError) -> None:
    logger.warning("indexing is hindered, and tried again: %s", error, extra={"code": error.code})


def jobs(process: Site, database: Database, key: Signer) -> Supervised:
    """Brings the operator's paid orders to their end, as the index tells them.

    All that this process sends goes by one connection, so that no two threads take the same nonce.
    """

    def run(stop: Event) -> None:
        site = watched_site(process.settings)
        site.connection = process.connection
        orders = IndexedOrders(IndexedReadModel(database), site.settings.home, site.operator_of(key))
        with operating(site, key, Jobs(database), orders, JobEvents()) as runner:
            runner.run(stop)

    return Supervised("jobs", run)
