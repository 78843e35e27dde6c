"""Content as a file that can be sent piece by piece, whatever store it comes from."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore, Lock

from contrafact.web.held import HeldStore
from contrafact.web.services import Services
from contrafact.whole import write_whole

AT_ONCE = 2
"""How many contents may be whole in memory at the same time, while they are read and checked."""
MAX_SPOOL = 1 << 30
"""Bytes that the spool may take; the files that were asked for longest ago go first."""

_reading = BoundedSemaphore(AT_ONCE)
_tidying = Lock()


def spooled(services: Services, cid: str) -> Path:
    """A checked copy of `cid`, which the store was asked about anew. Raises NotFound, StoreError.

    A store checks bytes against the CID, and holds them whole while it does; from then on they are read from the copy.
    """
    store, target = services.published, _folder(services) / cid
    if target.exists() and store.has(cid) and HeldStore(store).notice(cid) is None:
        with suppress(FileNotFoundError):  # another's turn to make room came in between
            os.utime(target)
            return target
    target.unlink(missing_ok=True)
    with _reading:
        write_whole(target, store.get(cid))
    _tidy(target)
    return target


def _folder(services: Services) -> Path:
    folder = services.settings.home / "spool"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _tidy(newest: Path) -> None:
    """Makes room; whoever reads a file that goes reads it to its end."""
    with _tidying:
        found = [(stat.st_mtime, stat.st_size, one) for one in newest.parent.iterdir() if (stat := _stat(one))]
        total = 0
        for _, size, one in sorted(found, reverse=True):
            total += size
            if total > MAX_SPOOL and one != newest:
                one.unlink(missing_ok=True)


def _stat(file: Path) -> os.stat_result | None:
    """None for a file that is gone meanwhile: what another request was writing has its name by now."""
    with suppress(FileNotFoundError):
        return file.stat()
    return None
