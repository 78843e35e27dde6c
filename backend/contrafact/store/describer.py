"""Describes works and models by their documents in the content store, beside the indexing, which waits for nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from contrafact.domain.digests import cid
from contrafact.domain.models import ModelMetadata
from contrafact.domain.splits import Split
from contrafact.domain.works import WorkMetadata
from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.ports import ContentStore
from contrafact.store import cursor
from contrafact.store.database import Database
from contrafact.store.deriving import refresh_models
from contrafact.store.document_rows import WORK
from contrafact.store.tables import documents, holders, models, works
from contrafact.store.work_rows import refresh_works

FIRST_WAIT, LONGEST_WAIT = 10.0, 86_400.0
"""Seconds until a document that could not be had is asked for again: twice as long each time."""

Music = tuple[str | None, str | None]
"""Metre (`6/8`) and key (`D dorian`, or the mode alone where the tonic is not known)."""
MusicOf = Callable[[WorkMetadata, ContentStore], Music]
"""What a work's files say of its music. Raises NotFound and StoreError where they cannot be had yet."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What one document gave: its bytes, unless they are no document; and why it must be asked for again."""

    content: bytes | None = None
    split: Split | None = None
    music: Music = (None, None)
    problem: str = ""
    again: bool = False


class Describer:
    """Fetches the documents that the index wants. `music_of` is None where nobody can read music here."""

    def __init__(
        self,
        database: Database,
        store: ContentStore,
        music_of: MusicOf | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._store = store
        self._music_of = music_of
        self._clock = clock

    def step(self, limit: int = 20) -> int:
        """Asks for at most `limit` documents whose time has come; returns how many it asked for.

        What cannot be had is asked for again later. Raises DatabaseError.
        """
        due = (documents.c.complete.is_(False)) & (documents.c.next_try <= self._clock())
        with self._database.reading() as session:
            query = select(documents).where(due).order_by(documents.c.next_try, documents.c.digest).limit(limit)
            rows = session.execute(query).all()
        found = [(row, self._fetched(row)) for row in rows]
        if found:
            with self._database.writing() as session:
                cursor.load(session, lock=True)  # the indexer makes the same rows
                for row, each in found:
                    self._keep(session, row, each)
                _refresh(session, [row.digest for row, each in found if each.content])
        return len(rows)

    def _fetched(self, row: Any) -> _Found:
        content = row.content
        try:
            content = content or self._store.get(cid(row.digest))
            if row.kind != WORK:
                ModelMetadata.from_bytes(content)
                return _Found(content)
            said = WorkMetadata.from_bytes(content)
        except InvalidInput as error:
            return _Found(problem=f"It is not a {row.kind}'s document: {error.message}")
        except (NotFound, StoreError) as error:
            return _Found(problem=error.message, again=True)
        return self._with_music(content, said)

    def _with_music(self, content: bytes, said: WorkMetadata) -> _Found:
        try:
            music = self._music_of(said, self._store) if self._music_of else (None, None)
        except InvalidInput as error:
            return _Found(content, said.split, problem=error.message)
        except (NotFound, StoreError) as error:
            return _Found(content, said.split, problem=error.message, again=True)
        return _Found(content, said.split, music)

    def _keep(self, session: Session, row: Any, found: _Found) -> None:
        wait = min(FIRST_WAIT * 2.0**row.tries, LONGEST_WAIT)
        metre, key = found.music
        values = {"content": found.content, "metre": metre, "key": key, "complete": not found.again}
        values |= {"problem": found.problem, "tries": row.tries + 1, "next_try": self._clock() + wait}
        session.execute(update(documents).where(documents.c.digest == row.digest).values(values))
        if found.split:
            keep_split(session, found.split)


def keep_split(session: Session, split: Split) -> None:
    """Remembers who holds the places of a rights split; its root proves them."""
    root = split.root
    if session.execute(select(holders.c.place).where(holders.c.split_root == root).limit(1)).first() is None:
        leaves = ({"place": leaf.index, "holder": leaf.holder, "ppm": leaf.share} for leaf in split.leaves)
        session.execute(insert(holders), [{"split_root": root} | leaf for leaf in leaves])


def _refresh(session: Session, digests: Sequence[bytes]) -> None:
    """Makes the rows anew that hang on these documents."""
    of_works = select(works.c.work_id).where(works.c.metadata_digest.in_(digests))
    refresh_works(session, list(session.execute(of_works).scalars()))
    of_models = select(models.c.model_id).where(models.c.metadata_digest.in_(digests))
    refresh_models(session, list(session.execute(of_models).scalars()))
