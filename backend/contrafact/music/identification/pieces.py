"""Delivered pieces by their sound: the digests that commits name, and landmarks of the pieces that could be heard;
and by the digests of all files of theirs that their records name.

One SQLite file. It is made of the chain and the content store alone: it can be thrown away and built again, and what
was added before an interruption stays.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from contrafact.domain.pieces import Alike, CommittedPiece
from contrafact.errors import StoreError
from contrafact.music.identification.index import Entries, entries
from contrafact.music.identification.landmarks import HOP_S, landmarks
from contrafact.music.identification.recordings import Heard, recordings_like
from contrafact.music.identification.sound_file import SoundFile

VERSION = 2  # of keys and tables; an index of another version is built again
_WAIT_S = 30.0
_TABLES = """
CREATE TABLE pieces (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, pcm BLOB NOT NULL, record BLOB NOT NULL,
    block INTEGER NOT NULL, heard INTEGER NOT NULL DEFAULT 0, tried INTEGER NOT NULL DEFAULT 0,
    named INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX pieces_pcm ON pieces (pcm);
CREATE INDEX pieces_heard ON pieces (heard, tried);
CREATE INDEX pieces_named ON pieces (named, tried);
CREATE TABLE names (digest BLOB, piece INTEGER, PRIMARY KEY (digest, piece)) WITHOUT ROWID;
CREATE TABLE landmarks (key INTEGER, piece INTEGER, at INTEGER, PRIMARY KEY (key, piece, at)) WITHOUT ROWID;
"""
_PIECE = "SELECT id, pcm, record, block FROM pieces"


class PieceIndex:
    """An index in the file `path`, or in memory for None. Threads need one each; processes may share the file.

    Raises StoreError for a file that is no index.
    """

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path or ":memory:", timeout=_WAIT_S, isolation_level=None)
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            self._db.close()
            text = f"The index of pieces at {path} cannot be used ({error})."
            raise StoreError(text, "Remove the file; it is built again from chain and content store.") from error

    def __len__(self) -> int:
        return self._number("SELECT count(*) FROM pieces")

    @property
    def newest(self) -> CommittedPiece | None:
        """The piece that was committed last."""
        row = self._db.execute(f"{_PIECE} ORDER BY block DESC, number DESC LIMIT 1").fetchone()
        return CommittedPiece(*row) if row else None

    @property
    def unheard(self) -> int:
        """How many pieces are known by their digest alone."""
        return self._number("SELECT count(*) FROM pieces WHERE heard = 0")

    def add(self, pieces: Iterable[CommittedPiece]) -> None:
        """Adds committed pieces by their digests; adding one again is harmless, and corrects what changed."""
        rows = [(one.order_id, one.pcm, one.record, one.block) for one in pieces]
        known = "ON CONFLICT (id) DO UPDATE SET pcm = excluded.pcm, record = excluded.record, block = excluded.block"
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany(f"INSERT INTO pieces (id, pcm, record, block) VALUES (?, ?, ?, ?) {known}", rows)
        self._db.execute("COMMIT")

    def forget(self, order_id: bytes) -> None:
        """Takes a piece out whose commit is no longer on the chain; its landmarks are passed over from then on."""
        self._db.execute("DELETE FROM pieces WHERE id = ?", (order_id,))

    def with_pcm(self, pcm: bytes) -> list[CommittedPiece]:
        """The pieces of exactly this sound, oldest first."""
        rows = self._db.execute(f"{_PIECE} WHERE pcm = ? ORDER BY number", (pcm,))
        return [CommittedPiece(*row) for row in rows]

    def to_hear(self, before: int) -> list[CommittedPiece]:
        """Pieces that are to be heard, oldest first, but for those that were tried since `before` (seconds)."""
        rows = self._db.execute(f"{_PIECE} WHERE heard = 0 AND tried < ? ORDER BY number", (before,))
        return [CommittedPiece(*row) for row in rows]

    def to_name(self, before: int) -> list[CommittedPiece]:
        """The same of pieces whose files' digests are not known yet."""
        rows = self._db.execute(f"{_PIECE} WHERE named = 0 AND tried < ? ORDER BY number", (before,))
        return [CommittedPiece(*row) for row in rows]

    def name(self, order_id: bytes, digests: Iterable[bytes]) -> None:
        """Adds what a piece may be found by, all of it or nothing."""
        row = self._db.execute("SELECT number FROM pieces WHERE id = ?", (order_id,)).fetchone()
        if row is not None:
            self._db.execute("BEGIN IMMEDIATE")
            rows = sorted({(digest, row[0]) for digest in digests})
            self._db.executemany("INSERT OR IGNORE INTO names VALUES (?, ?)", rows)
            self._db.execute("UPDATE pieces SET named = 1 WHERE number = ?", row)
            self._db.execute("COMMIT")

    def with_name(self, digest: bytes) -> list[CommittedPiece]:
        """The pieces that were given this digest for a name, oldest first."""
        rows = self._db.execute(f"{_PIECE} JOIN names ON piece = number WHERE digest = ? ORDER BY number", (digest,))
        return [CommittedPiece(*row) for row in rows]

    def hear(self, order_id: bytes, sound: SoundFile) -> None:
        """Adds the landmarks of a piece's sound, all of them or none."""
        marks = landmarks(sound.samples, sound.rate).tolist()
        self._db.execute("BEGIN IMMEDIATE")
        try:
            row = self._db.execute("SELECT number FROM pieces WHERE id = ? AND heard = 0", (order_id,)).fetchone()
            if row is not None:
                rows = sorted((key, row[0], at) for key, at in marks)
                self._db.executemany("INSERT OR IGNORE INTO landmarks VALUES (?, ?, ?)", rows)
                self._db.execute("UPDATE pieces SET heard = 1 WHERE number = ?", row)
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    def missed(self, order_id: bytes, now: int) -> None:
        """Notes that a piece could not be heard at this second, so that it is left alone for a while."""
        self._db.execute("UPDATE pieces SET tried = ? WHERE id = ?", (now, order_id))

    def like(self, sound: SoundFile) -> list[Alike]:
        """Pieces that share landmarks with the sound, best first."""
        found = ((self._piece(heard.number), heard) for heard in recordings_like(sound.samples, sound.rate, self))
        return [_alike(order_id, heard) for order_id, heard in found if order_id is not None]

    def landmarks(self, keys: Iterable[int]) -> Entries:
        """Where these landmarks occur; an entry's value is their time in the piece, in frames."""
        newest = self._number("SELECT coalesce(max(number), 0) FROM pieces")
        return entries(self._db, "SELECT piece, at FROM landmarks WHERE key = ? LIMIT ?", keys, newest)

    def close(self) -> None:
        self._db.close()

    def _piece(self, number: int) -> bytes | None:
        row = self._db.execute("SELECT id FROM pieces WHERE number = ?", (number,)).fetchone()
        return row[0] if row else None

    def _number(self, select: str) -> int:
        found: int = self._db.execute(select).fetchone()[0]
        return found

    def _open(self) -> None:
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("BEGIN IMMEDIATE")
        if self._db.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            for table in ("pieces", "names", "landmarks"):
                self._db.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in filter(str.strip, _TABLES.split(";")):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version={VERSION}")
        self._db.execute("COMMIT")


def compare(sound: SoundFile, other: SoundFile, order_id: bytes = b"") -> Alike:
    """How far one sound is another, which is that of an order."""
    index = PieceIndex(None)
    try:
        index.add([CommittedPiece(order_id, b"", b"", 0)])
        index.hear(order_id, other)
        return next(iter(index.like(sound)), Alike(order_id, 0.0, 0.0, False, 0.0))
    finally:
        index.close()


def _alike(order_id: bytes, heard: Heard) -> Alike:
    return Alike(order_id, heard.covered, heard.part, heard.is_copy, heard.offset * HOP_S)
