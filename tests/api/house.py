"""A service of one operator: the town's chain in this process, indexed, with orders in several states."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from eth_account.signers.local import LocalAccount
from fastapi.testclient import TestClient

from contrafact.demo import world
from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.job_state import JobState, JobStatus
from contrafact.domain.orders import order_id
from contrafact.domain.terms import Use
from contrafact.ledger.clear_signing.shown import Names
from contrafact.ledger.prepared import Preparer
from contrafact.order.job import OrderJob
from contrafact.store.database import Database
from contrafact.store.read_model import IndexedReadModel
from contrafact.web.app import create_app
from contrafact.web.configuration import Limits, WebSettings
from contrafact.web.services import Services
from contrafact.wiring import Site, indexing
from contrafact.wiring.service import delivered_pieces, indexed_quoting
from tests.clients.in_process import open_in_process
from tests.e2e.town import SALT, Town, found, maker, operator, settings_in

from .visiting import URL, Clock, FakeJobs, sign_in

SECONDS = 6


@dataclass(frozen=True, slots=True)
class Founded:
    """The town with three orders: a private and a commercial piece that were delivered, and a private one just paid."""

    town: Town
    folder: Path
    private: str
    commercial: str
    paid: str

    @contextmanager
    def house(self, folder: Path) -> Iterator[House]:
        """A service on the town; what happens on the chain is undone, and its database is its own."""
        snapshot = self.town.rpc("evm_snapshot")
        shutil.copy(self.folder / "service.db", folder / "service.db")
        database = Database(f"sqlite:///{folder / 'service.db'}")
        yield House(self, self.town.site(), database, Clock(), FakeJobs(), folder / "home")
        database.close()
        self.town.rpc("evm_revert", snapshot)


@dataclass(frozen=True, slots=True)
class House:
    founded: Founded
    site: Site
    database: Database
    clock: Clock
    jobs: FakeJobs
    home: Path

    def index(self) -> None:
        index(self.site, self.database)

    def services(self) -> Services:
        site, index = self.site, IndexedReadModel(self.database)
        return Services(
            read_model=index,
            ledger=site.reader,
            store=site.store,
            published=site.kept_store,
            database=self.database,
            jobs=self.jobs,
            settings=WebSettings(URL, limits=Limits(*[10**6] * 4), home=self.home, poll_seconds=0.01),
            preparer=Preparer(site.connection, site.deployment, Names(site.currency)),
            currency=site.currency,
            token=site.token(),
            derive=site.derive,
            clock=self.clock,
            desk=indexed_quoting(site, operator(), index),
            delivered=delivered_pieces(site, operator()),
        )

    def client(self, **changes: object) -> TestClient:
        """A client of the service; `changes` replace parts of it."""
        app = create_app(replace(self.services(), **changes))  # type: ignore[arg-type]
        return TestClient(app, URL, raise_server_exceptions=False)

    def asked(self, **changes: object) -> dict[str, object]:
        """A request for a piece of the town's three works, in the first one's metre and key."""
        score = self.founded.town.tunes[0].score
        music = {"seconds": SECONDS, "tempo": score.tempo, "mode": score.key.mode, "metre": "6/8"}
        weights = zip(self.founded.town.works, (500_000, 300_000, 200_000), strict=True)
        sources = [{"work": to_hex(work), "weight": weight} for work, weight in weights]
        return {"sources": sources, "use": "private", "music": music, **changes}


def founded_in(folder: Path) -> Founded:
    town = found(settings_in(folder, "in this process"), open_in_process())
    site = town.site()
    private, commercial = (delivered(town, site, use) for use in (Use.PRIVATE, Use.COMMERCIAL))
    paid = _order(town, site, Use.PRIVATE)
    database = Database(f"sqlite:///{folder / 'service.db'}")
    index(site, database)
    database.close()
    return Founded(town, folder, private, commercial, paid)


def index(site: Site, database: Database) -> None:
    """Brings the index up to the chain's head, and fetches what documents say."""
    indexing.indexer(site, database).catch_up()
    while indexing.describer(site, database).step():
        pass


def delivered(town: Town, site: Site, use: Use, readers: tuple[str, ...] = ()) -> str:
    """An order that was paid and made; the piece is encrypted for `readers` if there are any."""
    order = _order(town, site, use, readers)
    OrderJob.of(site.workshop(operator()), from_hex(order), lambda step: None, lambda bar, bars: None).run()
    return order


def _order(town: Town, site: Site, use: Use, readers: tuple[str, ...] = ()) -> str:
    signed = site.quoting(operator()).offer(replace(town.request(SECONDS), use=use, readers=readers))
    site.writer(maker()).fund(signed.quote, signed.signature, SALT, signed.terms, signed.grants())
    return to_hex(order_id(signed.quote, site.reader.domain))


def finished(order: str) -> JobState:
    return JobState(from_hex(order), JobStatus.FINISHED, "deliver", 9, 9)


def licensor() -> LocalAccount:
    """Of the town's first work."""
    return world.account(3)


def holder() -> LocalAccount:
    """A holder of the first work's royalties, beside its licensor."""
    return world.account(10)


def stranger() -> LocalAccount:
    return world.account(19)


__all__ = [
    "Founded",
    "House",
    "delivered",
    "finished",
    "founded_in",
    "holder",
    "licensor",
    "maker",
    "operator",
    "sign_in",
    "stranger",
]
