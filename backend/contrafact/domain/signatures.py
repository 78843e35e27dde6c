"""Who has signed a digest: recovered as the contracts recover it."""

from __future__ import annotations

from eth_keys.constants import SECPK1_N
from eth_keys.datatypes import Signature
from eth_keys.exceptions import BadSignature
from eth_utils.exceptions import ValidationError

_LENGTH = 65
_OFFSET = 27
"""What the last byte of a signature has above the parity of the point."""


def recovered(digest: bytes, signature: bytes) -> str | None:
    """The address of the key that signed; None where there is none, and for the malleable form of a signature."""
    if len(signature) != _LENGTH or signature[-1] not in (_OFFSET, _OFFSET + 1):
        return None
    if int.from_bytes(signature[32:64]) > SECPK1_N // 2:
        return None
    try:
        found = Signature(signature[:64] + bytes([signature[-1] - _OFFSET]))
        return str(found.recover_public_key_from_msg_hash(digest).to_checksum_address())
    except (BadSignature, ValidationError):
        return None
