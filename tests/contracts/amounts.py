"""Trees of a training pool's epochs: see training_pool.tree. Honest ones, and any other that somebody might build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from .trees import Node, leaf_node, parent_of, step_of
from .world import digest


@dataclass(frozen=True)
class Place:
    """The `EpochLeaf` struct."""

    index: int
    holder: str
    amount: int

    def to_abi(self) -> tuple[int, str, int]:
        return self.index, self.holder, self.amount

    @property
    def node(self) -> Node:
        return leaf_node(*self.to_abi())


@dataclass(frozen=True)
class Amounts:
    """A Merkle-sum tree of amounts; an odd node moves up as it is."""

    leaves: tuple[Place, ...]

    @classmethod
    def of(cls, holders: Sequence[tuple[str, int]]) -> Amounts:
        return cls(tuple(Place(i, holder, amount) for i, (holder, amount) in enumerate(holders)))

    @cached_property
    def _levels(self) -> list[list[Node]]:
        levels = [[leaf.node for leaf in self.leaves]]
        while len(levels[-1]) > 1:
            pairs = [levels[-1][i : i + 2] for i in range(0, len(levels[-1]), 2)]
            levels.append([parent_of(*pair) if len(pair) == 2 else pair[0] for pair in pairs])
        return levels

    @property
    def root(self) -> bytes:
        return self._levels[-1][0][0]

    @property
    def total(self) -> int:
        return self._levels[-1][0][1]

    def proof(self, at: int) -> list[tuple[bytes, int]]:
        """The `ProofStep` structs of the leaf in place `at`."""
        steps = []
        for level in self._levels[:-1]:
            if at ^ 1 < len(level):
                steps.append(step_of(level[at ^ 1], left=bool(at & 1)))
            at //= 2
        return steps


@dataclass(frozen=True)
class Path:
    """A leaf of a tree that is too large to build, or that nobody honest would: its siblings are made up."""

    leaf: Place
    root: bytes
    steps: list[tuple[bytes, int]]


def path(holder: str, amount: int, depth: int, whole: int, index: int = 0) -> Path:
    """The leaf stands leftmost, `depth` steps below the root; the last sibling has what is missing of `whole`."""
    leaf = Place(index, holder, amount)
    node, steps = leaf.node, []
    for i in range(depth):
        sibling = digest(1000 + i), (whole - node[1] if i == depth - 1 else 1)
        steps.append(step_of(sibling, left=False))
        node = parent_of(node, sibling)
    return Path(leaf, node[0], steps)
