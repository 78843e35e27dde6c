"""An epoch's leaves as a Merkle-sum tree of amounts: the twin of what `TrainingPool.sol` checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from eth_utils import to_canonical_address

from contrafact.domain import merkle_sum
from contrafact.domain.addresses import checksummed
from contrafact.domain.merkle_sum import ProofStep
from contrafact.domain.pool_shares import GRAINS
from contrafact.domain.shares import PPM, largest_remainder
from contrafact.domain.training_works import TrainingWork
from contrafact.errors import InvalidInput, NotFound

MAX_AMOUNT = 2**128 - 1
MAX_LEAVES = 2**20
"""What the contract's deepest tree holds."""


@dataclass(frozen=True, slots=True)
class EpochLeaf:
    """A holder's place in an epoch: `amount` in units of the epoch's token."""

    index: int
    holder: str
    amount: int

    def to_abi(self) -> tuple[int, str, int]:
        """The Solidity struct."""
        return self.index, self.holder, self.amount


@dataclass(frozen=True, slots=True)
class EpochClaim:
    """What a claim on an epoch needs: model, token and number of the epoch, the holder's leaf, and its proof."""

    model_id: bytes
    token: str
    number: int
    leaf: EpochLeaf
    proof: tuple[ProofStep, ...]

    def to_abi(self) -> tuple[object, ...]:
        """The Solidity struct as a nested tuple."""
        steps = [step.to_abi() for step in self.proof]
        return self.model_id, self.token, self.number, self.leaf.to_abi(), steps


@dataclass(frozen=True)
class EpochTree:
    """The leaves of an epoch, whose amounts sum to its total; leaf i has the index i."""

    leaves: tuple[EpochLeaf, ...]

    @classmethod
    def of(cls, amounts: Sequence[tuple[str, int]]) -> EpochTree:
        """The tree of (address, units), in their order. Raises InvalidInput for none, too many, or nothing for one."""
        if not 1 <= len(amounts) <= MAX_LEAVES:
            raise InvalidInput(f"An epoch has 1 to {MAX_LEAVES} holders, not {len(amounts)}.")
        if any(type(amount) is not int or not 0 < amount <= MAX_AMOUNT for _, amount in amounts):
            raise InvalidInput("Each holder's amount must be a whole number of units above zero.")
        return cls(tuple(EpochLeaf(i, checksummed(holder), amount) for i, (holder, amount) in enumerate(amounts)))

    @property
    def total(self) -> int:
        """The sum of all amounts."""
        return sum(leaf.amount for leaf in self.leaves)

    @property
    def root(self) -> bytes:
        """The 32 bytes that the contract stores for the epoch."""
        return self._levels[-1][0].hash

    def proof(self, index: int) -> tuple[ProofStep, ...]:
        """The steps from leaf `index` to the root. Raises InvalidInput for an index without a holder."""
        if not 0 <= index < len(self.leaves):
            raise InvalidInput(f"The epoch has no holder {index}.", f"It has {len(self.leaves)}, counted from 0.")
        return merkle_sum.proof(self._levels, index)

    def leaf_of(self, holder: str) -> EpochLeaf:
        """The leaf of an address. Raises NotFound where it has none."""
        found = next((leaf for leaf in self.leaves if leaf.holder.lower() == holder.lower()), None)
        if found is None:
            raise NotFound(f"{holder} has no part in this epoch.")
        return found

    @cached_property
    def _levels(self) -> list[list[merkle_sum.Node]]:
        return merkle_sum.levels([_node(leaf) for leaf in self.leaves])


def paid_to_holders(parts: Iterable[tuple[TrainingWork, int]], total: int) -> EpochTree:
    """`total` units to the holders of the works' splits, one leaf each, where `parts` are the works' grains.

    A holder's quota is the sum over its works of part × share; `total` is divided in proportion to the quotas, by
    largest remainder, the lower address first where remainders are equal. So each has its quota, rounded up or down
    once. Leaves stand in the order of the addresses; a holder whose part comes to nothing has none.
    Raises InvalidInput unless the parts sum to `total` units.
    """
    quotas: dict[str, int] = {}
    for work, part in parts:
        for leaf in work.split.leaves:
            quotas[leaf.holder.lower()] = quotas.get(leaf.holder.lower(), 0) + part * leaf.share
    if sum(quotas.values()) != total * GRAINS * PPM:
        raise InvalidInput("The works' parts are not the epoch's total.")
    holders = sorted(quotas)
    amounts = largest_remainder([quotas[holder] for holder in holders], total)
    return EpochTree.of([(holder, units) for holder, units in zip(holders, amounts, strict=True) if units])


def repeated(leaves: Iterable[EpochLeaf]) -> Mapping[str, int]:
    """The holders that have more than one leaf, with how many."""
    counts: dict[str, int] = {}
    for leaf in leaves:
        counts[leaf.holder.lower()] = counts.get(leaf.holder.lower(), 0) + 1
    return {holder: count for holder, count in counts.items() if count > 1}


def _node(leaf: EpochLeaf) -> merkle_sum.Node:
    """abi.encode(uint32, address, uint128), spelt out: of thousands of leaves, a general encoder takes seconds."""
    holder = to_canonical_address(leaf.holder).rjust(32, b"\0")
    return merkle_sum.leaf(leaf.index.to_bytes(32) + holder + leaf.amount.to_bytes(32), leaf.amount)
