"""Documents that rows name, from the content store: what cannot be had, or read, is None."""

from __future__ import annotations

from contextlib import suppress

from contrafact.consent.reading import read_manifest
from contrafact.domain.digests import cid
from contrafact.domain.manifests import Manifest
from contrafact.domain.models import Model, ModelMetadata
from contrafact.domain.splits import Split
from contrafact.domain.works import WorkMetadata
from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.ports import ContentStore

_MOST = 8  # manifests that are kept; each is a few megabytes
_manifests: dict[tuple[bytes, bytes], Manifest] = {}


class Documents:
    """Reads through a content store."""

    def __init__(self, store: ContentStore) -> None:
        self._store = store

    def work(self, digest: bytes) -> WorkMetadata | None:
        with suppress(NotFound, StoreError, InvalidInput):
            return WorkMetadata.from_bytes(self._store.get(cid(digest)))
        return None

    def model(self, digest: bytes) -> ModelMetadata | None:
        with suppress(NotFound, StoreError, InvalidInput):
            return ModelMetadata.from_bytes(self._store.get(cid(digest)))
        return None

    def split(self, metadata: bytes, root: bytes) -> Split | None:
        """The split of a work's document, where it is the one of `root`."""
        found = self.work(metadata)
        return found.split if found and found.split.root == root else None

    def manifest(self, model: Model) -> Manifest | None:
        """What the model learnt from, checked against the root on the chain; read once, as it never changes."""
        key = model.metadata, model.manifest
        with suppress(NotFound, StoreError, InvalidInput):
            if key not in _manifests:
                while len(_manifests) >= _MOST:
                    _manifests.pop(next(iter(_manifests)), None)
                _manifests[key] = read_manifest(model, self._store)
            return _manifests[key]
        return None
