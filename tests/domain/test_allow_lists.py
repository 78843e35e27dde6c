"""Allow-lists, checked by a verifier that is written from OpenZeppelin's interface and shares no code."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from contrafact.domain import merkle
from contrafact.domain.allow_list import EVERYBODY, AllowList
from contrafact.domain.terms import Terms
from contrafact.errors import InvalidInput, NotFound, NotPermitted

from .documents import ALICE, BOB, LISTED, TERMS, digest
from .strategies import addresses, allow_lists, digests


def proves(root: bytes, value: bytes, proof: tuple[bytes, ...]) -> bool:
    """`MerkleProof.verify` of a leaf that is hashed twice."""
    current = keccak(keccak(value))
    for sibling in proof:
        current = keccak(min(current, sibling) + max(current, sibling))
    return current == root


def word(address: str) -> bytes:
    return int(address, 16).to_bytes(32, "big")


@given(allow_lists)
def test_every_member_can_be_proved(allow: AllowList) -> None:
    for operator in allow.operators:
        assert proves(allow.root, word(operator), allow.operator_proof(operator))
    for model in allow.models:
        assert proves(allow.root, model, allow.model_proof(model))


@given(st.lists(digests, min_size=1, max_size=40, unique=True), st.randoms())
def test_a_root_does_not_depend_on_the_order_of_the_members(values: list[bytes], random: object) -> None:
    shuffled = sorted(values, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert merkle.root(shuffled) == merkle.root(values)
    assert all(proves(merkle.root(values), value, merkle.proof(values, value)) for value in values)


@given(st.lists(digests, min_size=1, max_size=9, unique=True), digests)
def test_nobody_else_can_be_proved(values: list[bytes], other: bytes) -> None:
    if other in values:
        return
    with pytest.raises(NotFound):
        merkle.proof(values, other)
    assert not any(proves(merkle.root(values), other, merkle.proof(values, value)) for value in values)


def test_the_tree_is_openzeppelins_standard_tree() -> None:
    """Three leaves: the two lowest hashes make a pair at the bottom, the highest stands beside it."""
    values = [digest("a"), digest("b"), digest("c")]
    low, middle, high = sorted(keccak(keccak(value)) for value in values)
    pair = keccak(low + middle)
    assert merkle.root(values) == keccak(min(pair, high) + max(pair, high))
    assert merkle.root([digest("a")]) == keccak(keccak(digest("a")))


def test_a_member_twice_is_a_member_once() -> None:
    assert AllowList.of([ALICE, ALICE]).root == AllowList.of([ALICE]).root


@given(allow_lists)
def test_who_is_not_listed_gets_no_proof(allow: AllowList) -> None:
    if allow.lists_operators and ALICE not in allow.operators:
        with pytest.raises(NotPermitted, match=ALICE):
            allow.operator_proof(ALICE)
    if allow.lists_models and digest("x") not in allow.models:
        with pytest.raises(NotPermitted, match="0x"):
            allow.model_proof(digest("x"))


def test_where_nobody_is_listed_no_proof_is_needed() -> None:
    assert EVERYBODY.operator_proof(ALICE) == EVERYBODY.model_proof(digest("x")) == ()
    assert AllowList.of([ALICE]).model_proof(digest("x")) == ()
    assert AllowList.of() == EVERYBODY


def test_terms_from_the_chain_know_their_list_by_its_root_only() -> None:
    read = Terms.from_words(LISTED.to_words())
    assert not read.allow.known
    assert read.allow.same(LISTED.allow)
    with pytest.raises(NotPermitted, match="not known"):
        read.allow.operator_proof(ALICE)
    assert read.with_list(LISTED.allow) == LISTED
    assert LISTED.allow.known


@pytest.mark.parametrize("other", [EVERYBODY, AllowList.of([ALICE]), AllowList.of([BOB], [digest("model")])])
def test_another_list_is_not_taken_for_that_of_the_terms(other: AllowList) -> None:
    with pytest.raises(InvalidInput, match="not the list"):
        Terms.from_words(LISTED.to_words()).with_list(other)
    with pytest.raises(InvalidInput, match="not the list"):
        TERMS.with_list(LISTED.allow)


@given(allow_lists)
def test_a_list_comes_back_from_its_document(allow: AllowList) -> None:
    assert AllowList.from_dict(allow.to_dict()) == allow
    unknown = replace(allow, operators=(), models=())
    assert AllowList.from_dict(unknown.to_dict()) == unknown


@given(allow_lists, addresses)
def test_a_document_with_other_members_than_its_roots_is_refused(allow: AllowList, more: str) -> None:
    document = allow.to_dict() | {"operators": [*allow.operators, more]}
    if more not in allow.operators:
        with pytest.raises(InvalidInput):
            AllowList.from_dict(document)


def test_a_document_with_a_root_and_no_list_is_refused() -> None:
    with pytest.raises(InvalidInput):
        AllowList.from_dict(EVERYBODY.to_dict() | {"root": "0x" + "11" * 32})
