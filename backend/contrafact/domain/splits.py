"""Rights splits as Merkle-sum trees: the twin of `MerkleSum.sol`. The root's sum is exactly one million."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from eth_abi import encode
from eth_utils import keccak

from contrafact.domain import merkle_sum
from contrafact.domain.addresses import NATIVE, checksummed
from contrafact.domain.documents import natural, text
from contrafact.domain.merkle_sum import ProofStep as ProofStep
from contrafact.domain.shares import PPM
from contrafact.errors import InvalidInput

MAX_HOLDERS = 64


@dataclass(frozen=True, slots=True)
class HolderLeaf:
    """A rights holder's place in a split: `share` in parts per million."""

    index: int
    holder: str
    share: int

    def to_abi(self) -> tuple[int, str, int]:
        """The Solidity struct."""
        return self.index, self.holder, self.share


@dataclass(frozen=True, slots=True)
class Split:
    """A rights split of 1 to 64 holders whose shares sum to one million."""

    leaves: tuple[HolderLeaf, ...]

    @classmethod
    def of(cls, holders: Sequence[tuple[str, int]]) -> Split:
        """A split from (address, ppm) pairs. Raises InvalidInput unless 1–64 positive shares sum to one million."""
        if not 1 <= len(holders) <= MAX_HOLDERS:
            raise InvalidInput(f"A split has 1 to {MAX_HOLDERS} holders, not {len(holders)}.")
        if any(type(share) is not int or share <= 0 for _, share in holders):
            raise InvalidInput("Each share must be a whole number above zero.", "Leave out holders without a share.")
        if (total := sum(share for _, share in holders)) != PPM:
            raise InvalidInput(f"The holders' shares sum to {total} ppm, not {PPM}.", "Shares are parts per million.")
        return cls(tuple(HolderLeaf(i, checksummed(a), s) for i, (a, s) in enumerate(holders)))

    @classmethod
    def drafted(cls, holders: Sequence[tuple[str, int]]) -> Split:
        """A split that somebody is about to register. Raises InvalidInput as `of` does, and for the zero address.

        What is registered already is read as it is.
        """
        split = cls.of(holders)
        if any(leaf.holder == NATIVE for leaf in split.leaves):
            text = "The zero address cannot hold a share: nobody could ever be paid it."
            raise InvalidInput(text, "Give the address of the holder's wallet.")
        return split

    @classmethod
    def from_list(cls, rows: list[dict[str, object]]) -> Split:
        """The split in a document's list of `{holder, share}`. Raises InvalidInput or TypeError for other content."""
        return cls.of([(text(row["holder"]), natural(row["share"])) for row in rows])

    def to_list(self) -> list[dict[str, object]]:
        """How documents write a split."""
        return [{"holder": leaf.holder, "share": leaf.share} for leaf in self.leaves]

    @property
    def root(self) -> bytes:
        """The 32-byte root hash that a registry stores."""
        return _levels(self.leaves)[-1][0].hash

    def proof(self, index: int) -> tuple[ProofStep, ...]:
        """The steps from leaf `index` to the root. Raises InvalidInput for an index without a holder."""
        if not 0 <= index < len(self.leaves):
            raise InvalidInput(f"The split has no holder {index}.", f"It has {len(self.leaves)}, counted from 0.")
        return merkle_sum.proof(_levels(self.leaves), index)


def claimable(received: int, share: int, drawn: int, held: int = 0) -> int:
    """What a holder can draw: `floor((received − held) × share / 10⁶) − drawn`, never below nothing.

    What a dispute holds back counts only once it is released. The remainder of the division stays in the account.
    """
    return max(0, (received - held) * share // PPM - drawn)


def part_of(before: int, amount: int, share: int) -> int:
    """A holder's part of what came to an account that had received `before`: what can be drawn after it, less the same
    before. It may be a unit more than `floor(amount × share / 10⁶)`: parts of units add up over the account's orders.
    """
    return (before + amount) * share // PPM - before * share // PPM


def held(received: int, snapshot: int, cap: int) -> int:
    """How much of an account an open dispute holds: what came in since `snapshot`, up to `cap`."""
    return min(received - snapshot, cap)


def account_id(beneficiary: bytes, split_root: bytes, token: str) -> bytes:
    """Key of the royalty account of a work (or of a model's training pool) under one split, in one token."""
    return keccak(encode(["bytes32", "bytes32", "address"], [beneficiary, split_root, token]))


@lru_cache(maxsize=256)  # a payout proves every holder of a split: one tree, not one for each proof
def _levels(leaves: tuple[HolderLeaf, ...]) -> list[list[merkle_sum.Node]]:
    return merkle_sum.levels([_node(leaf) for leaf in leaves])


def _node(leaf: HolderLeaf) -> merkle_sum.Node:
    return merkle_sum.leaf(encode(["uint32", "address", "uint32"], leaf.to_abi()), leaf.share)
