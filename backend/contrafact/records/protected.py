"""A content store as one reader sees it: what it may open is there in plain, under the CID of the plain bytes."""

from __future__ import annotations

from contrafact.domain.digests import cid as cid_of
from contrafact.domain.digests import sha256
from contrafact.errors import NotPermitted
from contrafact.ports import ContentStore
from contrafact.records.keyring import Keyring, Opened
from contrafact.records.sealing import unseal
from contrafact.records.verified import verified


class ProtectedStore:
    """Implements the port ContentStore over another one, with a reader's keyring.

    Whoever reads through it knows plain digests only, as the chain does. Nothing of what it opens is written anywhere.
    """

    def __init__(self, store: ContentStore, keyring: Keyring) -> None:
        self._store, self._keyring = store, keyring

    def put(self, data: bytes) -> str:
        """As the store below. Raises NotPermitted for the plain bytes of what is known to be protected."""
        name = cid_of(sha256(data))
        if self._keyring.find(name):
            raise NotPermitted(f"{name} is protected content.", "Only its ciphertext may be stored.")
        return self._store.put(data)

    def get(self, cid: str) -> bytes:
        """The plain bytes of `cid`. Raises what the store below raises, also of the ciphertext.

        WrongBytes where the ciphertext was changed, or is of other bytes.
        """
        opened = self._opened(cid)
        if opened is None:
            return self._store.get(cid)
        data = unseal(self._store.get(cid_of(opened.sealed.cipher)), [opened.identity], cid)
        return verified(data, cid, "The ciphertext that is published")

    def has(self, cid: str) -> bool:
        """Whether the store below holds `cid` in plain, or the keyring opens it.

        Its ciphertext may lie on another node of the network: only a read finds that out.
        """
        return bool(self._keyring.find(cid)) or self._store.has(cid)

    def notice(self, cid: str) -> bytes | None:
        """The notice of withdrawal in place of `cid` in the store below; None where that leaves none."""
        notice = getattr(self._store, "notice", None)
        return notice(cid) if notice is not None else None

    def _opened(self, cid: str) -> Opened | None:
        """The way to open `cid`; where it was sealed more than once, one whose ciphertext is there."""
        ways = self._keyring.find(cid)
        present = (way for way in ways if self._store.has(cid_of(way.sealed.cipher)))
        return ways[0] if len(ways) == 1 else next(present, ways[0] if ways else None)
