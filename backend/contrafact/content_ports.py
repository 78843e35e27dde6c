"""The ports to content: a store, what its keeper does in it, and encryption. `contrafact.ports` has them, too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from contrafact.domain.protection import Sealed


class ContentStore(Protocol):
    """Bytes by the CID of their SHA-256 (raw CIDv1). Every read is checked against the CID."""

    def put(self, data: bytes) -> str:
        """Stores `data` and returns its CID; storing twice is harmless. Raises StoreError."""

    def get(self, cid: str) -> bytes:
        """The bytes of `cid`. Raises NotFound, or StoreError when the store returns other bytes."""

    def has(self, cid: str) -> bool:
        """Whether the store holds `cid`. Raises StoreError when it cannot be reached."""


class KeptStore(ContentStore, Protocol):
    """A content store with what its keeper does in it. `put` raises Withdrawn where a notice stands."""

    def withdraw(self, cid: str, notice: bytes) -> None:
        """Gives `cid` out no more, with `notice` in its place; again is harmless. Raises StoreError."""

    def notice(self, cid: str) -> bytes | None:
        """The notice in place of `cid`; None where there is none. Raises StoreError."""

    def restore(self, data: bytes) -> str:
        """Stores `data` in spite of a notice, which goes. Returns its CID. Raises StoreError."""

    def pin(self, cid: str) -> bool:
        """Keeps `cid` from being thrown away; False where nothing ever is. Raises NotFound, StoreError."""


class Sealing(Protocol):
    """Encrypts what is not for everybody, and releases its keys, for one party with a reader's key of its own."""

    @property
    def reader(self) -> str:
        """The party's own age recipient. Raises NotFound where it has none."""

    @property
    def readers(self) -> Sequence[str]:
        """All of its age recipients, with those of former keys that it still has."""

    def new_key(self) -> tuple[str, bytes]:
        """A key for contents: its public half (`age1…`) and its secret half."""

    def seal(self, data: bytes, key: str) -> bytes:
        """`data`, encrypted to the key."""

    def release(
        self, subject: tuple[str, bytes], secret: bytes, contents: tuple[Sealed, ...], readers: Sequence[str]
    ) -> bytes:
        """A signed release of the contents' key to `readers`; `subject` is `work` or `order`, and its id."""

    def keep(self, release: bytes) -> None:
        """Puts a release on the party's keyring, so that it can read what it sealed."""
