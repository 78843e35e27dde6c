"""Signatures by the funded accounts."""

from __future__ import annotations

import json
from typing import Annotated, Any

from ..errors import InvalidParams
from ..hexes import data
from ..node import Node
from ..registry import method
from ..requests import Address, Call, Data, parse_object
from ..signing import sign_text, sign_typed_data, signed_transaction, unlocked


def parse_typed_data(value: object) -> dict[str, Any]:
    """EIP-712 data as an object, or as the text of one, which some wallets send."""
    try:
        return parse_object(json.loads(value) if isinstance(value, str) else value, "typed data")
    except (ValueError, RecursionError) as error:
        raise InvalidParams(f"expected typed data, got no JSON: {error}") from None


TypedData = Annotated[dict[str, Any], parse_typed_data]


@method("eth_sign")
def eth_sign(node: Node, address: Address, message: Data) -> str:
    return sign_text(node, address, message)


@method("personal_sign")
def personal_sign(node: Node, message: Data, address: Address) -> str:
    return sign_text(node, address, message)


@method("eth_signTypedData_v4", "eth_signTypedData")
def sign_typed(node: Node, address: Address, typed: TypedData) -> str:
    return sign_typed_data(node, address, typed)


@method("eth_signTransaction")
def sign_transaction(node: Node, transaction: Call) -> str:
    """The raw transaction, as the execution API specifies."""
    if transaction.sender is not None:
        unlocked(node, transaction.sender)
    return data(signed_transaction(node, transaction).encode())
