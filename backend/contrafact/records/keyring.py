"""A reader's keyring: its age identities from a private file, and the releases that were given to it.

Releases are no secrets: their keys are encrypted to their readers. They lie in a folder, one file each, named by CID.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from contrafact.domain.digests import cid, digest_of_cid, sha256
from contrafact.domain.protection import Sealed
from contrafact.domain.releases import Release
from contrafact.errors import ContrafactError, InvalidInput, NoKey
from contrafact.records import sealing
from contrafact.whole import write_whole


@dataclass(frozen=True, slots=True)
class Opened:
    """A protected content with the identity that opens its ciphertext."""

    sealed: Sealed
    identity: sealing.Identity


class Keyring:
    """What one reader may open. Releases that are added by another process are seen at the next look."""

    def __init__(self, secrets: Sequence[bytes], folder: Path) -> None:
        self._identities = [sealing.identity(secret) for secret in secrets]
        self._folder = folder
        self._seen: frozenset[str] | None = None
        self._releases: dict[bytes, list[Release]] = {}
        self._opened: dict[str, sealing.Identity | None] = {}

    @property
    def readers(self) -> tuple[str, ...]:
        """The public halves of this reader's identities; the first is the one it gives to others."""
        return tuple(str(identity.to_public()) for identity in self._identities)

    def add(self, data: bytes) -> Release:
        """Keeps a release and returns it.

        Raises InvalidInput for what is none, NoKey for one to other readers, and WrongBytes where it does not hold
        the key that it names.
        """
        release = Release.from_bytes(data)
        self.secret(release)
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._folder / f"{cid(sha256(data))}.json", data)
        self._seen = None
        return release

    def releases(self) -> Iterator[Release]:
        """All releases that are kept here, whoever they are to. Files that are none are left aside."""
        for path in sorted(self._folder.glob("*.json")):
            try:
                yield Release.from_bytes(path.read_bytes())
            except (InvalidInput, FileNotFoundError):
                continue

    def secret(self, release: Release) -> bytes:
        """The secret half of a release's key. Raises NoKey, and WrongBytes where it is another key's."""
        secret = sealing.unseal(release.wrapped, self._identities, f"The release of {release.key}")
        if sealing.public_half(secret) != release.key:
            raise InvalidInput("The release holds another key than it names.", "Ask for another release.")
        return secret

    def secret_of(self, key: str) -> bytes:
        """The secret half of a content's key. Raises NoKey where no release here gives it."""
        for release in self.releases():
            if release.key == key:
                try:
                    return self.secret(release)
                except ContrafactError:
                    continue
        raise NoKey(f"No release here gives the key {key}: no key.", "Use the home and the reader's key that have it.")

    def find(self, name: str) -> list[Opened]:
        """How the content with this CID of its plain bytes can be opened here; nothing where it cannot."""
        self._look()
        found = []
        for release in self._releases.get(digest_of_cid(name), []):
            if (identity := self._identity(release)) is not None:
                found += [Opened(sealed, identity) for sealed in release.contents if cid(sealed.plain) == name]
        return found

    def _identity(self, release: Release) -> sealing.Identity | None:
        mark = f"{release.key} {cid(sha256(release.wrapped))}"
        if mark not in self._opened:
            try:
                self._opened[mark] = sealing.identity(self.secret(release))
            except ContrafactError:
                self._opened[mark] = None
        return self._opened[mark]

    def _look(self) -> None:
        """Reads the folder again where something came or went since the last look."""
        now = frozenset(os.listdir(self._folder)) if self._folder.is_dir() else frozenset()
        if now == self._seen:
            return
        found: dict[bytes, list[Release]] = {}
        for release in self.releases():
            for sealed in release.contents:
                found.setdefault(sealed.plain, []).append(release)
        self._releases, self._seen = found, now
