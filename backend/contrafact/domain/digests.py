"""Digests and addresses of content: one SHA-256 on the chain, the same 32 bytes in the CID.

A document's digest is the multihash of its raw CIDv1, so the hash in a contract *is* the address of the
evidence in any IPFS node or folder.
"""

from __future__ import annotations

import base64
import hashlib
import re

import rfc8785

from contrafact.errors import InvalidInput

_CID_PREFIX = bytes([0x01, 0x55, 0x12, 0x20])  # CIDv1, raw codec, sha2-256, 32 bytes
_HEX32 = re.compile(r"0x[0-9a-f]{64}")

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]


def sha256(data: bytes) -> bytes:
    """The 32-byte SHA-256 digest of `data`."""
    return hashlib.sha256(data).digest()


def canonical_json(value: object) -> bytes:
    """RFC 8785 bytes of `value`. Integers beyond 2^53 must already be decimal strings.

    Raises InvalidInput for what JSON cannot hold exactly.
    """
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise InvalidInput(f"not canonical JSON: {error}", "Write large integers as decimal strings.") from error


def cid(digest: bytes) -> str:
    """The raw CIDv1 (base32, `bafkrei…`) of the content whose SHA-256 is `digest`."""
    return "b" + base64.b32encode(_CID_PREFIX + digest).decode().lower().rstrip("=")


def digest_of_cid(text: str) -> bytes:
    """The SHA-256 digest inside a raw CIDv1. Raises InvalidInput for any other kind or spelling of CID."""
    body = text[1:].upper()
    try:
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
    except ValueError as error:
        raise InvalidInput(f"{text!r} is not a CID.", "Expected a base32 CIDv1 such as bafkrei….") from error
    canonical = len(raw) == 36 and raw[:4] == _CID_PREFIX and cid(raw[4:]) == text
    if not canonical:  # one content has one name: capitals, padding and stray bits are refused
        raise InvalidInput(f"{text!r} is not a raw sha2-256 CIDv1.", "Expected a CID that starts with bafkrei.")
    return raw[4:]


def to_hex(digest: bytes) -> str:
    """`0x` and lower-case hex."""
    return "0x" + digest.hex()


def from_hex(text: str) -> bytes:
    """The 32 bytes of a `0x…` string. Raises InvalidInput unless it is 64 lower-case hex digits."""
    if not isinstance(text, str) or not _HEX32.fullmatch(text):
        raise InvalidInput(f"{text!r} is not a 32-byte hex value.", "Expected 0x and 64 lower-case hex digits.")
    return bytes.fromhex(text[2:])
