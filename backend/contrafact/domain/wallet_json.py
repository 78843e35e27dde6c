"""Typed data as JSON for a wallet: what `eth_signTypedData_v4` takes.

wallet_json(quote_message(quote, domain))   # {"types": …, "primaryType": "Quote", "domain": …, "message": …}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contrafact.domain.typed_data import TypedData


def wallet_json(message: TypedData) -> dict[str, Any]:
    """The document of `message`: `types` with EIP712Domain, `primaryType`, `domain`, `message`.

    Integers are decimal strings, since JSON numbers above 2^53 are not read alike everywhere; bytes are `0x…`.
    """
    document: dict[str, Any] = _plain(message.document)
    return document


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return str(int(value)) if isinstance(value, int) else value
