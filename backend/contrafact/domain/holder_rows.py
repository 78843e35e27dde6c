"""How documents list the holders of a split: address, share, and the holder's confirmation where it was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contrafact.domain.documents import hex_bytes, text
from contrafact.domain.splits import Split

Confirmations = Mapping[int, bytes]
"""Signatures of `SplitConfirmation`s, by the holder's place in the split."""


def to_rows(split: Split, confirmations: Confirmations) -> list[dict[str, object]]:
    """One row for each holder; `confirmation` is empty where none was given."""
    rows = enumerate(split.to_list())
    return [row | {"confirmation": _to_hex(confirmations.get(index, b""))} for index, row in rows]


def from_rows(rows: list[dict[str, Any]]) -> tuple[Split, dict[int, bytes]]:
    """The inverse of `to_rows`. Raises what readers of documents raise. Signatures are not checked."""
    given = ((index, text(row["confirmation"])) for index, row in enumerate(rows))
    return Split.from_list(rows), {index: hex_bytes(signature) for index, signature in given if signature}


def _to_hex(signature: bytes) -> str:
    return "0x" + signature.hex() if signature else ""
