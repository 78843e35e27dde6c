"""Delivered pieces by their sound: the digests that commits name, and landmarks of the pieces that could be heard;
and by the digests of all files of theirs that their records name.

One SQLite file. It is made of the chain and the content store alone: it can be thrown away and built again, and what
was added before an interruption stays.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from contrafact.domain.pieces import Alike, CommittedPiece
from contrafact.errors import StoreError
from contrafact.music.identification.index import Entries, entries
from contrafact.music.identification.landmarks import HOP_S, landmarks
from contrafact.music.identification.recordings import Heard, recordings_like
from contrafact.music.identification.sound_file import SoundFile

VERSION = 3  # of keys and tables; an index of another version is built again, but for those of `_TAKEN_ON`
_TAKEN_ON = (1, 2)
"""Versions whose landmarks stay, since to listen again takes long. Names are read anew."""
_WAIT_S = 30.0
_TABLES = """
CREATE TABLE IF NOT EXISTS pieces (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, pcm BLOB NOT NULL, record BLOB NOT NULL,
    block INTEGER NOT NULL, heard INTEGER NOT NULL DEFAULT 0, tried INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS pieces_pcm ON pieces (pcm);
CREATE INDEX IF NOT EXISTS pieces_heard ON pieces (heard, tried);
CREATE TABLE IF NOT EXISTS landmarks (
    key INTEGER, piece INTEGER, at INTEGER, PRIMARY KEY (key, piece, at)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS names (digest BLOB, piece INTEGER, PRIMARY KEY (digest, piece)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS naming (piece INTEGER PRIMARY KEY, whole INTEGER NOT NULL, last INTEGER NOT NULL);
"""
_NOT_NAMED = "coalesce(whole, 0) = 0"
_NAMING = "LEFT JOIN naming ON piece = number"
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

    def not_compared(self, by_sound: bool) -> int:
        """How many pieces a file may be without being found: by the digest of its notes, or also by its sound."""
        sound = " OR heard = 0" if by_sound else ""
        return self._number(f"SELECT count(*) FROM pieces {_NAMING} WHERE {_NOT_NAMED}{sound}")

    def add(self, pieces: Iterable[CommittedPiece]) -> None:
        """Adds committed pieces by their digests; adding one again is harmless. One whose record is another by now
        is a new piece: its names and landmarks of before are passed over.
        """
        rows = [(one.order_id, one.pcm, one.record, one.block) for one in pieces]
        known = "ON CONFLICT (id) DO UPDATE SET block = excluded.block"
        with self._all_or_nothing():
            self._db.executemany("DELETE FROM pieces WHERE id = ? AND (pcm, record) <> (?, ?)", [r[:3] for r in rows])
            self._db.executemany(f"INSERT INTO pieces (id, pcm, record, block) VALUES (?, ?, ?, ?) {known}", rows)

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
        """Pieces whose files' digests are not all known yet, but for those that were tried since `before` (seconds);
        those that were never tried come first.
        """
        waiting = f"{_NOT_NAMED} AND coalesce(last, 0) < ? ORDER BY coalesce(last, 0), number"
        rows = self._db.execute(f"{_PIECE} {_NAMING} WHERE {waiting}", (before,))
        return [CommittedPiece(*row) for row in rows]

    def name(self, piece: CommittedPiece, digests: Iterable[bytes], now: int, is_whole: bool) -> None:
        """Adds what a piece may be found by, as it was known at the second `now`; all of it or nothing.

        Where that `is_whole`, the piece is not to be named again.
        """
        found = sorted(set(digests))
        with self._all_or_nothing():
            select = "SELECT number FROM pieces WHERE id = ? AND record = ?"
            row = self._db.execute(select, (piece.order_id, piece.record)).fetchone()
            if row is not None:
                rows = [(digest, row[0]) for digest in found]
                self._db.executemany("INSERT OR IGNORE INTO names VALUES (?, ?)", rows)
                self._db.execute("INSERT OR REPLACE INTO naming VALUES (?, ?, ?)", (row[0], is_whole, now))

    def with_name(self, digest: bytes) -> list[CommittedPiece]:
        """The pieces that were given this digest for a name, oldest first."""
        rows = self._db.execute(f"{_PIECE} JOIN names ON piece = number WHERE digest = ? ORDER BY number", (digest,))
        return [CommittedPiece(*row) for row in rows]

    def hear(self, order_id: bytes, sound: SoundFile) -> None:
        """Adds the landmarks of a piece's sound, all of them or none."""
        marks = landmarks(sound.samples, sound.rate).tolist()
        with self._all_or_nothing():
            row = self._db.execute("SELECT number FROM pieces WHERE id = ? AND heard = 0", (order_id,)).fetchone()
            if row is not None:
                rows = sorted((key, row[0], at) for key, at in marks)
                self._db.executemany("INSERT OR IGNORE INTO landmarks VALUES (?, ?, ?)", rows)
                self._db.execute("UPDATE pieces SET heard = 1 WHERE number = ?", row)

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
        with self._all_or_nothing():
            version = self._number("PRAGMA user_version")
            if version == VERSION:
                return
            for table in ("names",) if version in _TAKEN_ON else ("pieces", "naming", "names", "landmarks"):
                self._db.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in filter(str.strip, _TABLES.split(";")):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version={VERSION}")

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """A transaction that writes; nothing slow is done in it, since others wait for it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise


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
