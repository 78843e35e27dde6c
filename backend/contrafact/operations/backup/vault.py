"""The folder of a backup: contents by their digest and snapshots by their time, encrypted with age if wanted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pyrage

from contrafact.errors import InvalidInput, NotFound, StoreError
from contrafact.whole import write_whole

_AGE = ".age"
_WITH_IDENTITY = "Name the file with the identity: --identity FILE."


class Vault:
    """`recipients` (`age1…`) encrypt what is written; `identities` (`AGE-SECRET-KEY-1…`) open what is read.

    Raises InvalidInput for what is no recipient or identity.
    """

    def __init__(self, folder: Path, recipients: Sequence[str] = (), identities: Sequence[str] = ()) -> None:
        self.folder = folder
        self.new_bytes = 0
        """Of all that was put, what was not there yet."""
        try:
            self._recipients = [pyrage.x25519.Recipient.from_str(text.strip()) for text in recipients]
            self._identities = [pyrage.x25519.Identity.from_str(text.strip()) for text in identities]
        except (pyrage.RecipientError, pyrage.IdentityError):
            hint = "A recipient is age1…, and an identity AGE-SECRET-KEY-1…; age-keygen makes both."
            raise InvalidInput("This is no recipient or identity of age.", hint) from None

    def has(self, digest: str) -> bool:
        return self._object(digest).exists()

    def put(self, data: bytes) -> str:
        """Keeps bytes under their SHA-256, once; returns it in hex."""
        digest = hashlib.sha256(data).hexdigest()
        if not self.has(digest):
            self._write(self._object(digest), data)
            self.new_bytes += len(data)
        return digest

    def get(self, digest: str) -> bytes:
        """Raises NotFound, and StoreError for bytes that are others than were kept."""
        plain = self._path("objects", digest[:2], digest)
        data = self._read(plain)
        if hashlib.sha256(data).hexdigest() != digest:
            raise StoreError(f"{plain} is damaged.", "Restore from another copy of the backup.")
        return data

    def put_snapshot(self, name: str, data: bytes) -> None:
        self._write(self._written(self._path("snapshots", f"{name}.json")), data)

    def get_snapshot(self, name: str) -> bytes:
        return self._read(self._path("snapshots", f"{name}.json"))

    def snapshots(self) -> list[str]:
        """Their names, oldest first."""
        found = (self.folder / "snapshots").glob("*.json*")
        return sorted({path.name.split(".")[0] for path in found if not path.name.startswith(".")})

    def _object(self, digest: str) -> Path:
        return self._written(self._path("objects", digest[:2], digest))

    def _path(self, *names: str) -> Path:
        return self.folder.joinpath(*names)

    def _written(self, path: Path) -> Path:
        """The name it is written under: what is encrypted is another file, so that neither stands for the other."""
        return path.with_name(path.name + _AGE) if self._recipients else path

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        body = pyrage.encrypt(data, self._recipients) if self._recipients else data
        write_whole(path, body, 0o600)

    def _read(self, plain: Path) -> bytes:
        """The bytes of `plain`, or of the same encrypted."""
        if plain.exists():
            return plain.read_bytes()
        sealed = plain.with_name(plain.name + _AGE)
        if not sealed.exists():
            raise NotFound(f"{plain} is not in the backup.", "Is it the whole folder of the backup?")
        if not self._identities:
            raise InvalidInput("This backup is encrypted.", _WITH_IDENTITY)
        try:
            return bytes(pyrage.decrypt(sealed.read_bytes(), self._identities))
        except pyrage.DecryptError:
            raise InvalidInput(f"No identity given opens {sealed}, or it is damaged.", _WITH_IDENTITY) from None
