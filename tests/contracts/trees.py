"""Merkle-sum trees as anybody, the malicious included, may build them: see claim.tree and training_pool.tree."""

from __future__ import annotations

from dataclasses import replace

from eth_abi import encode
from eth_utils import keccak

from contrafact.domain.prices import TokenPrice
from contrafact.domain.shares import PPM
from contrafact.domain.splits import Split

from .world import World, digest

Node = tuple[bytes, int]
"""Hash and sum."""


def leaf_node(index: int, holder: str, value: int) -> Node:
    """Of a share or an amount."""
    return keccak(keccak(encode(["uint32", "address", "uint128"], [index, holder, value]))), value


def parent_of(left: Node, right: Node, claimed: tuple[int, int] | None = None) -> Node:
    """The node over two others, which may lie about their sums."""
    sums = claimed or (left[1], right[1])
    packed = encode(["bytes32", "uint256", "bytes32", "uint256"], [left[0], sums[0], right[0], sums[1]])
    return keccak(packed), sum(sums)


def step_of(node: Node, left: bool) -> tuple[bytes, int]:
    """The `ProofStep` struct."""
    return node[0], 2 * node[1] + left


def earn_under(world: World, root: bytes, amount: int) -> tuple[bytes, bytes, str]:
    """Money for an account of any root; returns the `Account` struct."""
    row = TokenPrice(world.usd.address, (amount,) * 4)
    split = Split.of([(world.strangers(1)[0], PPM)])
    decoy = world.catalogued(777, split, world.licensor, world.terms(prices=(row,)))
    words = list(decoy.terms.to_words())
    world.catalogue.send(decoy.licensor, "changeSplit", decoy.work_id, root, digest(1), words)
    quote = world.quote([decoy], duration=30, base_rate=0, operator_fee=0)
    source = replace(quote.sources[0], split_root=root, terms_version=decoy.version + 1)
    deal = world.deal(replace(quote, sources=(source,)), [decoy.terms])
    world.fund(deal)
    world.commit(deal, world.commit_of(deal, 0, [PPM]))
    return decoy.work_id, root, world.usd.address
