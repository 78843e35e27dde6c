"""What pages would wait for if it were first read when somebody asks: the lists of what models learnt from."""

from __future__ import annotations

from contextlib import suppress
from threading import Event

from contrafact.errors import NotFound
from contrafact.operations.supervisor import Supervised
from contrafact.ports import ContentStore
from contrafact.read_model import ReadModel
from contrafact.web.documents import MAX_KEPT, Documents

_AGAIN = 30.0
"""Seconds until models are looked for that came meanwhile."""


def manifests(index: ReadModel, store: ContentStore) -> Supervised:
    """Reads the manifests of the newest models into this process's memory; what cannot be had is tried again."""

    def run(stop: Event) -> None:
        while not stop.is_set():
            with suppress(NotFound):  # nothing is indexed yet
                warm(index, store, stop)
            stop.wait(_AGAIN)

    return Supervised("manifests", run)


def warm(index: ReadModel, store: ContentStore, stop: Event) -> None:
    """Reads those that are not in memory, with the trees that prove their leaves, until `stop` is set."""
    documents = Documents(store)
    for row in list(index.models())[-MAX_KEPT:]:
        if stop.is_set():
            return
        found = documents.manifest(row.model)
        if found is not None:
            first = found.with_content(found.leaves[0].content)[0]
            found.proof(first)
            found.digest()
