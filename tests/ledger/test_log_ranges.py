"""Ranges of logs that are too large for a node."""

from __future__ import annotations

import pytest

from contrafact.ledger.connection import Connection
from contrafact.ledger.reader import Reader
from hardhat_free_devnet import Devnet

from .proxy import Counted, Status, limit_logs, proxy, remembering
from .scene import Scene


@pytest.mark.parametrize(
    "message",
    [
        "query returned more than 10000 results",
        "eth_getLogs is limited to a 5 range",
        "limit exceeded",
        "block range too large, request rate unchanged",
        "Log response size exceeded.",
    ],
)
def test_ranges_become_smaller_until_the_node_takes_them(scene: Scene, node: Devnet, message: str) -> None:
    refused: list[object] = []
    counted = Counted(remembering(limit_logs(5, message), refused))
    with proxy(node.url, counted) as url:
        reader = Reader(Connection.open(url), scene.deployment)
        assert reader.works() == scene.reader.works()
        first = counted.asked["eth_getLogs"]
        assert reader.terms_history() == scene.reader.terms_history()
    assert counted.asked["eth_getLogs"] - first <= first  # what was learnt is not learnt again
    assert len(refused) <= 10  # by halves, and by one try now and then whether more is taken


@pytest.mark.parametrize("code", [400, 413, 504])
def test_range_refused_by_a_status_becomes_smaller(scene: Scene, node: Devnet, code: int) -> None:
    limited = limit_logs(5)
    with proxy(node.url, lambda request: Status(code) if limited(request) else None) as url:
        assert Reader(Connection.open(url), scene.deployment).works() == scene.reader.works()
