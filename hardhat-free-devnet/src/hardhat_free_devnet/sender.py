"""Who sent a transaction: whom its signature names, or the account that was impersonated.

A transaction of an impersonated account carries, in place of a signature, `s` = 1 and the account as `r`. So
blocks, the pool and the state file need no list of such transactions beside them. `admission` refuses raw
transactions with that `s`; no key holder makes one but by intent.
"""

from __future__ import annotations

from typing import Any, cast

from eth.abc import SignedTransactionAPI
from eth_typing import Address

IMPERSONATED = 1
"""The `s` of the signature of an impersonated account."""


def sender_of(transaction: SignedTransactionAPI) -> Address:
    """The account that pays; recovering it from the signature is slow, and py-evm caches it in the object."""
    if transaction.s == IMPERSONATED:
        return Address(transaction.r.to_bytes(20))
    return transaction.sender


def executable(transaction: SignedTransactionAPI) -> SignedTransactionAPI:
    """What py-evm shall execute: the transaction itself, or one whose sender it takes as given."""
    if transaction.s != IMPERSONATED:
        return transaction
    return cast(SignedTransactionAPI, _Impersonated(transaction))


class _Impersonated:
    """Everything is the transaction's, but for the sender, which needs no signature."""

    def __init__(self, transaction: SignedTransactionAPI) -> None:
        self._transaction = transaction
        self.sender = sender_of(transaction)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transaction, name)
