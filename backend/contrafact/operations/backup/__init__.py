"""Backup and restore of what chain and database do not know: home, content store, and where the contracts are.

A backup is a folder. Contents lie under `objects` by their SHA-256, each once; a snapshot names the files of one moment
and is written last, so that a backup that is interrupted leaves the earlier ones whole, and the next one goes on.
"""

from contrafact.operations.backup.restoring import restore
from contrafact.operations.backup.snapshot import Places, Snapshot
from contrafact.operations.backup.taking import Taken, take
from contrafact.operations.backup.vault import Vault

__all__ = ["Places", "Snapshot", "Taken", "Vault", "restore", "take"]
