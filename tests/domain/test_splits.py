"""Rights splits, checked by a verifier that is written from the contract's interface and shares no code."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain.addresses import NATIVE
from contrafact.domain.shares import PPM
from contrafact.domain.splits import HolderLeaf, ProofStep, Split, account_id, claimable, held
from contrafact.errors import InvalidInput

from .strategies import addresses, digests, positive_parts, splits

HOLDER = "0x" + "11" * 20


def word(value: int | str) -> bytes:
    return int(value, 16).to_bytes(32, "big") if isinstance(value, str) else value.to_bytes(32, "big")


def leaf_hash(leaf: HolderLeaf) -> bytes:
    return keccak(keccak(word(leaf.index) + word(leaf.holder) + word(leaf.share)))


def node_hash(left: bytes, left_sum: int, right: bytes, right_sum: int) -> bytes:
    return keccak(left + word(left_sum) + right + word(right_sum))


def proves(root: bytes, leaf: HolderLeaf, proof: tuple[ProofStep, ...]) -> bool:
    """Whether a contract that knows only `root` may believe the leaf."""
    current, total = leaf_hash(leaf), leaf.share
    for step in proof:
        if step.left:
            current = node_hash(step.hash, step.sum, current, total)
        else:
            current = node_hash(current, total, step.hash, step.sum)
        total += step.sum
    return current == root and total == PPM


@given(splits)
def test_every_holder_can_be_proved(split: Split) -> None:
    assert all(proves(split.root, leaf, split.proof(leaf.index)) for leaf in split.leaves)


@given(splits)
def test_proofs_grow_with_the_logarithm_of_the_holders(split: Split) -> None:
    assert max(len(split.proof(leaf.index)) for leaf in split.leaves) == (len(split.leaves) - 1).bit_length()


@given(splits, st.data())
def test_an_altered_leaf_or_proof_proves_nothing(split: Split, data: st.DataObject) -> None:
    leaf = data.draw(st.sampled_from(split.leaves))
    proof = split.proof(leaf.index)
    assert not proves(split.root, replace(leaf, share=leaf.share + 1), proof)
    assert not proves(split.root, replace(leaf, index=leaf.index + 1), proof)
    assert not proves(split.root, replace(leaf, holder="0x" + "ee" * 20), proof)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        for changed in (
            replace(proof[at], sum=proof[at].sum - 1),
            replace(proof[at], left=not proof[at].left),
            replace(proof[at], hash=keccak(proof[at].hash)),
        ):
            assert not proves(split.root, leaf, (*proof[:at], changed, *proof[at + 1 :]))
        assert not proves(split.root, leaf, proof[:-1])


@dataclass(frozen=True)
class Forged:
    """A node of a tree whose maker lies about sums; `proofs` lead from its leaves to it."""

    hash: bytes
    sum: int
    proofs: tuple[tuple[HolderLeaf, tuple[ProofStep, ...]], ...]


@given(st.lists(st.integers(0, PPM), min_size=1, max_size=16), st.data())
def test_no_tree_however_forged_proves_more_than_the_whole(shares: list[int], data: st.DataObject) -> None:
    """Each parent binds sums that its maker chose freely; most of the time they are the honest ones."""
    level = [_forged_leaf(HolderLeaf(i, HOLDER, share)) for i, share in enumerate(shares)]
    while len(level) > 1:
        level = [_forged_parent(level[i : i + 2], data) for i in range(0, len(level), 2)]
    (root,) = level
    proved = [leaf.share for leaf, proof in root.proofs if proves(root.hash, leaf, proof)]
    assert sum(proved) <= PPM


def _forged_leaf(leaf: HolderLeaf) -> Forged:
    return Forged(leaf_hash(leaf), leaf.share, ((leaf, ()),))


def _forged_parent(children: list[Forged], data: st.DataObject) -> Forged:
    if len(children) == 1:
        return children[0]
    left, right = children
    left_sum = data.draw(st.just(left.sum) | st.sampled_from([0, PPM - right.sum, PPM // 2]))
    right_sum = data.draw(st.just(right.sum) | st.sampled_from([0, PPM - left.sum, PPM // 2]))
    left_sum, right_sum = max(left_sum, 0), max(right_sum, 0)
    to_left = ProofStep(right.hash, right_sum, left=False)
    to_right = ProofStep(left.hash, left_sum, left=True)
    proofs = [(leaf, (*proof, to_left)) for leaf, proof in left.proofs]
    proofs += [(leaf, (*proof, to_right)) for leaf, proof in right.proofs]
    return Forged(node_hash(left.hash, left_sum, right.hash, right_sum), left_sum + right_sum, tuple(proofs))


@given(positive_parts(st.integers(2, 64)), addresses)
def test_one_address_may_hold_several_places(shares: list[int], holder: str) -> None:
    split = Split.of([(holder, share) for share in shares])
    assert all(proves(split.root, leaf, split.proof(leaf.index)) for leaf in split.leaves)


@given(splits, splits)
def test_different_splits_have_different_roots(a: Split, b: Split) -> None:
    assert (a.root == b.root) == (a == b)


@given(splits)
def test_a_split_comes_back_from_its_document(split: Split) -> None:
    assert Split.from_list(split.to_list()) == split


@pytest.mark.parametrize("count", [1, 2, 3, 63, 64])
def test_one_to_sixty_four_holders_are_taken(count: int) -> None:
    shares = [PPM // count] * (count - 1)
    assert len(Split.of([(HOLDER, share) for share in [*shares, PPM - sum(shares)]]).leaves) == count


@pytest.mark.parametrize(
    "holders",
    [
        [],
        [(HOLDER, PPM // 65)] * 65,
        [(HOLDER, PPM - 1)],
        [(HOLDER, PPM + 1)],
        [(HOLDER, PPM), (HOLDER, 0)],
        [(HOLDER, PPM + 5), (HOLDER, -5)],
        [(HOLDER, float(PPM))],
        [(HOLDER, True), (HOLDER, PPM - 1)],
        [("", PPM)],
        [("somebody", PPM)],
        [("0x1234", PPM)],
        [(None, PPM)],
    ],
)
def test_a_split_that_does_not_add_up_or_names_nobody_is_refused(holders: list[tuple[str, int]]) -> None:
    with pytest.raises(InvalidInput):
        Split.of(holders)


def test_nobody_drafts_a_split_with_the_zero_address_but_one_that_is_registered_is_read() -> None:
    holders = [(HOLDER, PPM - 1), (NATIVE, 1)]
    with pytest.raises(InvalidInput, match="zero address"):
        Split.drafted(holders)
    assert Split.from_list(Split.of(holders).to_list()) == Split.of(holders)
    assert Split.drafted([(HOLDER, PPM)]) == Split.of([(HOLDER, PPM)])


@pytest.mark.parametrize("index", [-1, 3, 64])
def test_there_is_no_proof_for_a_holder_who_is_not_there(index: int) -> None:
    split = Split.of([(HOLDER, 1), (HOLDER, 2), (HOLDER, PPM - 3)])
    with pytest.raises(InvalidInput):
        split.proof(index)


@given(splits, st.lists(st.integers(0, 10**24), max_size=5))
def test_holders_never_draw_more_than_came_in_and_less_than_one_unit_each_stays(
    split: Split, payments: list[int]
) -> None:
    received, drawn = 0, [0] * len(split.leaves)
    for payment in payments:
        received += payment
        for leaf in split.leaves:
            part = claimable(received, leaf.share, drawn[leaf.index])
            assert part >= 0
            drawn[leaf.index] += part
    assert received - len(split.leaves) < sum(drawn) <= received or received == sum(drawn) == 0


@given(digests, digests, addresses)
def test_an_account_is_the_hash_of_its_three_words(beneficiary: bytes, root: bytes, token: str) -> None:
    assert account_id(beneficiary, root, token) == keccak(beneficiary + root + word(token))


@given(splits)
def test_steps_are_packed_as_the_contract_takes_them(split: Split) -> None:
    for leaf in split.leaves:
        assert leaf.to_abi() == (leaf.index, leaf.holder, leaf.share)
        for step in split.proof(leaf.index):
            hash_, side = step.to_abi()
            assert (hash_, side >> 1, bool(side & 1)) == (step.hash, step.sum, step.left)


@given(st.integers(0, 10**24), st.integers(0, 10**24), st.integers(0, 10**24), st.integers(1, PPM))
def test_money_that_a_dispute_holds_waits_and_what_came_before_is_paid(
    before: int, since: int, cap: int, share: int
) -> None:
    waiting = held(before + since, before, cap)
    assert waiting == min(since, cap)
    due = claimable(before + since, share, 0, waiting)
    assert before * share // PPM <= due <= claimable(before + since, share, 0)


def test_a_holder_that_drew_before_a_dispute_owes_nothing() -> None:
    assert claimable(100, PPM, 100, 50) == 0
