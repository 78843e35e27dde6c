"""Merkle-sum trees, as `MerkleSum.sol` checks them.

A node is (hash, sum), and its hash binds the sums of its children, so no set of leaves that can be proved against a
root adds up to more than the root's sum. A node without a sibling moves up as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eth_utils import keccak


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a tree; of a leaf, the hash is `keccak256(keccak256(abi.encode(…)))` and the sum its own part."""

    hash: bytes
    sum: int


@dataclass(frozen=True, slots=True)
class ProofStep:
    """The sibling on the way to the root; `left` when it stands to the left."""

    hash: bytes
    sum: int
    left: bool

    def to_abi(self) -> tuple[bytes, int]:
        """The Solidity struct: the hash, and the sum doubled, plus 1 where the sibling stands to the left."""
        return self.hash, 2 * self.sum + self.left


def leaf(words: bytes, part: int) -> Node:
    """The node of a leaf whose ABI-encoded fields are `words`; hashed twice, so that no leaf can pass for a node."""
    return Node(keccak(keccak(words)), part)


def levels(leaves: Sequence[Node]) -> list[list[Node]]:
    """All nodes, the leaves first and the root last; there is at least one leaf."""
    found = [list(leaves)]
    while len(found[-1]) > 1:
        below = found[-1]
        found.append([_parent(below[i : i + 2]) for i in range(0, len(below), 2)])
    return found


def proof(levels: Sequence[Sequence[Node]], index: int) -> tuple[ProofStep, ...]:
    """The steps from leaf `index`, which is one of them, to the root."""
    steps = []
    for level in levels[:-1]:
        sibling = index ^ 1
        if sibling < len(level):
            steps.append(ProofStep(level[sibling].hash, level[sibling].sum, left=sibling < index))
        index //= 2
    return tuple(steps)


def _parent(children: Sequence[Node]) -> Node:
    if len(children) == 1:
        return children[0]
    left, right = children
    words = (left.hash, left.sum.to_bytes(32), right.hash, right.sum.to_bytes(32))
    return Node(keccak(b"".join(words)), left.sum + right.sum)
