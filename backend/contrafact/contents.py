"""Documents in a content store, and the contents that they name: reading the protected ones, naming them."""

from __future__ import annotations

from collections.abc import Sequence

from contrafact.domain.digests import cid, sha256
from contrafact.domain.protection import Protection, Sealed
from contrafact.domain.record import AttributionRecord
from contrafact.domain.works import WorkMetadata
from contrafact.errors import NoKey
from contrafact.ports import ContentStore


def work_document(store: ContentStore, digest: bytes) -> WorkMetadata:
    """The work's document with this digest. Raises what the store raises, and InvalidInput for what is none."""
    return WorkMetadata.from_bytes(store.get(cid(digest)))


def record_document(store: ContentStore, digest: bytes) -> AttributionRecord:
    """The attribution record with this digest. Raises as `work_document`."""
    return AttributionRecord.from_bytes(store.get(cid(digest)))


def content(store: ContentStore, digest: bytes, protection: Protection | None) -> bytes:
    """The plain bytes with this digest, which a document names that has this `protection`.

    Raises NoKey where they are protected and the store's reader cannot open them, and what the store raises; so it
    does for a ciphertext that is missing or withdrawn.
    """
    require_readable(store, digest, protection)
    return store.get(cid(digest))


def require_readable(store: ContentStore, digest: bytes, protection: Protection | None) -> None:
    """Raises as `content` does, without reading what lies in the store in plain."""
    if store.has(cid(digest)):
        return
    sealed = protection.of(digest) if protection else None
    if sealed is None:
        store.get(cid(digest))
        return
    store.get(cid(sealed.cipher))
    text = f"{cid(digest)} is protected, and no key to it is here: no key."
    raise NoKey(text, "Ask its licensor for a release to your reader's key, then: contrafact content import FILE")


def named(contents: Sequence[bytes], ciphers: Sequence[bytes], key: str) -> tuple[Sealed, ...]:
    """How documents name contents whose ciphertexts, in the same order, are encrypted to one key."""
    return tuple(Sealed(sha256(data), sha256(cipher), key) for data, cipher in zip(contents, ciphers, strict=True))
