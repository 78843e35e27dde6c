"""Identification for a service: asked by many threads, and up to date with the index whenever it is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from contrafact.domain.recognition import Candidate, Recognition
from contrafact.ports import ContentStore, Identification
from contrafact.read_model import MAX_PAGE, Page, ReadModel, WorkQuery
from contrafact.recognising import add_works
from contrafact.wiring.identifying import identification_of, pieces_in
from contrafact.wiring.service import work_of
from contrafact.wiring.site import Site

if TYPE_CHECKING:
    from contrafact.music.identification.works import WorkIdentification

T = TypeVar("T")
LISTENING_S = 10.0
"""How long one question listens to pieces that are not in the index yet; the next one goes on from there."""


class ServiceIdentification:
    """Implements Identification. One thread has the index of melodies, as its database file wants it, and all of the
    others wait for it in turn. What it raises is raised to them.
    """

    def __init__(self, site: Site, index: ReadModel, pieces: ContentStore | None = None) -> None:
        """`pieces`: the store whose pieces are listened to, by default the site's without its reader's keys."""
        self._site, self._index = site, index
        self._pieces = pieces or site.kept_store
        self._after: str | None = None
        self._thread = ThreadPoolExecutor(1, "identification")

    def identify(self, data: bytes, media_type: str) -> Recognition:
        found = self._there(lambda known: known.identify(data, media_type))
        return found.with_pieces(*pieces_in(self._site, self._pieces, data, media_type, LISTENING_S))

    def same_tune(self, first: bytes, second: bytes) -> Candidate | None:
        return self._there(lambda known: known.same_tune(first, second))

    def like(self, source_form: bytes) -> Sequence[Candidate]:
        return self._there(lambda known: known.like(source_form))

    def add(self, work_id: bytes, content: bytes, media_type: str, source_form: bytes) -> None:
        self._there(lambda known: known.add(work_id, content, media_type, source_form))

    def forget(self, work_id: bytes) -> None:
        self._there(lambda known: known.forget(work_id))

    def has(self, work_id: bytes) -> bool:
        return self._there(lambda known: known.has(work_id))

    def close(self) -> None:
        """Closes the index and ends the thread, after what was asked before."""
        self._thread.submit(self._close)
        self._thread.shutdown()

    def _close(self) -> None:
        if "_known" in vars(self):
            self._known.close()

    @cached_property
    def _known(self) -> WorkIdentification:
        return identification_of(self._site)

    def _there(self, ask: Callable[[Identification], T]) -> T:
        def answer() -> T:
            self._catch_up()
            return ask(self._known)

        return self._thread.submit(answer).result()

    def _catch_up(self) -> None:
        """Adds works that were registered since the last page that was full; the index lists the oldest first."""
        while True:
            page = self._index.works(WorkQuery(), Page(MAX_PAGE, self._after))
            add_works(self._known, [work_of(row) for row in page.rows], self._site.store)
            if page.following is None:
                return
            self._after = page.following
