"""Taking a backup, also while the service runs: its files are written once and whole."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from contrafact.errors import InvalidInput
from contrafact.operations.backup.snapshot import Entry, Places, Snapshot, files_of
from contrafact.operations.backup.vault import Vault

OnFile = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Taken:
    """A snapshot that was taken, and how many bytes of it are new in the backup."""

    snapshot: Snapshot
    new_bytes: int


def take(places: Places, vault: Vault, on_file: OnFile = lambda number: None) -> Taken:
    """Copies what the backup does not hold yet, then writes the snapshot.

    Raises InvalidInput where the backup lies inside of what it backs up.
    """
    _require_apart(places, vault)
    entries: list[Entry] = []
    for part, path, file in files_of(places):
        if (entry := _kept(vault, part, path, file)) is not None:
            entries.append(entry)
            on_file(len(entries))
    snapshot = Snapshot(datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ"), tuple(entries))
    vault.put_snapshot(snapshot.taken_at, snapshot.to_bytes())
    return Taken(snapshot, vault.new_bytes)


def _kept(vault: Vault, part: str, path: str, file: Path) -> Entry | None:
    """The entry of a file that the backup now holds; None for one that was removed meanwhile."""
    try:
        data, mode = file.read_bytes(), stat.S_IMODE(file.stat().st_mode)
    except FileNotFoundError:  # a transaction that came to its end
        return None
    return Entry(part, path, vault.put(data), len(data), mode)


def _require_apart(places: Places, vault: Vault) -> None:
    inside = vault.folder.resolve()
    for root in places.roots().values():
        if inside.is_relative_to(root.resolve()):
            raise InvalidInput(f"{vault.folder} lies in {root}, which it is to back up.", "Name a folder elsewhere.")
