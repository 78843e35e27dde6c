"""The API of a site, with what it is given."""

from __future__ import annotations

import time
from typing import cast

from contrafact.domain.job_state import JobState
from contrafact.errors import NotFound
from contrafact.explorer_reads import ExplorerReads
from contrafact.ledger.prepared import Preparer
from contrafact.ledger.signer import Signer
from contrafact.operations.deferred import deferred
from contrafact.operations.middleware import App
from contrafact.operations.own_audit import KeptAudits
from contrafact.operations.verifying import verifier_of
from contrafact.order.live.stage import LiveStage
from contrafact.ports import Identification
from contrafact.settings import Settings
from contrafact.store.database import Database
from contrafact.store.jobs import Jobs
from contrafact.web.app import create_app
from contrafact.web.configuration import WebSettings
from contrafact.web.naming import names_of
from contrafact.web.services import Desk, Relay, ServiceLedger, Services
from contrafact.wiring import Site
from contrafact.wiring.service import delivered_pieces, indexed_quoting, relayer
from contrafact.wiring.songs import songs_in


def make_api(
    site: Site, database: Database, index: ExplorerReads, key: Signer | None, identification: Identification | None
) -> App:
    """Without a key the API reads, and prepares what wallets sign; it quotes nothing. Raises InvalidInput."""
    services = Services(
        read_model=index,
        ledger=cast(ServiceLedger, deferred(lambda: site.reader)),
        store=site.store,
        published=site.kept_store,
        database=database,
        jobs=_KnownJobs(Jobs(database)),
        settings=web_settings(site.settings),
        preparer=deferred(lambda: _preparer(site, index)),
        currency=site.currency,
        token=site.token(),
        derive=site.derive,
        clock=time.time,
        desk=None if key is None else cast(Desk, deferred(lambda: indexed_quoting(site, key, index))),
        identification=identification,
        verify=verifier_of(site),
        audits=KeptAudits(site.settings),
        songs=songs_in(site.settings.home),
        relay=cast(Relay, deferred(lambda: relayer(site, key))) if key is not None and site.settings.relay else None,
        delivered=None if key is None else delivered_pieces(site, key),
        live=LiveStage(lambda: site.players, site.settings.live_at_once) if live_is_offered(site, key) else None,
    )
    return cast(App, create_app(services))


def live_is_offered(site: Site, key: Signer | None) -> bool:
    """Whether live orders are played here: by an operator whose settings say so."""
    return key is not None and site.settings.live_at_once > 0


def web_settings(settings: Settings) -> WebSettings:
    """What the API is told of the settings. An address that listens for all is reached here by its own."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    return WebSettings.of(settings, f"http://{host}:{settings.port}")


def _preparer(site: Site, index: ExplorerReads) -> Preparer:
    names = names_of(index, site.currency, site.deployment.contracts, site.token())
    return Preparer(site.connection, site.deployment, names)


class _KnownJobs:
    """Jobs as the API asks for them: None for an order of which there is none."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def get(self, order_id: bytes) -> JobState | None:
        try:
            return self._jobs.get(order_id)
        except NotFound:
            return None
