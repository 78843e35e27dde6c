"""Documents that rows name, from the content store: what cannot be had, or read, is None."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from dataclasses import replace
from threading import Lock

from contrafact.consent.reading import read_manifest
from contrafact.contents import work_document
from contrafact.domain.digests import cid
from contrafact.domain.manifests import Manifest
from contrafact.domain.models import Model, ModelMetadata
from contrafact.domain.splits import Split
from contrafact.domain.works import WorkMetadata
from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.ports import ContentStore
from contrafact.read_model import WorkRow

MAX_KEPT = 8
"""Manifests in memory."""


class Documents:
    """Reads through a content store."""

    def __init__(self, store: ContentStore) -> None:
        self._store = store

    def work(self, digest: bytes) -> WorkMetadata | None:
        with suppress(NotFound, StoreError, InvalidInput):
            return work_document(self._store, digest)
        return None

    def model(self, digest: bytes) -> ModelMetadata | None:
        with suppress(NotFound, StoreError, InvalidInput):
            return ModelMetadata.from_bytes(self._store.get(cid(digest)))
        return None

    def split(self, metadata: bytes, root: bytes) -> Split | None:
        """The split of a work's document, where it is the one of `root`."""
        found = self.work(metadata)
        return found.split if found and found.split.root == root else None

    def told(self, row: WorkRow) -> WorkRow:
        """The work with what its document says, where the index has not read it yet: it does so a moment later."""
        found = self.work(row.metadata) if row.title is None or row.split is None else None
        if found is None:
            return row
        split = found.split if found.split.root == row.split_root else None
        return replace(row, title=row.title or found.title, credits=found.credits, split=row.split or split)

    def manifest(self, model: Model) -> Manifest | None:
        """What the model learnt from, checked against the root on the chain."""
        with suppress(NotFound, StoreError, InvalidInput):
            return _manifest(model, self._store)
        return None


_manifests: OrderedDict[bytes, Manifest] = OrderedDict()
_turn = Lock()


def _manifest(model: Model, store: ContentStore) -> Manifest:
    """Reading one of thousands of works takes a second, and its root proves it: the latest are kept."""
    with _turn:
        if model.manifest in _manifests:
            _manifests.move_to_end(model.manifest)
            return _manifests[model.manifest]
        found = _manifests[model.manifest] = read_manifest(model, store)
        if len(_manifests) > MAX_KEPT:
            _manifests.popitem(last=False)
        return found
