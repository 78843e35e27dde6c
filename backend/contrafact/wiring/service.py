"""The operator's desk of a service: offers from the index, held against the chain; its relay; and its pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from contrafact.domain.catalogue import Catalogue
from contrafact.domain.works import Work
from contrafact.errors import NotFound
from contrafact.ledger.reader import Reader
from contrafact.ledger.relaying import Relayer
from contrafact.ledger.signer import Signer
from contrafact.order.certifying import export
from contrafact.order.delivery import is_delivered
from contrafact.order.folder import OrderFolder
from contrafact.order.quoting import Quoting, catalogue_of
from contrafact.read_model import ReadModel, WorkRow
from contrafact.wiring.site import Site


def indexed_quoting(site: Site, key: Signer, index: ReadModel) -> Quoting:
    """The desk of the operator that `key` signs for. It reads an order's works, and not the chain's whole history."""
    return replace(site.quoting(key), catalogue=IndexedCatalogue(index, site.reader))


def relayer(site: Site, key: Signer) -> Relayer:
    """What sends makers' signed orders from the operator's account. Raises InvalidInput as `Site.operator_of`."""
    return Relayer(site.connection, key, site.operator_of(key))


def delivered_pieces(site: Site, key: Signer) -> Callable[[bytes, str], bytes]:
    """What gives the piece of an order, as it is handed over, in a format. Raises NotFound before it is."""

    def delivered(order_id: bytes, kind: str) -> bytes:
        folder = OrderFolder(site.settings.home, order_id)
        if not is_delivered(folder):
            raise NotFound("The piece is not handed over yet.", "Follow its progress.")
        return folder.read(export(folder, kind, site.store, site.certificate(key)))

    return delivered


@dataclass(frozen=True, slots=True)
class IndexedCatalogue:
    """Works by the index where it knows their version in force, else by the chain: no offer pins what is outdated."""

    index: ReadModel
    reader: Reader

    def __call__(self, works: Sequence[bytes]) -> Catalogue:
        """Raises ChainError and DatabaseError. Works that are not indexed are left out."""
        rows = list(self._rows(works))
        if any(self.reader.current_version(row.work_id) != _version(row) for row in rows):
            return catalogue_of(self.reader, works)
        history = [version for row in rows for version in self.index.terms_history(row.work_id)]
        return Catalogue.of([work_of(row) for row in rows], history)

    def _rows(self, works: Sequence[bytes]) -> Iterator[WorkRow]:
        """The works, and the compositions of the recordings among them."""
        for work_id in dict.fromkeys(works):
            try:
                row = self.index.work(work_id)
            except NotFound:
                continue
            yield row
            if row.recording_of is not None and row.recording_of not in works:
                yield self.index.work(row.recording_of)


def _version(row: WorkRow) -> int:
    return row.current.version if row.current else 1


def work_of(row: WorkRow) -> Work:
    """The work without what documents say of it."""
    return Work(
        row.work_id, row.licensor, row.content, row.source_form, row.metadata, row.split_root, row.block,
        row.recording_of, row.contested, row.barred,
    )  # fmt: skip
