"""The state of accounts, at any block."""

from __future__ import annotations

from typing import Annotated

from ..errors import InvalidParams
from ..hexes import data, parse_data, parse_quantity, quantity
from ..node import Node
from ..registry import method
from ..requests import Address, Block


def parse_slot(value: object) -> int:
    """A storage slot: a quantity, or the 32 bytes of a hash."""
    try:
        return parse_quantity(value)
    except InvalidParams:
        raw = parse_data(value)
        if len(raw) > 32:
            raise
        return int.from_bytes(raw)


Slot = Annotated[int, parse_slot]


@method("eth_accounts")
def accounts(node: Node) -> list[str]:
    return [account.address.lower() for account in node.accounts]


@method("eth_getBalance")
def get_balance(node: Node, address: Address, block: Block = "latest") -> str:
    return quantity(node.chain.state(block).get_balance(address))


@method("eth_getTransactionCount")
def get_transaction_count(node: Node, address: Address, block: Block = "latest") -> str:
    return quantity(node.chain.state(block).get_nonce(address))


@method("eth_getCode")
def get_code(node: Node, address: Address, block: Block = "latest") -> str:
    return data(node.chain.state(block).get_code(address))


@method("eth_getStorageAt")
def get_storage_at(node: Node, address: Address, slot: Slot, block: Block = "latest") -> str:
    return data(node.chain.state(block).get_storage(address, slot).to_bytes(32))
