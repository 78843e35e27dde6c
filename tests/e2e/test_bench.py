"""`contrafact bench chain` measures what it says, and every node does the work."""

from __future__ import annotations

import pytest

from tests.clients.anvil import missing

from .command import Command

FEW = ("--transfers", "2", "--orders", "1", "--rounds", "1")


@pytest.mark.slow
def test_rates_of_every_node_stand_beside_those_of_eth_tester() -> None:
    found = Command({})("bench", "chain", *FEW, "--json").json
    nodes = {row["node"]: row for row in found["nodes"]}
    assert nodes.keys() | found["left_out"].keys() == {"eth-tester", "devnet", "anvil"}
    assert ("anvil" in found["left_out"]) == bool(missing())
    for row in nodes.values():
        for what in ("transfers", "settlements"):
            rate, ratio = row[f"{what}_per_second"], row[f"{what}_ratio"]
            assert rate > 0
            assert ratio == pytest.approx(rate / nodes["eth-tester"][f"{what}_per_second"], abs=0.02, rel=0.02)
    assert "CPU" in found["machine"]


def test_nothing_to_measure_is_refused() -> None:
    assert Command({})("bench", "chain", "--orders", "0", "--json").code == 2
    assert Command({})("bench", "pages", "--rounds", "0", "--json").code == 2
