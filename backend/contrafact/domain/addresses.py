"""Addresses as text, as numbers, and as the words of a contract's values."""

from __future__ import annotations

from functools import lru_cache

from eth_utils import is_checksum_address, to_checksum_address

from contrafact.errors import InvalidInput

NATIVE = "0x0000000000000000000000000000000000000000"


def checksummed(text: str) -> str:
    """The address as everybody writes it. Raises InvalidInput for anything else than 20 bytes in hex."""
    try:
        return to_checksum_address(text)
    except (ValueError, TypeError) as error:
        raise InvalidInput(f"{text!r} is not an address.", "Expected 0x and 40 hex digits.") from error


def written(text: str) -> str:
    """An address that somebody typed, as everybody writes it. Raises InvalidInput, also where its capital letters are
    not those of its checksum (EIP-55): then it is mistyped. All in lower case has none.
    """
    found, digits = checksummed(text), text[-40:]
    if digits not in (digits.lower(), digits.upper()) and not is_checksum_address(text):
        raise InvalidInput(f"{text} is mistyped: its checksum is wrong.", "Copy the address again, or ask its holder.")
    return found


def to_number(text: str) -> int:
    """The address as a number of 160 bits. Raises InvalidInput."""
    return int(checksummed(text), 16)


@lru_cache(maxsize=65_536)  # the same few parties are in very many values
def from_number(number: int) -> str:
    """The inverse of `to_number`."""
    return to_checksum_address(number.to_bytes(20))
