"""The pieces of a site by their sound: an index in the home folder, brought up to date from chain and store."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from contrafact.contents import content, record_document
from contrafact.domain.pieces import Alike, CommittedPiece
from contrafact.domain.record import AttributionRecord
from contrafact.errors import ContrafactError, InvalidScore
from contrafact.ports import ContentStore
from contrafact.verifying import Gap, Sound
from contrafact.wiring.verified_chain import VerifiedChain

if TYPE_CHECKING:
    from contrafact.music.identification.pieces import PieceIndex
    from contrafact.music.identification.sound_file import SoundFile

TRY_AGAIN = 3600
"""Seconds after which a piece that could not be heard, or not be named by all of its files, is tried again."""
AGAIN_BLOCKS = 64
"""Blocks before the newest known commit that are read again: a chain may take so many back."""
Told = Callable[[str], None]


class SoundEar:
    """Implements the port Ear."""

    def hear(self, data: bytes) -> Sound:
        from contrafact.music.identification.sound_file import hear

        heard = hear(data)
        return Sound(heard.media_type, heard.rate, heard.channels, heard.frames, heard.pcm, heard)

    def compare(self, sound: Sound, recorded: Sound, order_id: bytes) -> Alike:
        from contrafact.music.identification.pieces import compare

        return compare(_of(sound), _of(recorded), order_id)


def _of(sound: Sound) -> SoundFile:
    return cast("SoundFile", sound.samples)


class SitePieces:
    """Implements the port Pieces: an index that is brought up to date when it is asked, as long as that may take.

    `seconds` bound how long pieces are listened to for one question; what is left is listened to at the next.
    """

    def __init__(
        self,
        index: PieceIndex,
        chain: VerifiedChain,
        store: ContentStore | None,
        seconds: float,
        told: Told = lambda _: None,
    ) -> None:
        self._index, self._chain, self._store, self._told = index, chain, store, told
        self._seconds, self._is_current = seconds, False

    def with_pcm(self, pcm: bytes) -> Sequence[CommittedPiece]:
        self._catch_up()
        return [one for one in self._index.with_pcm(pcm) if self._stands(one.order_id)]

    def named(self, digest: bytes) -> Sequence[CommittedPiece]:
        self._catch_up()
        self._read_names()
        return [one for one in self._index.with_name(digest) if self._stands(one.order_id)]

    def like(self, sound: Sound) -> Sequence[Alike]:
        self._catch_up()
        self._listen()
        return [one for one in self._index.like(_of(sound)) if not one.is_copy or self._stands(one.order_id)]

    def gaps(self) -> Sequence[Gap]:
        if not (unheard := self._index.unheard):
            return ()
        text = f"{unheard} of {len(self._index)} pieces are known by their exact samples only: they are not in the"
        hint = "With a store that has them, and the keys to what is protected, they are listened to."
        return (Gap("the sound of all pieces", f"{text} content store here, or not listened to yet.", hint),)

    def not_compared(self, by_sound: bool) -> int:
        return self._index.not_compared(by_sound)

    def _catch_up(self) -> None:
        """Adds what was committed since; once for each verification."""
        if self._is_current:
            return
        self._told("reading the chain")
        newest = self._index.newest
        is_ours = newest is not None and self._stands(newest.order_id)  # else the chain began anew, or took much back
        since = max(0, newest.block - AGAIN_BLOCKS) if newest is not None and is_ours else 0
        self._index.add(self._chain.pieces(since))
        self._is_current = True

    def _stands(self, order_id: bytes) -> bool:
        """Whether the commit is still on the chain; else it is forgotten."""
        if self._chain.committed(order_id):
            return True
        self._index.forget(order_id)
        return False

    def _read_names(self) -> None:
        now, end = int(time.time()), time.monotonic() + self._seconds
        for piece in self._index.to_name(now - TRY_AGAIN) if self._store is not None else []:
            if time.monotonic() > end:
                return
            self._name(piece, now)

    def _name(self, piece: CommittedPiece, now: int) -> None:
        assert self._store is not None
        found = set[bytes]()
        try:
            record = record_document(self._store, piece.record)
            found |= _files(record)
            with suppress(InvalidScore):  # then it has no source form
                found.add(_source_form(self._store, record))
            is_whole = True
        except ContrafactError:  # missing, protected, damaged, or the store is away: what is known of it counts
            is_whole = False
        self._index.name(piece, found, now, is_whole)

    def _listen(self) -> None:
        now, end = int(time.time()), time.monotonic() + self._seconds
        waiting = self._index.to_hear(now - TRY_AGAIN) if self._store is not None else []
        for place, piece in enumerate(waiting):
            if time.monotonic() > end:
                return
            self._told(f"listening to the pieces in the store: {place + 1} of {len(waiting)}")
            self._hear(piece, now)

    def _hear(self, piece: CommittedPiece, now: int) -> None:
        from contrafact.music.identification.sound_file import hear

        assert self._store is not None
        try:
            record = record_document(self._store, piece.record)
            sound = hear(content(self._store, record.mix.flac, record.protection))
        except ContrafactError:  # missing, protected, damaged, too long: known by its samples alone
            self._index.missed(piece.order_id, now)
        else:
            self._index.hear(piece.order_id, sound)


def _files(record: AttributionRecord) -> set[bytes]:
    """Digests of a piece's score, of its sounds and of the files that they lie in."""
    sounds = (record.mix, *record.stems)
    return {record.midi, *(audio.pcm for audio in sounds), *(audio.flac for audio in sounds)}


def _source_form(store: ContentStore, record: AttributionRecord) -> bytes:
    """The digest of the notes. Raises InvalidScore, and what `content` raises."""
    from contrafact.music.reading import read_score
    from contrafact.music.source_form import SourceForm

    return SourceForm.from_score(read_score(content(store, record.midi, record.protection), "audio/midi")).digest
