"""Restoring a backup into empty places, or going on where that was interrupted. Nothing is overwritten."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from contrafact.errors import InvalidInput, NotFound
from contrafact.operations.backup.snapshot import Entry, Places, Snapshot
from contrafact.operations.backup.vault import Vault
from contrafact.whole import write_whole


def restore(vault: Vault, places: Places, name: str | None = None) -> Snapshot:
    """Writes the files of a snapshot, by default the newest, to their places; what is there already stays.

    Raises NotFound where there is no such snapshot, InvalidInput, before anything is written, where a place holds
    another file, and StoreError where the backup is damaged.
    """
    snapshot = Snapshot.from_bytes(vault.get_snapshot(_name(vault, name)))
    for entry, path in list(_missing(snapshot, places)):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, vault.get(entry.sha256), entry.mode)
    return snapshot


def _name(vault: Vault, name: str | None) -> str:
    found = vault.snapshots()
    if not found or (name is not None and name not in found):
        which = f"the snapshot {name}" if found else "a snapshot"
        raise NotFound(
            f"{vault.folder} holds no {which.removeprefix('a ')}.", f"It holds: {', '.join(found) or 'none'}."
        )
    return name or found[-1]


def _missing(snapshot: Snapshot, places: Places) -> Iterator[tuple[Entry, Path]]:
    for entry in snapshot.files:
        path = places.of(entry)
        if not path.exists():
            yield entry, path
        elif hashlib.sha256(path.read_bytes()).hexdigest() != entry.sha256:
            text = f"{path} is there already, and is not what the backup holds."
            raise InvalidInput(text, "Move it away, or restore elsewhere: --home, --store and --deployment.")
