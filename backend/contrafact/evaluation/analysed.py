"""Analysed sounds on disk, so that works and versions are rendered once, whatever encoder hears them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from contrafact.domain.digests import sha256
from contrafact.music.embedding.spectrum import RATE, Samples
from contrafact.music.embedding.windows import Analysis, analysed
from contrafact.music.note_sound import sound_identity

_FLOOR = 1e-14


class Analysed:
    """Band powers by name in a folder; a file is there as a whole or not at all. Kept in decibels, in 16 bits."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._renderer = repr(sorted(sound_identity().items()))

    def get(self, name: str, make: Callable[[], Samples], *, own_tempo: bool = False) -> Analysis:
        """The analysis of the sound of that name, from the folder or of what `make` gives."""
        key = f"{self._renderer} {own_tempo} {name}"
        path = self._folder / f"{sha256(key.encode()).hex()[:40]}.npy"
        if not path.exists():
            self._keep(path, analysed(make(), own_tempo=own_tempo).power.numpy())
        decibels = np.load(path).astype(np.float32)
        hop = analysed(np.zeros(RATE, np.float32), own_tempo=own_tempo).hop
        return Analysis(torch.from_numpy(10 ** (decibels / 10)), hop)

    def _keep(self, path: Path, power: np.ndarray) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        with partial.open("wb") as file:
            np.save(file, (10 * np.log10(power + _FLOOR)).astype(np.float16))
        partial.replace(path)
