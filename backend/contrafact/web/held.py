"""The content that this service itself keeps. Nothing that a stranger names makes it search other places."""

from __future__ import annotations

from contrafact.errors import NotFound
from contrafact.ports import ContentStore


class HeldStore:
    """Implements the port ContentStore on another store, of which it reads only what lies there already.

    A read of an IPFS node searches the network, for a minute where nobody offers the content, and keeps what it finds:
    whoever may ask for any CID could stop a service, or fill it with what is none of its business.
    """

    def __init__(self, store: ContentStore) -> None:
        self._store = store

    def put(self, data: bytes) -> str:
        return self._store.put(data)

    def get(self, cid: str) -> bytes:
        """As the store below, and NotFound for what is elsewhere."""
        if self.notice(cid) is None and not self._store.has(cid):
            hint = "What others published is in their stores: ask an IPFS gateway, or the service of its operator."
            raise NotFound(f"{cid} is not kept by this service.", hint)
        return self._store.get(cid)

    def has(self, cid: str) -> bool:
        return self._store.has(cid)

    def notice(self, cid: str) -> bytes | None:
        """The notice of withdrawal in place of `cid`; None where the store below leaves none."""
        notice = getattr(self._store, "notice", None)
        return notice(cid) if notice is not None else None
