"""Column types that SQLite and PostgreSQL keep alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect, LargeBinary, String
from sqlalchemy.types import TypeDecorator

_DIGITS = 39  # of 2^128


class Amount(TypeDecorator[int]):
    """Whole units of a token, up to 2^128: digits with leading zeros, so that text sorts as numbers do.

    SQLite's own numbers have 64 bits.
    """

    impl = String(_DIGITS)
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if not 0 <= value < 10**_DIGITS:
            raise ValueError(f"{value} is no amount of at most {_DIGITS} digits")
        return f"{value:0{_DIGITS}d}"

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:
        return None if value is None else int(value)


class Digest(TypeDecorator[bytes]):
    """32 bytes: an id, a digest or a root."""

    impl = LargeBinary(32)
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else bytes(value)


Address = String(42)
"""As `domain.addresses.checksummed` writes it."""
