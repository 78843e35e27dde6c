"""The stores that the suite of the port ContentStore runs on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from contrafact.ports import ContentStore
from contrafact.records.folder import FolderStore
from contrafact.records.ipfs import IpfsStore

from .fake_kubo import FakeKubo

# A daemon is a parameter only where one is named, for example CONTRAFACT_TEST_KUBO=/ip4/127.0.0.1/tcp/5001.
_DAEMON = os.environ.get("CONTRAFACT_TEST_KUBO")
_KINDS = ["folder", "fake kubo", *(["kubo daemon"] if _DAEMON else [])]


@pytest.fixture(scope="session")
def _running_fake() -> Iterator[FakeKubo]:
    with FakeKubo() as node:
        yield node


@pytest.fixture
def fake_kubo(_running_fake: FakeKubo) -> FakeKubo:
    """A fake of a Kubo node, empty and without faults."""
    _running_fake.reset()
    return _running_fake


@pytest.fixture(params=_KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ContentStore:
    """A content store of every kind, empty (but for a daemon, which keeps what earlier runs stored)."""
    if request.param == "folder":
        return FolderStore(tmp_path / "records")
    if request.param == "fake kubo":
        return IpfsStore(request.getfixturevalue("fake_kubo").address, timeout=2)
    assert _DAEMON is not None
    return IpfsStore(_DAEMON, timeout=20)
