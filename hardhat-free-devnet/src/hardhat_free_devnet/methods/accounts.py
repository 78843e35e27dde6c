"""The state of accounts, at any block."""

from __future__ import annotations

from ..hexes import data, quantity
from ..node import Node
from ..proofs import account_proof
from ..registry import method
from ..requests import Address, Block, Slot, Slots
from ..views import Json


@method("eth_accounts", "eth_requestAccounts")
def accounts(node: Node) -> list[str]:
    return [account.address.lower() for account in node.accounts]


@method("eth_getBalance")
def get_balance(node: Node, address: Address, block: Block = "latest") -> str:
    return quantity(node.moment(block).state.get_balance(address))


@method("eth_getTransactionCount")
def get_transaction_count(node: Node, address: Address, block: Block = "latest") -> str:
    if block == "pending":
        return quantity(node.miner.next_nonce(address))
    return quantity(node.moment(block).state.get_nonce(address))


@method("eth_getCode")
def get_code(node: Node, address: Address, block: Block = "latest") -> str:
    return data(node.moment(block).state.get_code(address))


@method("eth_getStorageAt")
def get_storage_at(node: Node, address: Address, slot: Slot, block: Block = "latest") -> str:
    return data(node.moment(block).state.get_storage(address, slot).to_bytes(32))


@method("eth_getProof")
def get_proof(node: Node, address: Address, slots: Slots, block: Block = "latest") -> Json:
    return account_proof(node.moment(block), address, slots)
