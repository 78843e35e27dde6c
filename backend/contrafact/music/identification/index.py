"""Where runs of melodies and landmarks of recordings occur: an inverted index in one SQLite file.

A query reads the entries of its own keys, so many of each at most, whatever the number of works. The index is made of
public content alone: it can be thrown away and built again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from contrafact.errors import StoreError
from contrafact.music.identification.melody import Melody
from contrafact.music.identification.melody_index import Floats, Ints

VERSION = 1  # of keys and tables; an index of another version is built again
_COMMONEST = 1000  # entries; a key that has more says too little, and would take too long
_WAIT_S = 30.0
_OWN_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_TABLES = """
CREATE TABLE works (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, content BLOB NOT NULL, form BLOB NOT NULL,
    tempo INTEGER NOT NULL, melody BLOB NOT NULL
);
CREATE INDEX works_content ON works (content);
CREATE INDEX works_form ON works (form);
CREATE TABLE runs (key INTEGER, work INTEGER, pitch INTEGER, PRIMARY KEY (key, work, pitch)) WITHOUT ROWID;
CREATE TABLE landmarks (key INTEGER, work INTEGER, at INTEGER, PRIMARY KEY (key, work, at)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A work in the index: its number there, its id, its melody, and its tempo in quarters a minute; 0 where neither
    the melody's key nor its tempo is known."""

    number: int
    work_id: bytes
    melody: Melody
    tempo: int


@dataclass(frozen=True, slots=True)
class Entries:
    """What the index has under some keys, arrays of shape (k,): the place of the key among those asked for, the work's
    number, the entry's value, and the key's surprise: −log of the part of all works that have it (nats)."""

    places: Ints
    works: Ints
    values: Ints
    surprise: Floats


class Index:
    """An index in the file `path`, or in memory for None. Threads need one each; processes may share the file.

    Raises StoreError for a file that is no index.
    """

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._db = sqlite3.connect(path or ":memory:", timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            self._db.close()
            text = f"The index of identification at {path} cannot be used ({error})."
            raise StoreError(text, "Remove the file; it is built again from chain and content store.") from error

    def __len__(self) -> int:
        found: int = self._db.execute("SELECT count(*) FROM works").fetchone()[0]
        return found

    def add(
        self, work_id: bytes, content: bytes, form: bytes, melody: Melody, tempo: int, landmarks: Ints | None = None
    ) -> None:
        """Adds a work, unless it is there: digests of its file and source form, melody, tempo, and of a recording the
        landmarks as rows (key, frame)."""
        keys, at = melody.keys()
        pitches = melody.pitches[at] % 12
        marks = () if landmarks is None else landmarks.tolist()
        self._db.execute("BEGIN IMMEDIATE")
        try:
            row = (work_id, content, form, tempo, melody.to_bytes())
            made = self._db.execute("INSERT OR IGNORE INTO works VALUES (NULL, ?, ?, ?, ?, ?)", row)
            if made.rowcount:
                number = made.lastrowid
                self._fill("runs", ((int(k), number, int(p)) for k, p in zip(keys, pitches, strict=True)))
                self._fill("landmarks", ((key, number, at) for key, at in marks))
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    def forget(self, work_id: bytes) -> None:
        """Takes a work out, if it is there. Its runs and landmarks stay behind, and are passed over."""
        self._db.execute("DELETE FROM works WHERE id = ?", (work_id,))

    def ids(self) -> list[bytes]:
        """All works, in the order in which they were added."""
        return [row[0] for row in self._db.execute("SELECT id FROM works ORDER BY number")]

    def has(self, work_id: bytes) -> bool:
        return self.number(work_id) is not None

    def with_content(self, digest: bytes) -> list[bytes]:
        """Ids of the works whose file has this digest, in the order in which they were added."""
        return self._ids("content", digest)

    def with_form(self, digest: bytes) -> list[bytes]:
        """Ids of the works whose source form has this digest, in the order in which they were added."""
        return self._ids("form", digest)

    def number(self, work_id: bytes) -> int | None:
        """A work's number in the index."""
        row = self._db.execute("SELECT number FROM works WHERE id = ?", (work_id,)).fetchone()
        return row[0] if row else None

    def work(self, number: int) -> Known | None:
        """A work by its number; None for one that was forgotten."""
        row = self._db.execute("SELECT id, melody, tempo FROM works WHERE number = ?", (number,)).fetchone()
        return Known(number, row[0], Melody.from_bytes(row[1]), row[2]) if row else None

    def runs(self, keys: Iterable[int]) -> Entries:
        """Where these runs occur; an entry's value is the pitch class that the run begins with."""
        return entries(self._db, "SELECT work, pitch FROM runs WHERE key = ? LIMIT ?", keys, self._size)

    def landmarks(self, keys: Iterable[int]) -> Entries:
        """Where these landmarks occur; an entry's value is their time in the recording, in frames."""
        return entries(self._db, "SELECT work, at FROM landmarks WHERE key = ? LIMIT ?", keys, self._size)

    def tidy(self) -> None:
        """Brings all that was added into the file itself."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self._db.close()

    def _open(self) -> None:
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("BEGIN IMMEDIATE")
        if self._db.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            for (name,) in self._db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ).fetchall():
                self._db.execute(f"DROP TABLE {name}")
            for statement in filter(str.strip, _TABLES.split(";")):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version={VERSION}")
        self._db.execute("COMMIT")

    def _fill(self, table: str, rows: Iterable[tuple[int, int | None, int]]) -> None:
        self._db.executemany(f"INSERT OR IGNORE INTO {table} VALUES (?, ?, ?)", sorted(rows))

    def _ids(self, column: str, digest: bytes) -> list[bytes]:
        rows = self._db.execute(f"SELECT id FROM works WHERE {column} = ? ORDER BY number", (digest,))
        return [row[0] for row in rows]

    @property
    def _size(self) -> int:
        """The highest number of a work, which is about how many there are, and quicker to know."""
        return int(self._db.execute("SELECT coalesce(max(number), 0) FROM works").fetchone()[0])


def entries(db: sqlite3.Connection, select: str, keys: Iterable[int], size: int) -> Entries:
    """What `select` gives for each key, at most so many rows as say anything; `size` is how many works there are."""
    found: list[tuple[int, int]] = []
    counts: list[int] = []
    for key in keys:
        rows = db.execute(select, (int(key), _COMMONEST + 1)).fetchall()
        if len(rows) > _COMMONEST:
            rows = []
        found += rows
        counts.append(len(rows))
    table = np.array(found, np.int64).reshape(-1, 2)
    sizes: Sequence[int] = counts
    surprise = np.log(max(size, 1) / np.maximum(np.array(sizes, np.float64), 1.0))
    places = np.repeat(np.arange(len(counts)), counts)
    return Entries(places, table[:, 0], table[:, 1], np.maximum(surprise, 0)[places])
