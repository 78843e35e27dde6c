"""The seed of a generation: neither maker nor operator can choose the piece."""

from __future__ import annotations

from contrafact.domain.digests import sha256


def commitment(secret: bytes) -> bytes:
    """What the quote shows of the operator's 32-byte secret before the order is funded."""
    return sha256(secret)


def seed(order_id: bytes, maker_salt: bytes, secret: bytes, attempt: int) -> bytes:
    """`SHA-256(order id ‖ maker's salt ‖ operator's secret ‖ attempt)`, attempt as 4 bytes, big-endian."""
    return sha256(order_id + maker_salt + secret + attempt.to_bytes(4, "big"))
