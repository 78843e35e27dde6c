"""A town on a node by other people, founded once; what a test does on its chain is undone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.clients.anvil import Anvil, missing
from tests.databases import postgres
from tests.jobs.studio import Studio, found

from .gate import Gate
from .town import Town

__all__ = ["postgres"]


@dataclass(frozen=True, slots=True)
class Origin:
    node: Anvil
    studio: Studio

    def copied(self, folder: Path, **settings: object) -> Studio:
        """Home and store in a folder of their own."""
        origin = self.studio.settings
        places = {"home": folder / "home", "store": f"folder:{folder / 'store'}"} | settings
        shutil.copytree(origin.home, Path(str(places["home"])), dirs_exist_ok=True)
        if str(places["store"]).startswith("folder:"):
            shutil.copytree(origin.store.removeprefix("folder:"), str(places["store"]).removeprefix("folder:"))
        return replace(self.studio, settings=origin.model_copy(update=places))


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origin]:
    if reason := missing():
        pytest.skip(reason)
    with Anvil() as node:
        yield Origin(node, found(tmp_path_factory.mktemp("origin"), node.url))


@pytest.fixture
def found_town(origin: Origin, tmp_path: Path) -> Iterator[Callable[..., Town]]:
    """Makes the test's town; keyword arguments replace its service's settings."""
    snapshot = origin.node.rpc("evm_snapshot")
    with ExitStack() as towns:

        def make(database: str = "", **settings: Any) -> Town:
            studio = origin.copied(tmp_path, **settings)
            url = database or f"sqlite:///{tmp_path / 'service.db'}"
            made = Town(studio, url, tmp_path, origin.node.url)
            towns.callback(made.close)
            return made

        yield make
    origin.node.rpc("evm_revert", [snapshot])


@pytest.fixture
def town(found_town: Callable[..., Town]) -> Town:
    return found_town()


@pytest.fixture
def gate(origin: Origin) -> Iterator[Gate]:
    """On the service's way to the node."""
    with Gate(origin.node.url) as made:
        yield made


@pytest.fixture
def gated(found_town: Callable[..., Town], gate: Gate) -> Town:
    return found_town(rpc_url=gate.url, request_seconds=1.0)
