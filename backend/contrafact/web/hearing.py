"""Who may hear what was made, and how its files are called.

What was made for public uses is anybody's to hear. A private piece is its maker's and the operator's. The licensors of
its protected sources get the notes, from which their shares follow, and no sound: as its releases say where the piece
is encrypted (docs/decisions/0025-protected-content.md), and by the same rule where it is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contrafact.contents import content, record_document, work_document
from contrafact.domain.record import AttributionRecord
from contrafact.domain.terms import Use
from contrafact.errors import InvalidInput, NotFound, NotPermitted, StoreError
from contrafact.order.delivery import file_names
from contrafact.read_model import OrderRow, WorkRow
from contrafact.web.auth.sessions import Caller
from contrafact.web.errors import NotSignedIn
from contrafact.web.held import HeldStore
from contrafact.web.services import Services
from contrafact.web.works import row_of

MEDIA_TYPES = {
    ".flac": "audio/flac",
    ".mid": "audio/midi",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
NOTES = frozenset({"events.json", "piece.mid", "LICENCE.txt", "record.json"})
"""What a licensor of a protected source may have of a private piece."""


@dataclass(frozen=True, slots=True)
class Files:
    """The files of an order: file name → SHA-256 of all of them, and of those that the caller may have."""

    record: AttributionRecord
    digests: Mapping[str, bytes]
    open: Mapping[str, bytes]

    def read(self, name: str, services: Services) -> bytes:
        """Raises NotFound, NotPermitted for what is not the caller's, NoKey for what cannot be opened here, Withdrawn,
        and StoreError.
        """
        if name not in self.digests:
            raise NotFound("The order has no such file.", f"It has {', '.join(self.digests)}.")
        if name not in self.open:
            raise NotPermitted("The sound of a private piece is its maker's.", f"Yours are {', '.join(self.open)}.")
        return content(HeldStore(services.store), self.open[name], self.record.protection)


def files_for(services: Services, row: OrderRow, caller: Caller | None) -> Files:
    """Raises NotSignedIn or NotPermitted where none of them is the caller's, and what `record_of` raises."""
    record = record_of(services, row)
    works = [row_of(services, source.work_id) for source in record.sources]
    names = file_names(record, [(work.title if work else None) or "untitled" for work in works])
    if row.quote.use is not Use.PRIVATE:
        return Files(record, names, names)
    if caller is None:
        raise NotSignedIn("This piece is private.", "Sign in with the wallet of its maker.")
    wallet = caller.wallet.lower()
    if wallet in (row.quote.maker.lower(), row.quote.operator.lower()):
        return Files(record, names, names)
    if not any(_is_protected(services, work) for work in works if work and work.licensor.lower() == wallet):
        text = "It is its maker's, and its notes those of the licensors of its protected sources."
        raise NotPermitted("This piece is private.", text)
    return Files(record, names, {name: digest for name, digest in names.items() if name in NOTES})


def _is_protected(services: Services, work: WorkRow) -> bool:
    return work_document(services.store, work.metadata).protection is not None


def record_of(services: Services, row: OrderRow) -> AttributionRecord:
    """The record that an order was committed with. Raises NotFound before that, StoreError for a damaged one."""
    if row.commit is None:
        raise NotFound(
            "Nothing is recorded of this order yet.", "Follow its progress; the record comes with the commit."
        )
    try:
        return record_document(services.published, row.commit.record_digest)
    except InvalidInput as error:
        raise StoreError(f"The record of this order cannot be read: {error.message}", "Audit this order.") from error


def media_type_of(name: str) -> str:
    return MEDIA_TYPES["." + name.rpartition(".")[2]]
