"""The API of a site, with what it is given."""

from __future__ import annotations

import time
from typing import cast

from contrafact.domain.job_state import JobState
from contrafact.errors import NotFound
from contrafact.ledger.clear_signing.shown import Names
from contrafact.ledger.prepared import Preparer
from contrafact.ledger.signer import Signer
from contrafact.operations.deferred import deferred
from contrafact.operations.middleware import App
from contrafact.read_model import ReadModel
from contrafact.store.database import Database
from contrafact.store.jobs import Jobs
from contrafact.web.app import create_app
from contrafact.web.configuration import WebSettings
from contrafact.web.services import Desk, ServiceLedger, Services
from contrafact.wiring import Site


def make_api(site: Site, database: Database, index: ReadModel, key: Signer | None) -> App:
    """Without a key the API reads, and prepares what wallets sign; it quotes nothing. Raises InvalidInput."""
    services = Services(
        read_model=index,
        ledger=cast(ServiceLedger, deferred(lambda: site.reader)),
        store=site.store,
        database=database,
        jobs=_KnownJobs(Jobs(database)),
        settings=web_settings(site),
        preparer=deferred(lambda: Preparer(site.connection, site.deployment, Names(site.currency))),
        currency=site.currency,
        token=site.token(),
        derive=site.derive,
        clock=time.time,
        desk=None if key is None else cast(Desk, deferred(lambda: site.quoting(key))),
    )
    return cast(App, create_app(services))


def web_settings(site: Site) -> WebSettings:
    return WebSettings(home=site.settings.home)


class _KnownJobs:
    """Jobs as the API asks for them: None for an order of which there is none."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def get(self, order_id: bytes) -> JobState | None:
        try:
            return self._jobs.get(order_id)
        except NotFound:
            return None
