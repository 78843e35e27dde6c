"""Confirmations: a rights holder says with its signature that its place in a split is its own."""

from __future__ import annotations

from contrafact.domain import typed_data
from contrafact.domain.splits import HolderLeaf
from contrafact.domain.typed_data import Eip712Domain, TypedData


def confirmation_message(beneficiary: bytes, split_root: bytes, leaf: HolderLeaf, domain: Eip712Domain) -> TypedData:
    """The typed data that the holder of `leaf` signs; it counts for every token. `beneficiary` is a work or a model."""
    values = (beneficiary, split_root, leaf.index, leaf.holder, leaf.share)
    return typed_data.message("SplitConfirmation", typed_data.named("SplitConfirmation", values), domain)
