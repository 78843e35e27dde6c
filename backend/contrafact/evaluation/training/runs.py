"""Which models are trained again: the plan of the ground truth, the most needed first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FULL, HALF, CATALOGUE, WORK = "full", "half", "without a catalogue", "without a work"


@dataclass(frozen=True)
class Run:
    """One training: of what kind, which of its kind (subset, catalogue or work left out), and with which seed."""

    kind: str
    index: int
    seed: int

    @property
    def id(self) -> str:
        return f"{self.kind} {self.index} seed {self.seed}"

    def members(self, catalogues: Sequence[int]) -> NDArray[np.int64]:
        """The works that it learns from, by number; `catalogues` has the catalogue of each work."""
        every = np.arange(len(catalogues))
        if self.kind == HALF:
            chosen = np.random.default_rng((5, self.index)).permutation(every)[: len(every) // 2]
            return np.asarray(np.sort(chosen))
        kept = np.ones(len(every), dtype=bool)
        if self.kind == CATALOGUE:
            kept = np.asarray(catalogues) != self.index
        elif self.kind == WORK:
            kept[self.index] = False
        return np.flatnonzero(kept)


@dataclass(frozen=True)
class Plan:
    """How many of each: half-subsets and their seeds, seeds of catalogues and works left out, which works those are."""

    halves: int = 64
    half_seeds: int = 3
    seeds: int = 5
    works: int = 16

    def runs(self, catalogues: Sequence[int]) -> Iterator[Run]:
        """All runs in their order: after the first seed of the halves everything can be estimated, if roughly."""
        yield from (Run(FULL, 0, seed) for seed in range(self.seeds))
        yield from self._halves(0)
        yield from (Run(CATALOGUE, c, seed) for seed in range(self.seeds) for c in sorted(set(catalogues)))
        for seed in range(1, self.half_seeds):
            yield from self._halves(seed)
        left_out = np.linspace(0, len(catalogues) - 1, self.works).round().astype(int)
        yield from (Run(WORK, int(work), seed) for seed in range(self.seeds) for work in left_out)

    def _halves(self, seed: int) -> Iterator[Run]:
        return (Run(HALF, index, seed) for index in range(self.halves))
