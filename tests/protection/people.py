"""Readers with keys of their own, and what they seal and release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contrafact.contents import named
from contrafact.demo import world
from contrafact.domain.protection import Sealed
from contrafact.domain.releases import WORK
from contrafact.ports import ContentStore
from contrafact.records import sealing
from contrafact.records.keyring import Keyring
from contrafact.records.protected import ProtectedStore
from contrafact.wiring.protecting import AgeSealing

CHAIN, SUBJECT = 31337, (WORK, bytes(31) + b"\1")


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody with a reader's key and an account."""

    secret: bytes
    keyring: Keyring
    sealing: AgeSealing

    @property
    def reader(self) -> str:
        return sealing.public_half(self.secret)

    def view(self, store: ContentStore) -> ProtectedStore:
        """The store as this party sees it."""
        return ProtectedStore(store, self.keyring)


def party(folder: Path, account: int = 3, secret: bytes = b"") -> Party:
    secret = secret or sealing.new_secret()
    keyring = Keyring([secret], folder)
    return Party(secret, keyring, AgeSealing(keyring, CHAIN, lambda: world.account(account)))


def publish(owner: Party, store: ContentStore, contents: Sequence[bytes], readers: Sequence[str] = ()) -> bytes:
    """Seals contents under one key into the store; the release to the owner and `readers`, which the owner keeps."""
    key, secret = owner.sealing.new_key()
    ciphers = [owner.sealing.seal(data, key) for data in contents]
    for cipher in ciphers:
        store.put(cipher)
    sealed: tuple[Sealed, ...] = named(contents, ciphers, key)
    release = owner.sealing.release(SUBJECT, secret, sealed, (owner.reader, *readers))
    owner.sealing.keep(release)
    return release
