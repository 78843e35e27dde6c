"""Uploaded files: streamed to a bounded temporary file, kept for a day by digest, each for the wallet it came from."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from contrafact.domain.digests import to_hex
from contrafact.errors import NotFound
from contrafact.web.errors import Overloaded, TooManyRequests
from contrafact.whole import write_whole

MAX_KEPT = 50
"""Files that one wallet may have here at a time."""
_PARTIAL = ".partial-"


@dataclass(frozen=True, slots=True)
class Kept:
    """An uploaded file: its SHA-256, media type, bytes on the disk, and when it is forgotten (seconds since 1970)."""

    digest: bytes
    media_type: str
    path: Path
    until: int

    def read(self) -> bytes:
        return self.path.read_bytes()

    @property
    def sound(self) -> Path:
        """Where the sound of a score lies once it was made; `Uploads.add_sound` puts it there."""
        return self.path.with_name(f"{self.path.name}.mp3")


@dataclass(frozen=True, slots=True)
class Uploads:
    """Files below `folder`, kept for `seconds`, `most` bytes of all wallets. The name of a file is its digest.

    Its media type lies beside it, and how it sounds where somebody listened to it.
    """

    folder: Path
    seconds: int
    clock: Callable[[], float]
    most: int = 4 << 30

    async def receive(self, chunks: AsyncIterator[bytes]) -> tuple[bytes, Path]:
        """The digest of what comes in, and the temporary file that it was written to; nothing of it if that fails."""
        self.folder.mkdir(parents=True, exist_ok=True)
        partial, digest = self.folder / f"{_PARTIAL}{uuid.uuid4().hex}", hashlib.sha256()
        try:
            with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                async for chunk in chunks:
                    digest.update(chunk)
                    file.write(chunk)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        return digest.digest(), partial

    def keep(self, wallet: str, digest: bytes, media_type: str, partial: Path) -> Kept:
        """The received file, from now on under its digest. Raises TooManyRequests, and Overloaded for all wallets."""
        self._forget_old()
        self._require_room(partial.stat().st_size)
        mine = self._of(wallet)
        if len(list(mine.glob("*.type"))) >= MAX_KEPT and not (mine / to_hex(digest)).exists():
            raise TooManyRequests(f"{MAX_KEPT} files of yours are kept here.", "They are forgotten after a day.")
        mine.mkdir(parents=True, exist_ok=True)
        partial.replace(mine / to_hex(digest))
        (mine / f"{to_hex(digest)}.type").write_text(media_type, encoding="ascii")
        return self.get(wallet, digest)

    def get(self, wallet: str, digest: bytes) -> Kept:
        """A file that the wallet uploaded. Raises NotFound."""
        path = self._of(wallet) / to_hex(digest)
        try:
            media_type = path.with_name(f"{path.name}.type").read_text(encoding="ascii")
            until = int(path.stat().st_mtime) + self.seconds
        except FileNotFoundError:
            until = 0
        if until <= self.clock():
            raise NotFound("You have no such upload here.", "Upload the file again; it is kept for a day.")
        return Kept(digest, media_type, path, until)

    def add_sound(self, kept: Kept, sound: bytes) -> None:
        """Keeps how a score sounds beside it, as long. Raises Overloaded where there is no room."""
        self._forget_old()
        self._require_room(len(sound))
        write_whole(kept.sound, sound, 0o600)

    def _of(self, wallet: str) -> Path:
        return self.folder / wallet.lower()

    def _require_room(self, size: int) -> None:
        """Wallets cost nothing: a limit for each does not keep the disk free."""
        for path in self.folder.glob("0x*/*"):
            with suppress(FileNotFoundError):
                size += path.stat().st_size
        if size > self.most:
            raise Overloaded("The place for uploads is full.", "They are forgotten after a day: try again later.")

    def _forget_old(self) -> None:
        """Removes what is older than it may be, and what was left half received."""
        oldest = self.clock() - self.seconds
        for path in [*self.folder.glob("0x*/*"), *self.folder.glob(f"{_PARTIAL}*")]:
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest:
                    path.unlink()
