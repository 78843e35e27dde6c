"""A content store in a folder: `ab/bafkrei…`, one file for each content, named by its CID."""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contrafact.domain.digests import cid, digest_of_cid, sha256
from contrafact.errors import NotFound, StoreError
from contrafact.records.verified import verified

_HINTS = {
    errno.ENOSPC: "The disk is full: free some space.",
    errno.EDQUOT: "The disk quota is used up: free some space.",
    errno.EFBIG: "The system refuses files of this size: raise the limit on file sizes.",
    errno.EACCES: "Give this user the right to read and write there, or name another folder.",
    errno.EPERM: "Give this user the right to read and write there, or name another folder.",
    errno.EROFS: "The disk is read-only: name another folder.",
}


class FolderStore:
    """Implements the port ContentStore. Any number of processes may share the folder.

    A file appears under its CID only when it is whole and on the disk, so a crash leaves at most a hidden
    temporary file behind. The folder is made by the first `put`.
    """

    def __init__(self, path: str | Path) -> None:
        self._root = Path(path)

    def put(self, data: bytes) -> str:
        """Stores `data` and returns its CID; a damaged file of that CID is replaced. Raises StoreError."""
        name = cid(sha256(data))
        target = self._file(name)
        with self._reported(f"store {name}"):
            if not _holds(target, data):
                target.parent.mkdir(parents=True, exist_ok=True)
                _write_whole(target, data)
        return name

    def get(self, cid: str) -> bytes:
        """The bytes of `cid`. Raises NotFound, StoreError, and InvalidInput for what is not a raw CIDv1."""
        target = self._file(cid)
        with self._reported(f"read {cid}"):
            try:
                data = target.read_bytes()
            except FileNotFoundError:
                data = None
        if data is None:
            raise NotFound(f"{cid} is not in the folder {self._root}.", "Fetch it from where it was published.")
        return verified(data, cid, f"The folder {self._root}")

    def has(self, cid: str) -> bool:
        """Whether a file of that CID is there; only `get` checks its bytes. Raises StoreError."""
        target = self._file(cid)
        with self._reported(f"look for {cid}"):
            try:
                target.stat()
            except FileNotFoundError:
                return False
        return True

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
            raise StoreError(f"The folder {self._root} could not {action}: {error.strerror}.", hint) from error


def _holds(target: Path, data: bytes) -> bool:
    try:
        return target.read_bytes() == data
    except FileNotFoundError:
        return False


def _write_whole(target: Path, data: bytes) -> None:
    temporary = target.with_name(f".{uuid.uuid4().hex}")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(path: Path) -> None:
    """Makes a rename last: without it a power cut may lose the new name."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
