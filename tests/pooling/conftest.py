"""One model for all tests of a process: twelve tunes of three owners, some of one family, paid to five holders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from contrafact.demo.world import account
from contrafact.domain.splits import Split
from contrafact.ledger.connection import Connection
from contrafact.ledger.policy import Policy
from contrafact.music.pack import load_pack
from hardhat_free_devnet import Devnet

from .scene import Learnt, PoolScene

TUNES = 12
HOLDERS = tuple(account(i).address for i in range(8, 13))


def learnt() -> list[Learnt]:
    """Twelve tunes of the training set, eight of them of two families, dealt to three owners."""
    tunes = [tune for tune in load_pack().by_role("train") if tune.family in ("oneill/0419", "oneill/1683")]
    tunes = [*tunes[:4], *tunes[-4:], *load_pack().by_role("train")[: TUNES - 8]]
    return [(tune, i % 3, _split(i)) for i, tune in enumerate(tunes)]


def _split(i: int) -> Split:
    return Split.of([(HOLDERS[i % 5], 666_667), (HOLDERS[(i + 1) % 5], 333_333)])


@pytest.fixture(scope="session")
def _scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PoolScene]:
    with Devnet(accounts=20) as node:
        connection = Connection.open(node.url, policy=Policy(confirmations=1, poll_seconds=0.01))
        yield PoolScene(connection, tmp_path_factory.mktemp("pool"), learnt())


@pytest.fixture
def scene(_scene: PoolScene, tmp_path: Path) -> Iterator[PoolScene]:
    """The model before its first order, and an empty home; what a test does on the chain is undone after it."""
    _scene.home = tmp_path / "home"
    with _scene.undone():
        yield _scene
