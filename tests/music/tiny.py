"""A tiny network with random weights and a few made-up tunes: the real code, quick enough for every test."""

from __future__ import annotations

import hashlib

import numpy as np
import torch

from contrafact.domain.generation import GenerationRequest, MusicRequest, SourceInput
from contrafact.music import tokens as t
from contrafact.music.checkpoint import Model
from contrafact.music.layers import ModelConfig
from contrafact.music.model import Network
from contrafact.music.score import Metre
from contrafact.music.source_form import SourceForm

CONFIG = ModelConfig(width=32, heads=2, layers=2, hidden=32, expert_layers=1, pointer=16, window=24)

JIG = Metre(6, 8)


def model() -> Model:
    torch.manual_seed(5)
    network = Network(CONFIG).double().eval().requires_grad_(False)
    for parameter in network.parameters():
        if parameter.dim() > 1:
            parameter.mul_(4)  # so that its distributions are far from flat
    return Model(network, hashlib.sha256(b"tiny").digest())


def tune(seed: int, bars: int = 8, metre: Metre = JIG) -> SourceForm:
    rng = np.random.default_rng(seed)
    scale = (-5, -3, -1, 0, 2, 4, 5, 7, 9, 11, 12)
    return SourceForm(
        "major",
        metre,
        tuple(tuple(t.Event(int(rng.choice(scale)), 12) for _ in range(metre.ticks // 12)) for _ in range(bars)),
    )


def request(
    weights: tuple[int, ...] = (600_000, 400_000),
    *,
    forms: tuple[SourceForm, ...] | None = None,
    seed: bytes = bytes(32),
    seconds: int = 12,
    metre: tuple[int, int] = (6, 8),
) -> GenerationRequest:
    forms = forms or tuple(tune(i, metre=Metre(*metre)) for i in range(len(weights)))
    sources = tuple(
        SourceInput("0x" + f"{i:064x}", form.to_bytes(), weight, 0)
        for i, (form, weight) in enumerate(zip(forms, weights, strict=True))
    )
    return GenerationRequest(sources, MusicRequest(seconds, 120, 2, "major", metre), seed, 200_000)
