"""The transactions that wait: `txpool_*`, and taking them out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..hexes import data, quantity
from ..node import Node
from ..pool import Pooled
from ..registry import method
from ..requests import Address, Hash
from ..sender import sender_of
from ..views import Json, pending_transaction_view


@method("txpool_status")
def status(node: Node) -> Json:
    ready, queued = node.miner.pool.split(node.miner.nonces())
    return {"pending": quantity(len(ready)), "queued": quantity(len(queued))}


@method("txpool_content")
def content(node: Node) -> Json:
    return _both(node, lambda entry: pending_transaction_view(entry.transaction))


@method("txpool_contentFrom")
def content_from(node: Node, address: Address) -> Json:
    return {kind: accounts.get(data(address), {}) for kind, accounts in content(node).items()}


@method("txpool_inspect")
def inspect(node: Node) -> Json:
    return _both(node, _summary)


@method("hardhat_dropTransaction", "anvil_dropTransaction")
def drop_transaction(node: Node, transaction_hash: Hash) -> bool:
    return node.miner.drop(transaction_hash)


@method("anvil_dropAllTransactions")
def drop_all_transactions(node: Node) -> None:
    node.miner.clear()


@method("anvil_removePoolTransactions")
def remove_pool_transactions(node: Node, address: Address) -> None:
    """All those of one account."""
    for entry in node.miner.pool.entries():
        if entry.sender == address:
            node.miner.drop(entry.hash)


def _both(node: Node, show: Callable[[Pooled], Any]) -> Json:
    ready, queued = node.miner.pool.split(node.miner.nonces())
    return {"pending": _by_account(ready, show), "queued": _by_account(queued, show)}


def _by_account(entries: Iterable[Pooled], show: Callable[[Pooled], Any]) -> Json:
    accounts: dict[str, Any] = {}
    for entry in entries:
        accounts.setdefault(data(sender_of(entry.transaction)), {})[str(entry.nonce)] = show(entry)
    return accounts


def _summary(entry: Pooled) -> str:
    transaction = entry.transaction
    target = data(transaction.to) if transaction.to else "contract creation"
    return f"{target}: {transaction.value} wei + {transaction.gas} gas × {transaction.max_fee_per_gas} wei"
