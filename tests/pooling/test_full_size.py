"""An epoch at full size is exact: all works of the packaged model, 200 orders, 300 holders who all claim."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrafact.domain.pool_rule import Rule
from contrafact.music.manifest import training_list
from hardhat_free_devnet import Devnet
from tests.clients.anvil import Anvil, missing

from .bench import epoch, scene


@pytest.mark.slow
def test_an_epoch_of_all_training_works_is_exact_by_each_rule(tmp_path: Path) -> None:
    """Not timed; on anvil where it is installed, which spares minutes. By influence with fewer orders: each has a score
    for each work, and all are exact or none is."""
    with Devnet(accounts=20) if missing() else Anvil("--accounts", "20") as node:
        found = scene(node.url, tmp_path, holders=300)
        for rule, orders in ((Rule.EQUAL, 200), (Rule.INFLUENCE, 40)):
            figures = epoch(found, rule, orders, lambda step: None)
            assert figures.findings == []
            assert figures.exact
            assert (figures.orders, figures.works) == (orders, len(training_list().tunes))
            assert (figures.claims, figures.left) == (figures.holders, 0)
            assert figures.holders > 250
            assert figures.record_bytes < 2**20  # one block of IPFS
