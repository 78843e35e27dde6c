"""One town for all end-to-end tests of a process; each test sees the chain as it was founded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .town import Town, town


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
