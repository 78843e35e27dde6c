"""One town for all end-to-end tests of a process; each test sees the chain as it was founded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.clients import anvil, in_process

from .town import Town, found, settings_in, town


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("town")) as made:
        yield made


@pytest.fixture
def a_town(founded: Town) -> Iterator[Town]:
    """The founded town; what a test does to its chain is undone. (The content store only ever grows.)"""
    snapshot = founded.rpc("evm_snapshot")
    yield founded
    founded.rpc("evm_revert", snapshot)


@pytest.fixture(scope="session", params=["eth-tester", "devnet", "anvil"])
def node(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The town on each kind of node: in this process, this project's behind JSON-RPC, and another project's."""
    if request.param == "devnet":
        yield request.getfixturevalue("founded")
        return
    founding = {"eth-tester": _in_process, "anvil": _on_anvil}[request.param]
    with founding(tmp_path_factory.mktemp(request.param)) as made:
        yield made


@pytest.fixture
def any_town(node: Town) -> Iterator[Town]:
    """The town on each kind of node; what a test does to its chain is undone."""
    snapshot = node.rpc("evm_snapshot")
    yield node
    node.rpc("evm_revert", snapshot)


@contextmanager
def _in_process(folder: Path) -> Iterator[Town]:
    yield found(settings_in(folder, "in this process"), in_process.open_in_process())


@contextmanager
def _on_anvil(folder: Path) -> Iterator[Town]:
    if reason := anvil.missing():
        pytest.skip(reason)
    with anvil.Anvil("--accounts", "20") as started:
        yield found(settings_in(folder, started.url))
