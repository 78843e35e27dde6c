"""Works as the index has them, and the splits that orders pin."""

from __future__ import annotations

from contextlib import suppress

from contrafact.domain.splits import Split
from contrafact.errors import NotFound
from contrafact.read_model import WorkRow
from contrafact.web.documents import Documents
from contrafact.web.services import Services


def row_of(services: Services, work_id: bytes) -> WorkRow | None:
    """The work as it is indexed; None where it is not yet."""
    with suppress(NotFound):
        return services.read_model.work(work_id)
    return None


def pinned_split(services: Services, row: WorkRow, root: bytes) -> Split | None:
    """The split that an order pins, which need not be the present one; None where its document cannot be had."""
    if row.split is not None and row.split.root == root:
        return row.split
    document = pinned_document(services, row, root)
    return Documents(services.published).split(document, root) if document else None


def pinned_document(services: Services, row: WorkRow, root: bytes) -> bytes | None:
    """The digest of the work's document of that split; None for one that it never had."""
    versions = services.read_model.split_history(row.work_id)
    return next((one.metadata for one in versions if one.split_root == root), None)
