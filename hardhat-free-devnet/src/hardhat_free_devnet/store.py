"""The key-value store under the chain: a dictionary, written through to SQLite when a file is given.

Nodes of the state trie are addressed by their hash and never change, so a copy of the dictionary (of its
references alone) is a complete snapshot of the chain.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from eth.db.backends.base import BaseDB

from .errors import DevnetError
from .settings import Settings

_SETTINGS_KEY = b"devnet:settings"
SCHEMA = "CREATE TABLE IF NOT EXISTS chain (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"


class Store(BaseDB):
    """All keys and values of a chain. `flush` makes what changed durable, in one transaction."""

    def __init__(self, path: Path | None = None) -> None:
        self._values: dict[bytes, bytes] = {}
        self._changed: set[bytes] = set()
        self._file = None if path is None else _open(path)
        if self._file is not None:
            self._values.update(self._file.execute("SELECT key, value FROM chain"))

    def __getitem__(self, key: bytes) -> bytes:
        return self._values[key]

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self._values[key] = value
        self._mark(key)

    def __delitem__(self, key: bytes) -> None:
        del self._values[key]
        self._mark(key)

    def _exists(self, key: bytes) -> bool:
        return key in self._values

    def _mark(self, key: bytes) -> None:
        if self._file is not None:
            self._changed.add(key)

    def starting(self, start: bytes) -> dict[bytes, bytes]:
        """Everything whose key starts like this; it looks at all keys."""
        return {key: value for key, value in self._values.items() if key.startswith(start)}

    def copy(self) -> dict[bytes, bytes]:
        """Everything in the store, for `restore`."""
        return dict(self._values)

    def restore(self, values: dict[bytes, bytes]) -> None:
        """Go back to an earlier `copy`."""
        old, self._values = self._values, dict(values)
        if self._file is None:
            return
        for key in old.keys() | values.keys():
            if old.get(key) != values.get(key):
                self._changed.add(key)

    def flush(self) -> None:
        """Write what changed since the last flush; nothing to do without a file."""
        if self._file is None or not self._changed:
            return
        gone = [(key,) for key in self._changed if key not in self._values]
        rows = [(key, self._values[key]) for key in self._changed if key in self._values]
        with self._file:
            self._file.executemany("DELETE FROM chain WHERE key = ?", gone)
            self._file.executemany("INSERT OR REPLACE INTO chain VALUES (?, ?)", rows)
        self._changed.clear()

    def close(self) -> None:
        """Flush and let go of the file."""
        self.flush()
        if self._file is not None:
            self._file.close()
            self._file = None


def claim(store: Store, settings: Settings) -> None:
    """Write the settings into a new store. Raises DevnetError when it was made with others."""
    ours = json.dumps(settings.to_dict(), sort_keys=True).encode()
    if not store.exists(_SETTINGS_KEY):
        store[_SETTINGS_KEY] = ours
    elif store[_SETTINGS_KEY] != ours:
        made_with = store[_SETTINGS_KEY].decode()
        raise DevnetError(f"the state file was made with other settings; start the node with {made_with}")


class Overlay(BaseDB):
    """What one block would add to a store. Reads fall through; nothing reaches the store until `commit`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._values: dict[bytes, bytes] = {}

    def __getitem__(self, key: bytes) -> bytes:
        value = self._values.get(key)
        return self._store[key] if value is None else value

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self._values[key] = value

    def __delitem__(self, key: bytes) -> None:
        """Blocks only add: a key that the store has stays there."""
        self._values.pop(key, None)

    def _exists(self, key: bytes) -> bool:
        return key in self._values or self._store.exists(key)

    def commit(self) -> None:
        """Write everything into the store."""
        for key, value in self._values.items():
            self._store[key] = value


def _open(path: Path) -> sqlite3.Connection:
    try:
        # The node serialises access itself, from one worker thread that is not the one that opens the file.
        file = sqlite3.connect(path, timeout=0.2, check_same_thread=False)
        file.execute("PRAGMA locking_mode = EXCLUSIVE")
        file.execute("PRAGMA journal_mode = WAL")
        with file:
            file.execute(SCHEMA)
            file.execute("DELETE FROM chain WHERE key = x''")  # takes the lock: a second node stops here
    except sqlite3.Error as error:
        held = "locked" in str(error)
        advice = (
            "another node uses it: stop that one" if held else "name a new file, in a folder that is there"
        )
        raise DevnetError(f"cannot use the state file {path} ({error}); {advice}") from error
    return file
