"""A content store of something else: what is missing there was looked for in the wrong place, and accuses nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

from contrafact.audit.registered import Registered
from contrafact.domain.digests import cid
from contrafact.errors import StoreError
from contrafact.ports import ContentStore

NOTHING = "The content store that was given holds nothing of this catalogue"


class ForeignStore:
    """Implements ContentStore in place of a store that has nothing of a catalogue: it cannot be asked."""

    def put(self, data: bytes) -> NoReturn:
        self._refuse()

    def get(self, cid: str) -> NoReturn:
        self._refuse()

    def has(self, cid: str) -> NoReturn:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise StoreError(f"{NOTHING}.")


def is_foreign(store: ContentStore, chain: Registered) -> bool:
    """Whether the store has no document of any work, model or collection; not so where it cannot be asked."""
    documents = list(_documents(chain))
    try:
        return bool(documents) and not any(store.has(cid(document)) for document in documents)
    except StoreError:
        return False


def _documents(chain: Registered) -> Iterator[bytes]:
    yield from (work.metadata for work in chain.works)
    yield from (split.metadata for split in chain.splits)
    yield from (model.metadata for model in chain.models)
    yield from (collection.document for collection in chain.collections)
