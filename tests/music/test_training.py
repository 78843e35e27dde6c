from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import tiny
import torch

from contrafact.music import tokens as t
from contrafact.music.training.batches import collate, losses
from contrafact.music.training.examples import MAX_TOKENS, make_example, other_half, variation_of

BACKEND = Path(__file__).parents[2] / "backend"


def command(folder: Path, out: Path) -> list[str]:
    options = {"minutes": "1000", "steps": "6", "tunes": "16", "checkpoint-every": "0", "seed": "3"}
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    module = [sys.executable, "-m", "contrafact.music.training", "--small", *flags]
    return [*module, "--folder", str(folder), "--out", str(out)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(BACKEND), "OMP_NUM_THREADS": "1"}


@pytest.mark.slow
def test_a_killed_run_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    killed, whole = tmp_path / "killed.safetensors", tmp_path / "whole.safetensors"
    process = subprocess.Popen(command(tmp_path / "a", killed), env=environment(), stdout=subprocess.DEVNULL)
    while not (tmp_path / "a" / "state.pt").exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not killed.with_suffix(".json").exists()
    for folder, out in (("a", killed), ("b", whole)):
        subprocess.run(command(tmp_path / folder, out), env=environment(), check=True, capture_output=True)
    assert killed.read_bytes() == whole.read_bytes()
    papers = json.loads(whole.with_suffix(".json").read_text())
    assert papers["steps"] == 6
    assert papers["weights_sha256"] == hashlib.sha256(whole.read_bytes()).hexdigest()
    listing = whole.with_suffix(".works.txt").read_text()
    assert papers["training_works"] == len(listing.splitlines()) == 16


def test_training_lowers_the_loss_of_expert_and_base() -> None:
    torch.manual_seed(0)
    network = tiny.model().network.float().requires_grad_(True)
    tunes = [tiny.tune(i) for i in range(4)]
    batch = collate([variation_of(np.random.default_rng(i), tune) for i, tune in enumerate(tunes)])
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3)
    history = []
    for _ in range(12):
        sums = losses(network, batch)
        loss = sums.expert / sums.expert_tokens + sums.base / sums.base_tokens
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        history.append((float(sums.expert.detach()), float(sums.base.detach())))
    assert history[-1][0] < history[0][0]
    assert history[-1][1] < history[0][1]


def test_an_expert_learns_nothing_from_a_bar_of_another_source() -> None:
    rng = np.random.default_rng(4)
    a, b = tiny.tune(1), tiny.tune(2)
    example = next(e for e in iter(lambda: make_example(rng, a, [b]), None) if e.is_medley)
    mask = collate([example]).expert_mask
    assert mask.shape[0] == len(example.sources) >= 2
    assert (mask.sum(axis=0) <= 1).all()
    bars = np.cumsum(example.target.tokens == t.BAR) - 1
    for bar in range(bars.max() + 1):
        assert len(set(example.owner[bars == bar])) == 1


@pytest.mark.parametrize("make", [variation_of, other_half])
def test_examples_fit_the_window_and_keep_to_their_bars(make: object) -> None:
    rng = np.random.default_rng(0)
    for seed in range(20):
        example = make(rng, tiny.tune(seed, bars=24))  # type: ignore[operator]
        for places in (example.target, *example.sources):
            assert len(places) <= MAX_TOKENS
            assert (places.ticks <= 72).all()
            assert t.read_bars([x for x in places.tokens[2:].tolist() if x != t.END])


def test_the_other_half_is_another_half() -> None:
    tune = tiny.tune(3, bars=8)
    example = other_half(np.random.default_rng(0), tune)
    halves = {tuple(t.write_bars(tune.bars[:4])), tuple(t.write_bars(tune.bars[4:]))}
    assert {tuple(example.target.tokens[2:]), tuple(example.sources[0].tokens[2:])} == halves
