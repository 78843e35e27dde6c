"""The committed gas snapshot: see gas.tree. `python -m contracts.gas` in `tests/` rewrites it."""

from __future__ import annotations

import json

from .gas import SNAPSHOT, measure


def test_gas_is_as_in_the_snapshot() -> None:
    committed = json.loads(SNAPSHOT.read_text())
    measured = measure()
    assert measured.keys() == committed.keys()
    rises = {name: (committed[name], gas) for name, gas in measured.items() if gas > committed[name]}
    assert not rises, "gas rose (committed, measured)"
    assert measured == committed, "gas fell: rewrite the snapshot, so that the gain is kept"
