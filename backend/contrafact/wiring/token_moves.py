"""What a token moved to and from the escrow in one transaction, by the token's own events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from eth_utils.crypto import keccak
from web3.exceptions import TransactionNotFound

from contrafact.audit.calls import TokenMoves
from contrafact.domain.addresses import from_number
from contrafact.ledger.connection import Connection

_TRANSFER = keccak(text="Transfer(address,address,uint256)")
_OWED = keccak(text="Owed(address,address,uint256,bytes32)")


def moves(connection: Connection, escrow: str, transaction: str, token: str) -> TokenMoves | None:
    """None where there is no such transaction. Raises ChainError."""
    with connection.failures():
        try:
            receipt = connection.web3.eth.get_transaction_receipt(transaction)  # type: ignore[arg-type]
        except TransactionNotFound:
            return None
    arrived, sent = 0, Counter[str]()
    for log in receipt["logs"]:
        topics, amount = [bytes(topic) for topic in log["topics"]], int.from_bytes(bytes(log["data"])[:32])
        if _is(log, token) and len(topics) == 3 and topics[0] == _TRANSFER:
            giver, taker = _address(topics[1]), _address(topics[2])
            arrived += amount * (taker == escrow)
            sent[taker] += amount * (giver == escrow)
        elif _is(log, escrow) and topics[:1] == [_OWED] and _address(topics[2]) == token:
            sent[_address(topics[1])] += amount
    return TokenMoves(arrived, sent)


def _is(log: Mapping[str, Any], address: str) -> bool:
    return str(log["address"]).lower() == address.lower()


def _address(topic: bytes) -> str:
    return from_number(int.from_bytes(topic[12:]))
