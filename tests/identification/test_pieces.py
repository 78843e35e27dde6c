"""The index of delivered pieces keeps what is true of them, and what took long to hear."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from contrafact.domain.pieces import CommittedPiece
from contrafact.music.identification.pieces import PieceIndex
from contrafact.music.identification.sound_file import SoundFile, hear

from .conftest import OTHERS, file_of, recording

PIECE = CommittedPiece(b"o" * 32, b"p" * 32, b"r" * 32, 5)
NAMES = (b"a" * 32, b"b" * 32)


def sound() -> SoundFile:
    return hear(file_of(recording(OTHERS[0])))


def known(path: Path | None) -> PieceIndex:
    """An index that knows all of one piece."""
    index = PieceIndex(path)
    index.add([PIECE])
    index.name(PIECE, NAMES, 1, is_whole=True)
    index.hear(PIECE.order_id, sound())
    return index


def test_a_piece_whose_record_is_another_by_now_is_read_and_heard_anew() -> None:
    index, moved = known(None), replace(PIECE, block=9)
    index.add([moved])
    assert (index.with_name(NAMES[0]), index.not_compared(by_sound=True)) == ([moved], 0)
    other = replace(moved, record=b"s" * 32)
    index.add([other])
    assert (index.with_name(NAMES[0]), index.like(sound()), index.newest) == ([], [], other)
    assert (index.to_name(2), index.to_hear(2), len(index)) == ([other], [other], 1)
    index.name(PIECE, NAMES, 3, is_whole=True)  # read before the record changed
    assert index.with_name(NAMES[0]) == []
    index.name(other, [b"c" * 32], 3, is_whole=False)
    assert (index.with_name(b"c" * 32), index.to_name(3), index.to_name(4)) == ([other], [], [other])
    index.close()


def test_others_write_while_what_a_piece_is_found_by_is_read(tmp_path: Path) -> None:
    index, other = (PieceIndex(tmp_path / "pieces.sqlite") for _ in range(2))
    index.add([PIECE])

    def read() -> Iterator[bytes]:
        for number, digest in enumerate(NAMES):
            other.add([replace(PIECE, order_id=bytes([number]) * 32)])
            yield digest

    index.name(PIECE, read(), 1, is_whole=True)
    assert (len(other), other.with_name(NAMES[1])) == (3, [PIECE])
    index.close()
    other.close()


def test_an_index_of_the_version_before_keeps_what_was_heard(tmp_path: Path) -> None:
    path = tmp_path / "pieces.sqlite"
    known(path).close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TABLE naming")
        database.execute("ALTER TABLE pieces ADD COLUMN named INTEGER NOT NULL DEFAULT 1")
        database.execute("PRAGMA user_version=2")
    index = PieceIndex(path)
    assert [alike.order_id for alike in index.like(sound())] == [PIECE.order_id]
    assert (index.with_name(NAMES[0]), index.to_name(1)) == ([], [PIECE])
    index.close()
