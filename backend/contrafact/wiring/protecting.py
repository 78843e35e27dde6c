"""Protection as it is wired: this installation's reader's key, its keyring, and who signs its releases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from contrafact.domain.protection import Sealed
from contrafact.domain.releases import Release
from contrafact.errors import InvalidInput, NotFound
from contrafact.keys import private_text
from contrafact.ledger.signer import Signer
from contrafact.records import sealing
from contrafact.records.keyring import Keyring
from contrafact.settings import Settings


def read_secrets(path: Path | None) -> list[bytes]:
    """The age identities in a reader's key file; none where no file is set.

    Raises NotFound, and InvalidInput for a file that others can read, or that holds none.
    """
    if path is None:
        return []
    lines = [line.strip() for line in private_text(path, "reader's key").splitlines()]
    secrets = [line.encode() for line in lines if line and not line.startswith("#")]
    if not secrets:
        raise InvalidInput(f"The file {path} holds no reader's key.", "Expected a line AGE-SECRET-KEY-1….")
    return secrets


def open_keyring(settings: Settings) -> Keyring:
    """The keyring of an installation; its releases lie in `releases` in its home. Raises as `read_secrets`."""
    return Keyring(read_secrets(settings.reader_key_file), settings.home / "releases")


class AgeSealing:
    """Implements the port Sealing with age, for the account of `signer`, whose releases it signs.

    `releaser` is whom the account acts for: an operator, where the key is the one that it has named; else itself.
    """

    def __init__(self, keyring: Keyring, chain_id: int, signer: Callable[[], Signer], releaser: str = "") -> None:
        self._keyring, self._chain_id, self._signer, self._releaser = keyring, chain_id, signer, releaser

    @property
    def reader(self) -> str:
        if not self._keyring.readers:
            hint = "Make one with `contrafact keys new-reader`, and set CONTRAFACT_READER_KEY_FILE."
            raise NotFound("No reader's key is set.", hint)
        return self._keyring.readers[0]

    @property
    def readers(self) -> tuple[str, ...]:
        return self._keyring.readers

    def new_key(self) -> tuple[str, bytes]:
        secret = sealing.new_secret()
        return sealing.public_half(secret), secret

    def seal(self, data: bytes, key: str) -> bytes:
        return sealing.seal(data, [key])

    def release(
        self,
        subject: tuple[str, bytes],
        secret: bytes,
        contents: tuple[Sealed, ...],
        readers: Sequence[str],
        operator: str = "",
    ) -> bytes:
        signer = self._signer()
        unsigned = Release(
            kind=subject[0],
            subject=subject[1],
            chain_id=self._chain_id,
            key=sealing.public_half(secret),
            contents=contents,
            readers=tuple(readers),
            wrapped=sealing.seal(secret, readers),
            releaser=self._releaser or str(signer.address),
            operator=operator,
        )
        unsigned.check()
        return replace(unsigned, signature=bytes(signer.sign_message(unsigned.message()).signature)).to_bytes()

    def keep(self, release: bytes) -> None:
        self._keyring.add(release)
