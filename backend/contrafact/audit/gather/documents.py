"""Reading the content store, which nobody trusts: every byte is hashed again."""

from __future__ import annotations

from contrafact.audit.results import Done, NotStored, Result, Skipped
from contrafact.domain.digests import cid, sha256
from contrafact.domain.protection import Protection, Sealed
from contrafact.domain.withdrawals import worded
from contrafact.errors import NotFound, StoreError, Withdrawn
from contrafact.ports import ContentStore

NO_KEY = "no key: {} is protected, and this auditor was given no key to it"


def read(store: ContentStore, digest: bytes, protection: Protection | None = None) -> Result[bytes]:
    """The bytes with this SHA-256: Failed when missing or other bytes, Skipped when the store is out of reach.

    Skipped, too, where the document that names them says that they are protected, and no key is here, and where the
    store was told to give them out no more. What is protected must be there as ciphertext all the same.
    """
    try:
        if (sealed := protection.of(digest) if protection else None) and not store.has(cid(digest)):
            return _sealed(store, sealed)
    except StoreError as error:
        return Skipped(str(error))
    return _plain(store, digest)


def _sealed(store: ContentStore, sealed: Sealed) -> Result[bytes]:
    found = _plain(store, sealed.cipher)
    return Skipped(NO_KEY.format(cid(sealed.plain))) if isinstance(found, Done) else found


def _plain(store: ContentStore, digest: bytes) -> Result[bytes]:
    address = cid(digest)
    try:
        data = store.get(address)
    except Withdrawn as error:
        return Skipped(f"{address} was {worded(error.notice)}.")
    except NotFound:
        return NotStored(f"{address} is not in the content store.")
    except StoreError as error:
        return NotStored(str(error)) if _reachable(store, address) else Skipped(str(error))
    return Done(data) if sha256(data) == digest else NotStored(f"The content store gives other bytes for {address}.")


def _reachable(store: ContentStore, address: str) -> bool:
    try:
        store.has(address)
    except StoreError:
        return False
    return True
