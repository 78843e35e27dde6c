"""The transaction that created a contract, where it is not known because the answer was lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eth_utils.address import to_checksum_address
from web3.utils.address import get_create_address

from contrafact.ledger.connection import Connection

SEARCHED_BLOCKS = 500


def find_creation(connection: Connection, deployer: str, address: str, since: int) -> dict[str, Any] | None:
    """`{transaction, block}` of the creation at `address`, looked for in up to 500 blocks after `since`.

    None where it is not there: the blocks before the search, and those after it, are not read. Raises ChainError.
    """
    for number in range(since, min(since + SEARCHED_BLOCKS, connection.head()) + 1):
        with connection.failures():
            block = connection.web3.eth.get_block(number, full_transactions=True)
        for transaction in block["transactions"]:
            if isinstance(transaction, Mapping) and _creates(transaction, deployer, address):
                return {"transaction": f"0x{bytes(transaction['hash']).hex()}", "block": number}
    return None


def created_address(transaction: Mapping[str, Any]) -> str:
    """Where a transaction without a receiver creates its contract."""
    sender = to_checksum_address(transaction["from"])
    return to_checksum_address(get_create_address(sender, transaction["nonce"]))


def _creates(transaction: Mapping[str, Any], deployer: str, address: str) -> bool:
    return (
        not transaction.get("to")
        and to_checksum_address(transaction["from"]) == to_checksum_address(deployer)
        and created_address(transaction) == to_checksum_address(address)
    )
