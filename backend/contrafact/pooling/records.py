"""The published record of an epoch."""

from __future__ import annotations

from contrafact.domain.digests import cid
from contrafact.domain.epochs import EpochRecord
from contrafact.domain.pool_history import EpochClosed
from contrafact.errors import ContrafactError, InvalidInput
from contrafact.ports import ContentStore


def require_published(closed: EpochClosed, store: ContentStore) -> EpochRecord:
    """The record of a closed epoch, if its root and total are the chain's: then its leaves are what can be claimed.

    Raises NotFound or StoreError where it cannot be had, InvalidInput where it is not what was closed.
    """
    record = EpochRecord.from_bytes(store.get(cid(closed.evidence)))
    if (record.tree.root, record.tree.total) != (closed.root, closed.total):
        text = f"The record of epoch {closed.number} gives another root or total than was closed."
        raise InvalidInput(text, "Nobody can claim by it: ask the model's registrant for the leaves that it closed.")
    return record


def published(closed: EpochClosed, store: ContentStore) -> EpochRecord | None:
    """The same, or None where it cannot be had or is not what was closed."""
    try:
        return require_published(closed, store)
    except ContrafactError:
        return None
