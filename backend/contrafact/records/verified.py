"""The one check that every read of every store goes through."""

from __future__ import annotations

from contrafact.domain.digests import cid, sha256
from contrafact.errors import WrongBytes


def verified(data: bytes, expected: str, place: str) -> bytes:
    """`data`, whose raw CIDv1 must be `expected`. Raises WrongBytes, naming what `place` returned instead."""
    found = cid(sha256(data))
    if found != expected:
        raise WrongBytes(
            f"{place} returned other bytes for {expected}: {len(data)} bytes whose CID is {found}.",
            "The content is damaged there: store the original again, or read from another store.",
        )
    return data
