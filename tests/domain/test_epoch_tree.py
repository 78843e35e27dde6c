"""Leaves of an epoch, and their tree, checked by a verifier written from the contract's interface."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.epoch_tree import EpochLeaf, EpochTree, paid_to_holders, repeated
from contrafact.domain.merkle_sum import ProofStep
from contrafact.domain.pool_shares import GRAINS, Families
from contrafact.domain.shares import PPM
from contrafact.domain.training_works import TrainingWork
from contrafact.errors import InvalidInput, NotFound

from ..contracts.amounts import Amounts
from .strategies import addresses
from .training import OWNERS, shared_by, some_works, work

trees = st.lists(st.tuples(addresses, st.integers(1, 2**100)), min_size=1, max_size=40).map(EpochTree.of)


def word(value: int | str) -> bytes:
    return int(value, 16).to_bytes(32, "big") if isinstance(value, str) else value.to_bytes(32, "big")


def proved(leaf: EpochLeaf, proof: tuple[ProofStep, ...]) -> tuple[bytes, int]:
    """The root that the leaf and its proof lead to, and its sum."""
    current, total = keccak(keccak(word(leaf.index) + word(leaf.holder) + word(leaf.amount))), leaf.amount
    for step in proof:
        sides = (step.hash, step.sum, current, total) if step.left else (current, total, step.hash, step.sum)
        current = keccak(sides[0] + word(sides[1]) + sides[2] + word(sides[3]))
        total += step.sum
    return current, total


@given(trees)
def test_every_holder_can_be_proved_and_the_root_sums_to_the_total(tree: EpochTree) -> None:
    for leaf in tree.leaves:
        assert proved(leaf, tree.proof(leaf.index)) == (tree.root, tree.total)


@given(trees, st.data())
def test_an_altered_leaf_proves_nothing(tree: EpochTree, data: st.DataObject) -> None:
    leaf = data.draw(st.sampled_from(tree.leaves))
    proof = tree.proof(leaf.index)
    changes = ({"amount": leaf.amount + 1}, {"index": leaf.index + 1}, {"holder": "0x" + "ee" * 20})
    for changed in changes:
        assert proved(replace(leaf, **changed), proof) != (tree.root, tree.total)  # type: ignore[arg-type]


@given(some_works(), st.integers(1, 10**24))
def test_holders_amounts_sum_to_the_total_and_each_is_its_quota_rounded_once(
    works: tuple[TrainingWork, ...], total: int
) -> None:
    families = Families.of(works)
    parts = list(zip(families.works, families.equally(total * GRAINS), strict=True))
    tree = paid_to_holders(parts, total)
    assert tree.total == total
    assert repeated(tree.leaves) == {}
    quotas: dict[str, Fraction] = {}
    for one, part in parts:
        for leaf in one.split.leaves:
            quotas[leaf.holder] = quotas.get(leaf.holder, Fraction(0)) + Fraction(part * leaf.share, GRAINS * PPM)
    paid = {leaf.holder: leaf.amount for leaf in tree.leaves}
    assert paid.keys() <= quotas.keys()
    assert all(abs(paid.get(holder, 0) - quota) < 1 for holder, quota in quotas.items())
    holders = [leaf.holder.lower() for leaf in tree.leaves]
    assert holders == sorted(holders)


def test_of_equal_remainders_the_lower_address_is_rounded_up() -> None:
    split = shared_by((OWNERS[2], 250_000), (OWNERS[0], 250_000), (OWNERS[3], 250_000), (OWNERS[1], 250_000))
    tree = paid_to_holders([(work(1, 1, split=split), 2 * GRAINS)], 2)
    assert [(leaf.holder, leaf.amount) for leaf in tree.leaves] == [(OWNERS[0], 1), (OWNERS[1], 1)]


def test_many_small_parts_of_a_holder_are_not_rounded_away() -> None:
    """A thousandth of a thousand works is a work's part, though each alone is less than a unit."""
    split = shared_by((OWNERS[0], 999_000), (OWNERS[1], 1_000))
    tree = paid_to_holders([(work(i, i, split=split), 7 * GRAINS) for i in range(1000)], 7000)
    assert [leaf.amount for leaf in tree.leaves] == [6993, 7]


def test_parts_must_be_the_total() -> None:
    with pytest.raises(InvalidInput):
        paid_to_holders([(work(1, 1), 2 * GRAINS)], 3)


def test_a_tree_has_holders_with_something_each() -> None:
    for amounts in ([], [(OWNERS[0], 0)], [(OWNERS[0], -1)], [(OWNERS[0], 2**128)], [("nobody", 1)]):
        with pytest.raises(InvalidInput):
            EpochTree.of(amounts)


def test_holders_are_found_by_their_address() -> None:
    tree = EpochTree.of([("0x" + "ab" * 20, 5), (OWNERS[1], 6)])
    assert tree.leaf_of("0x" + "AB" * 20).amount == 5
    with pytest.raises(NotFound):
        tree.leaf_of(OWNERS[0])
    for index in (-1, 2):
        with pytest.raises(InvalidInput):
            tree.proof(index)
    assert repeated([*tree.leaves, tree.leaves[0]]) == {"0x" + "ab" * 20: 2}


@given(trees)
def test_the_contracts_tests_build_the_same_tree_by_themselves(tree: EpochTree) -> None:
    twin = Amounts.of([(leaf.holder, leaf.amount) for leaf in tree.leaves])
    assert (tree.root, tree.total) == (twin.root, twin.total)
    for leaf in tree.leaves:
        assert [step.to_abi() for step in tree.proof(leaf.index)] == twin.proof(leaf.index)
