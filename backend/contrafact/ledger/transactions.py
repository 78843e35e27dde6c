"""Transactions as bytes: what is signed of one, and what a signed one says. RLP as in EIP-155 and EIP-1559."""

from __future__ import annotations

from typing import Any, cast

import rlp
from eth_account import Account
from eth_utils.crypto import keccak
from hexbytes import HexBytes
from web3.types import TxParams

_DYNAMIC = 2  # the type of a transaction with base fee and tip


def transaction_hash(raw: bytes) -> bytes:
    """The hash by which the chain knows a signed transaction."""
    return bytes(keccak(raw))


def unsigned(transaction: TxParams) -> bytes:
    """The fields of a transaction that somebody signs, as the chain encodes them."""
    fields = rlp.encode(_fields(transaction))
    return bytes([_DYNAMIC]) + fields if "maxFeePerGas" in transaction else bytes(fields)


def says_the_same(raw: bytes, transaction: TxParams) -> bool:
    """Whether a signed transaction is this one, field by field, signed by its sender and for its chain."""
    typed, wanted = raw[:1] == bytes([_DYNAMIC]), _fields(transaction)
    try:
        found = rlp.decode(raw[1:] if typed else raw)
        sender = Account.recover_transaction(HexBytes(raw))
    except Exception:  # whatever a foreign signer may have returned
        return False
    chain = typed or (int.from_bytes(found[6]) - 35) // 2 == transaction["chainId"]
    same_kind = typed == ("maxFeePerGas" in transaction)
    return same_kind and chain and list(found[: len(wanted)]) == wanted and sender == transaction["from"]


def _fields(transaction: TxParams) -> list[Any]:
    given = cast(dict[str, Any], transaction)
    target = bytes(HexBytes(given.get("to") or b""))
    body = [_number(given["gas"]), target, _number(given.get("value", 0)), bytes(HexBytes(given.get("data") or b""))]
    if "maxFeePerGas" not in given:
        return [_number(given["nonce"]), _number(given["gasPrice"]), *body]
    fees = [_number(given["maxPriorityFeePerGas"]), _number(given["maxFeePerGas"])]
    return [_number(given["chainId"]), _number(given["nonce"]), *fees, *body, []]


def _number(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8)
