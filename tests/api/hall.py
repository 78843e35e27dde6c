"""A service that shows what the scene's chain says: indexed, its documents in a content store."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from contrafact.domain.digests import to_hex
from contrafact.domain.money import Currency
from contrafact.domain.terms import NATIVE
from contrafact.ledger.feed import LedgerFeed
from contrafact.ledger.prepared import Preparer
from contrafact.records.folder import FolderStore
from contrafact.store.database import Database
from contrafact.store.describer import Describer
from contrafact.store.indexer import Indexer
from contrafact.store.read_model import IndexedReadModel
from contrafact.web.app import create_app
from contrafact.web.configuration import Limits, WebSettings
from contrafact.web.naming import names_of
from contrafact.web.services import Services
from tests.ledger.scene import Scene

from .visiting import URL, Clock, fake_services, sign_in


@dataclass(frozen=True, slots=True)
class Hall:
    scene: Scene
    store: FolderStore
    services: Services
    client: TestClient

    def index(self) -> None:
        """Brings the index up to the chain's head, and describes what it names."""
        _index(self.scene, self.services.database, self.store)

    def get(self, path: str, role: str | None = None, status: int = 200, **sent: Any) -> Any:
        """What a path answers, to somebody who has signed in where a role is given."""
        headers = sign_in(self.client, self.scene.keys[role]) if role else {}
        answer = self.client.get(path, headers=headers | sent.pop("headers", {}), **sent)
        assert answer.status_code == status, answer.text
        return answer.json() if "json" in answer.headers.get("Content-Type", "") else answer

    def work(self, number: int) -> str:
        return to_hex(self.scene.works[number])


def founded_hall(scene: Scene, folder: Path) -> Path:
    """A folder with the scene as it is: its index, and a store with its documents."""
    store, database = FolderStore(folder / "store"), Database(f"sqlite:///{folder / 'service.db'}")
    for metadata in scene.metadata:
        store.put(metadata.to_bytes())
    for number in range(len(scene.works)):
        store.put(b"c%d" % number)
    store.put(scene.model.to_bytes())
    _index(scene, database, store)
    database.close()
    return folder


@contextmanager
def hall_of(scene: Scene, founded: Path, folder: Path, **changes: Any) -> Iterator[Hall]:
    """A hall on a copy of what was founded; `changes` replace services."""
    shutil.copytree(founded, folder, dirs_exist_ok=True)
    store, database = FolderStore(folder / "store"), Database(f"sqlite:///{folder / 'service.db'}")
    services = replace(_services(scene, database, store, folder), **changes)
    with TestClient(create_app(services), URL, raise_server_exceptions=False) as client:
        yield Hall(scene, store, services, client)
    database.close()


def _index(scene: Scene, database: Database, store: FolderStore) -> None:
    Indexer(database, LedgerFeed(scene.connection, scene.deployment)).catch_up()
    Describer(database, store).step(1000)


def _services(scene: Scene, database: Database, store: FolderStore, folder: Path) -> Services:
    currencies = {NATIVE: Currency("ETH", 18), scene.dollar: Currency("TUSD", 6)}

    def currency(token: str) -> Currency:
        return currencies.get(token, Currency(token, 0))

    index = IndexedReadModel(database)
    names = names_of(index, currency, scene.deployment.contracts, scene.dollar)
    return fake_services(
        scene,
        database,
        store,
        Clock(),
        read_model=index,
        settings=WebSettings(URL, limits=Limits(*[10**6] * 4), home=folder / "home"),
        preparer=Preparer(scene.connection, scene.deployment, names),
        token=scene.dollar,
        currency=currency,
    )
