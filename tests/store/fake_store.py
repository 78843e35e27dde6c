"""A content store in memory, from which things can be missing."""

from __future__ import annotations

from collections.abc import Mapping

from contrafact.domain.digests import cid, sha256
from contrafact.errors import NotFound, StoreError


class FakeStore:
    """Implements ContentStore; `contents` by digest. While `down`, nothing can be had."""

    def __init__(self, contents: Mapping[bytes, bytes] | None = None) -> None:
        self._contents = {cid(digest): data for digest, data in (contents or {}).items()}
        self.down = False
        self.asked: list[str] = []

    def put(self, data: bytes) -> str:
        self._contents[cid(sha256(data))] = data
        return cid(sha256(data))

    def get(self, name: str) -> bytes:
        self.asked.append(name)
        if self.down:
            raise StoreError("The store is down.")
        if name not in self._contents:
            raise NotFound(f"The store has no {name}.")
        return self._contents[name]

    def has(self, name: str) -> bool:
        return name in self._contents
