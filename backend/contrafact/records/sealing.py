"""Encryption of content with age (X25519, ChaCha20-Poly1305): the only file that knows `pyrage`.

Each group of contents has an age identity of its own. Contents are encrypted to it once; a reader is let in by being
given its secret half, encrypted to the reader's own identity. age authenticates every byte of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyrage
from pyrage.x25519 import Identity, Recipient

from contrafact.domain.protection import recipient
from contrafact.errors import InvalidInput, NoKey, WrongBytes

_NO_KEY = "Ask whoever protects it for a release to your reader's key."


def new_secret() -> bytes:
    """The secret half of a new age identity, as text in bytes: `AGE-SECRET-KEY-1…`."""
    return str(Identity.generate()).encode()


def public_half(secret: bytes) -> str:
    """The recipient `age1…` of a secret half. Raises InvalidInput for anything else."""
    return str(identity(secret).to_public())


def identity(secret: bytes) -> Identity:
    """Raises InvalidInput for what is no age identity; the message does not repeat it."""
    try:
        return Identity.from_str(secret.decode().strip())
    except (pyrage.IdentityError, UnicodeDecodeError):
        raise InvalidInput("This is not the secret half of a reader's key.", "Expected AGE-SECRET-KEY-1….") from None


def seal(data: bytes, readers: Iterable[str]) -> bytes:
    """`data`, encrypted to all `readers`. Raises InvalidInput for one that is no age recipient."""
    try:
        to = [Recipient.from_str(recipient(reader)) for reader in readers]
    except pyrage.RecipientError as error:
        raise InvalidInput(f"A reader's key is mistyped: {error}.", "Copy it again, whole.") from error
    return bytes(pyrage.encrypt(data, to))


def unseal(cipher: bytes, identities: Sequence[Identity], what: str) -> bytes:
    """The plain bytes of `cipher`. Raises NoKey where it is for others, WrongBytes where it was changed."""
    try:
        return bytes(pyrage.decrypt(cipher, list(identities)))
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise NoKey(f"{what} is protected, and no key here opens it: no key.", _NO_KEY) from error
        text = f"The ciphertext of {what} was changed, or is none: {error}."
        raise WrongBytes(text, "Get it from another store, or ask its licensor to publish it again.") from error
