"""Merkle trees over 32-byte values, as `MerkleProof.sol` of OpenZeppelin checks them.

Leaves are hashed twice, pairs sorted before hashing. The layout is that of OpenZeppelin's standard tree, so that a
licensor's other tools compute the same root.
"""

from __future__ import annotations

from collections.abc import Sequence

from eth_utils import keccak

from contrafact.errors import NotFound


def leaf(value: bytes) -> bytes:
    """`keccak256(bytes.concat(keccak256(abi.encode(value))))`"""
    return keccak(keccak(value))


class Tree:
    """The tree over some values, in whatever order they come, kept where many proofs are asked for."""

    def __init__(self, values: Sequence[bytes]) -> None:
        self._nodes = _tree(values) if values else []

    @property
    def root(self) -> bytes:
        """32 zero bytes without any values."""
        return self._nodes[0] if self._nodes else bytes(32)

    def proof(self, value: bytes) -> tuple[bytes, ...]:
        """The siblings from `value` to the root. Raises NotFound unless it is one of the values."""
        nodes, wanted = self._nodes, leaf(value)
        if wanted not in nodes:
            raise NotFound(f"0x{value.hex()} is not in the list.")
        at, siblings = nodes.index(wanted), []
        while at:
            siblings.append(nodes[at + 1 if at % 2 else at - 1])
            at = (at - 1) // 2
        return tuple(siblings)


def root(values: Sequence[bytes]) -> bytes:
    """The root of the tree over `values`, in whatever order they come; 32 zero bytes without any."""
    return Tree(values).root


def proof(values: Sequence[bytes], value: bytes) -> tuple[bytes, ...]:
    """The siblings from `value` to the root. Raises NotFound unless it is one of `values`."""
    return Tree(values).proof(value)


def proves(root: bytes, value: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the siblings in `proof` lead from `value` to `root`."""
    node = leaf(value)
    for sibling in proof:
        node = keccak(b"".join(sorted((node, sibling))))
    return node == root


def _tree(values: Sequence[bytes]) -> list[bytes]:
    """All nodes, the root first; the children of node i stand at 2 i + 1 and 2 i + 2."""
    leaves = sorted({leaf(value) for value in values}, reverse=True)
    tree = [b""] * (len(leaves) - 1) + leaves
    for i in reversed(range(len(leaves) - 1)):
        tree[i] = keccak(b"".join(sorted(tree[2 * i + 1 : 2 * i + 3])))
    return tree
