"""A content store in a folder: `ab/bafkrei…`, one file for each content, named by its CID."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contrafact.domain.digests import cid, digest_of_cid, sha256
from contrafact.errors import NotFound, StoreError, StoreFull, StoreReadOnly
from contrafact.records.taken_down import gone
from contrafact.records.verified import verified
from contrafact.whole import write_whole

_HINTS = {
    errno.ENOSPC: "The disk is full: free some space.",
    errno.EDQUOT: "The disk quota is used up: free some space.",
    errno.EFBIG: "The system refuses files of this size: raise the limit on file sizes.",
    errno.EACCES: "Give this user the right to read and write there, or name another folder.",
    errno.EPERM: "Give this user the right to read and write there, or name another folder.",
    errno.EROFS: "The disk is read-only: name another folder.",
}
_KINDS: dict[int, type[StoreError]] = {
    errno.ENOSPC: StoreFull,
    errno.EDQUOT: StoreFull,
    errno.EACCES: StoreReadOnly,
    errno.EPERM: StoreReadOnly,
    errno.EROFS: StoreReadOnly,
}


class FolderStore:
    """Implements the ports ContentStore and KeptStore. Any number of processes may share the folder.

    A file appears under its CID only when it is whole and on the disk, so a crash leaves at most a hidden
    temporary file behind. The folder is made by the first `put`.
    """

    def __init__(self, path: str | Path) -> None:
        self._root = Path(path)

    def put(self, data: bytes) -> str:
        """Stores `data` and returns its CID; a damaged file of that CID is replaced.

        Raises StoreError, and Withdrawn where a notice stands in its place.
        """
        name = cid(sha256(data))
        self._require_given_out(name)
        self._write(self._file(name), data, f"store {name}")
        return name

    def get(self, cid: str) -> bytes:
        """The bytes of `cid`. Raises NotFound, StoreError, and InvalidInput for what is not a raw CIDv1."""
        target = self._file(cid)
        self._require_given_out(cid)
        with self._reported(f"read {cid}"):
            try:
                data = target.read_bytes()
            except FileNotFoundError:
                data = None
        if data is None:
            raise NotFound(f"{cid} is not in the folder {self._root}.", "Fetch it from where it was published.")
        return verified(data, cid, f"The folder {self._root}")

    def has(self, cid: str) -> bool:
        """Whether a file of that CID is there and given out; only `get` checks its bytes. Raises StoreError."""
        target = self._file(cid)
        with self._reported(f"look for {cid}"):
            return _is_there(target) and not _is_there(self._notice(cid))

    def withdraw(self, cid: str, notice: bytes) -> None:
        """Removes the file of `cid` and leaves `notice` in its place. Raises StoreError."""
        target = self._file(cid)
        self._write(self._notice(cid), notice, f"withdraw {cid}")
        with self._reported(f"withdraw {cid}"):
            target.unlink(missing_ok=True)

    def notice(self, cid: str) -> bytes | None:
        """The notice in place of `cid`, where there is one. Raises StoreError."""
        with self._reported(f"look for {cid}"):
            try:
                return self._notice(cid).read_bytes()
            except FileNotFoundError:
                return None

    def restore(self, data: bytes) -> str:
        """Stores `data` in spite of a notice, which goes. Raises StoreError."""
        name = cid(sha256(data))
        self._write(self._file(name), data, f"store {name}")
        with self._reported(f"restore {name}"):
            self._notice(name).unlink(missing_ok=True)
        return name

    def pin(self, cid: str) -> bool:
        """False: a folder throws nothing away by itself, so there is nothing to pin. Raises NotFound, StoreError."""
        if not self.has(cid):
            self.get(cid)
        return False

    def _write(self, target: Path, data: bytes, action: str) -> None:
        with self._reported(action):
            if not _holds(target, data):
                target.parent.mkdir(parents=True, exist_ok=True)
                write_whole(target, data)

    def _require_given_out(self, name: str) -> None:
        if (notice := self.notice(name)) is not None:
            raise gone(name, notice, f"the folder {self._root}")

    def _notice(self, name: str) -> Path:
        return self._file(name).with_name(f"{name}.withdrawn")

    def _file(self, name: str) -> Path:
        digest_of_cid(name)  # a valid CID has no separators and no dots, so it cannot leave the folder
        # The last character of a CID carries two bits only; the two before it spread over 1,024 folders.
        return self._root / name[-3:-1] / name

    @contextmanager
    def _reported(self, action: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            hint = _HINTS.get(error.errno or 0, "Check that the path is a folder that this user can use.")
            kind = _KINDS.get(error.errno or 0, StoreError)
            raise kind(f"The folder {self._root} could not {action}: {error.strerror}.", hint) from error


def _is_there(path: Path) -> bool:
    """As `Path.exists`, which takes a file in place of a folder for nothing there."""
    try:
        path.stat()
    except FileNotFoundError:
        return False
    return True


def _holds(target: Path, data: bytes) -> bool:
    try:
        return target.read_bytes() == data
    except FileNotFoundError:
        return False
