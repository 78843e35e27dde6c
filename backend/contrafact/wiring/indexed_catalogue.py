"""The catalogue as the index has it, a work at a time: an offer reads its own works, and not all of the chain's.

An index that is behind may know terms that are no longer in force; the contract then refuses the payment, and no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contrafact.domain.catalogue import Catalogue, Entry
from contrafact.domain.works import Work
from contrafact.errors import NotFound
from contrafact.read_model import MAX_PAGE, Page, ReadModel, WorkQuery, WorkRow


def indexed_catalogue(index: ReadModel) -> Catalogue:
    """Raises DatabaseError where a work is looked up."""
    return Catalogue(_Entries(index))


class _Entries(Mapping[bytes, Entry]):
    """Works by id."""

    def __init__(self, index: ReadModel) -> None:
        self._index = index

    def __getitem__(self, work_id: bytes) -> Entry:
        try:
            return _entry(self._index.work(work_id))
        except NotFound as error:
            raise KeyError(work_id) from error

    def __iter__(self) -> Iterator[bytes]:
        after: str | None = None
        while True:
            found = self._index.works(WorkQuery(), Page(MAX_PAGE, after))
            yield from (row.work_id for row in found.rows)
            if (after := found.following) is None:
                return

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _entry(row: WorkRow) -> Entry:
    digests = row.content, row.source_form, row.metadata, row.split_root
    return Entry(
        Work(row.work_id, row.licensor, *digests, row.block, row.recording_of, row.contested, row.barred), row.current
    )
