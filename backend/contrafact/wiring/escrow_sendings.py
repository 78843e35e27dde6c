"""The receipts of transactions that paid somebody out of the escrow, as the audit's values."""

from __future__ import annotations

from collections import Counter
from typing import Any

from eth_utils.crypto import keccak
from web3.contract import Contract
from web3.exceptions import TransactionNotFound
from web3.logs import DISCARD

from contrafact.audit.sendings import Sendings
from contrafact.ledger.connection import Connection

TRANSFER = keccak(b"Transfer(address,address,uint256)")


def sendings(connection: Connection, escrow: Contract, transaction: str) -> Sendings | None:
    """What one transaction moved; None where the node has no receipt of it. Raises ChainError."""
    with connection.failures():
        try:
            receipt = connection.web3.eth.get_transaction_receipt(transaction)  # type: ignore[arg-type]
        except TransactionNotFound:
            return None
    moved, told = Counter[tuple[str, str]](), Counter[tuple[bytes, str]]()
    for log in receipt["logs"]:
        if _is_from(log, escrow.address):
            moved[log["address"].lower(), _address(log["topics"][2])] += int.from_bytes(log["data"])
    for event in escrow.events.Owed().process_receipt(receipt, errors=DISCARD):
        if event["address"].lower() == escrow.address.lower():
            given = event["args"]
            moved[given["token"].lower(), given["to"].lower()] += given["amount"]
    for event in escrow.events.Paid().process_receipt(receipt, errors=DISCARD):
        if event["address"].lower() == escrow.address.lower():
            given = event["args"]
            told[bytes(given["accountId"]), given["payee"].lower()] += given["amount"]
    return Sendings(moved, told)


def _is_from(log: Any, escrow: str) -> bool:
    """Whether it is a token's event of a transfer from the escrow."""
    topics = log["topics"]
    return len(topics) == 3 and bytes(topics[0]) == TRANSFER and _address(topics[1]) == escrow.lower()


def _address(topic: bytes) -> str:
    return "0x" + bytes(topic)[12:].hex()
