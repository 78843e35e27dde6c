"""A tiny encoder with random weights, and tunes as they sound: the real code, quick enough for every test."""

from __future__ import annotations

import hashlib

import numpy as np
import torch

from contrafact.domain.generation import EventNote
from contrafact.music.embedding.encoder import Encoder, EncoderConfig
from contrafact.music.embedding.playing import sound_of
from contrafact.music.embedding.spectrum import Samples
from contrafact.music.embedding.weights import Ear

CONFIG = EncoderConfig(size=16, salience=2, maps=1, lags=(1, 2, 4), reduced=16, motifs=16)


def ear(seed: int = 3) -> Ear:
    torch.manual_seed(seed)
    network = Encoder(CONFIG).eval().requires_grad_(False)
    return Ear(network, hashlib.sha256(f"tiny {seed}".encode()).digest())


def notes(seed: int, count: int = 40, key: int = 0) -> list[EventNote]:
    rng = np.random.default_rng(seed)
    pitches = rng.choice((62, 64, 66, 67, 69, 71, 73, 74), count)
    return [EventNote(i // 6, 12 * i, 12, int(pitch) + key, (1_000_000,)) for i, pitch in enumerate(pitches)]


def sound(seed: int, count: int = 40, key: int = 0, program: int = 73) -> Samples:
    return sound_of(notes(seed, count, key), 120, {"melody": program})
