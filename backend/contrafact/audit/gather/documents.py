"""Reading the content store, which nobody trusts: every byte is hashed again."""

from __future__ import annotations

from contrafact.audit.results import Done, Failed, Result, Skipped
from contrafact.domain.digests import cid, sha256
from contrafact.errors import NotFound, StoreError
from contrafact.ports import ContentStore


def read(store: ContentStore, digest: bytes) -> Result[bytes]:
    """The bytes with this SHA-256: Failed when missing or other bytes, Skipped when the store is out of reach."""
    address = cid(digest)
    try:
        data = store.get(address)
    except NotFound:
        return Failed(f"{address} is not in the content store.")
    except StoreError as error:
        return Failed(str(error)) if _reachable(store, address) else Skipped(str(error))
    return Done(data) if sha256(data) == digest else Failed(f"The content store gives other bytes for {address}.")


def _reachable(store: ContentStore, address: str) -> bool:
    try:
        store.has(address)
    except StoreError:
        return False
    return True
