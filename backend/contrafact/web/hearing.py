"""Who may hear what was made, and how its files are called.

What was made for public uses is anybody's to hear. A private piece is its maker's, and of those who were paid for it:
licensors and holders of its sources hear the very notes that they were paid for.
"""

from __future__ import annotations

from collections.abc import Iterator

from contrafact.domain.digests import cid
from contrafact.domain.record import AttributionRecord
from contrafact.domain.terms import Use
from contrafact.errors import InvalidInput, NotFound, NotPermitted, StoreError
from contrafact.order.delivery import file_names
from contrafact.read_model import OrderRow
from contrafact.web.auth.sessions import Caller
from contrafact.web.errors import NotSignedIn
from contrafact.web.offers import pinned_split, row_of
from contrafact.web.services import Services

MEDIA_TYPES = {".flac": "audio/flac", ".mid": "audio/midi", ".json": "application/json"}


def require_hearing(services: Services, row: OrderRow, caller: Caller | None) -> None:
    """Raises NotSignedIn or NotPermitted where the files of a private piece are none of the caller's."""
    if row.quote.use is not Use.PRIVATE:
        return
    if caller is None:
        raise NotSignedIn(
            "This piece is private.", "Sign in with the wallet of its maker, or of a holder of its sources."
        )
    if caller.wallet.lower() not in set(_audience(services, row)):
        raise NotPermitted(
            "This piece is private.", "Its maker, and the licensors and holders of its sources, may hear it."
        )


def _audience(services: Services, row: OrderRow) -> Iterator[str]:
    yield row.quote.maker.lower()
    for source in row.quote.sources:
        if (work := row_of(services, source.work_id)) is None:
            continue
        yield work.licensor.lower()
        if split := pinned_split(services, work, source.split_root):
            yield from (leaf.holder.lower() for leaf in split.leaves)


def record_of(services: Services, row: OrderRow) -> AttributionRecord:
    """The record that an order was committed with. Raises NotFound before that, StoreError for a damaged one."""
    if row.commit is None:
        raise NotFound(
            "Nothing is recorded of this order yet.", "Follow its progress; the record comes with the commit."
        )
    try:
        return AttributionRecord.from_bytes(services.published.get(cid(row.commit.record_digest)))
    except InvalidInput as error:
        raise StoreError(f"The record of this order cannot be read: {error.message}", "Audit this order.") from error


def files_of(services: Services, row: OrderRow) -> dict[str, bytes]:
    """File name → SHA-256, stems named after their works. Raises what `record_of` raises."""
    record = record_of(services, row)
    works = [row_of(services, source.work_id) for source in record.sources]
    return file_names(record, [(work.title if work else None) or "untitled" for work in works])


def media_type_of(name: str) -> str:
    return MEDIA_TYPES["." + name.rpartition(".")[2]]
