"""Numbers and bytes as Ethereum's JSON-RPC writes them (EIP-1474)."""

from __future__ import annotations

import re
import reprlib

from eth_typing import Address

from .errors import InvalidParams

_SHORT = reprlib.Repr()
_SHORT.maxstring = 80
_QUANTITY = re.compile(r"0x[0-9a-fA-F]{1,64}\Z")
_DATA = re.compile(r"0x(?:[0-9a-fA-F]{2})*\Z")


def quantity(value: int) -> str:
    """A non-negative integer as minimal hex: 0 is `0x0`."""
    return hex(value)


def data(value: bytes) -> str:
    """Bytes as hex, two digits a byte."""
    return "0x" + value.hex()


def parse_quantity(value: object) -> int:
    """Read an unsigned 256-bit integer. Plain JSON integers are accepted too: tools send them to `evm_*`."""
    if isinstance(value, str) and _QUANTITY.match(value):
        return int(value, 16)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**256:
        return value
    raise InvalidParams(f"expected a hex quantity such as 0x1f, got {shown(value)}")


def parse_data(value: object) -> bytes:
    """Read a byte string of any length."""
    if isinstance(value, str) and _DATA.match(value):
        return bytes.fromhex(value[2:])
    raise InvalidParams(f"expected 0x-prefixed hex bytes, got {shown(value)}")


def parse_address(value: object) -> Address:
    """Read a 20-byte address; letter case is not checked."""
    return Address(_sized(value, 20, "an address"))


def parse_hash(value: object) -> bytes:
    """Read a 32-byte hash or topic."""
    return _sized(value, 32, "a 32-byte hash")


def _sized(value: object, size: int, what: str) -> bytes:
    raw = parse_data(value)
    if len(raw) != size:
        raise InvalidParams(f"expected {what} ({size} bytes), got {len(raw)} bytes")
    return raw


def shown(value: object) -> str:
    """A short, printable form of what a client sent, however long or deep, for error messages."""
    return _SHORT.repr(value)[:200]
