"""Protected content: what a public document says of files that lie encrypted in the content store.

The chain and every document name a file by the digest of its plain bytes. Where these are not for everybody, the
document that names the file says under which digest its ciphertext lies, and to which key it is encrypted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.documents import file_reference, referenced, text
from contrafact.errors import InvalidInput

_RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")


def recipient(value: object) -> str:
    """The public half of an age identity (X25519), `age1…`. Raises InvalidInput for anything else."""
    if not isinstance(value, str) or not _RECIPIENT.fullmatch(value):
        text_ = f"{str(value)[:80]!r} is not the public half of a reader's key."
        raise InvalidInput(text_, "Expected age1… in lower case, as `contrafact keys new-reader` prints it.")
    return value


@dataclass(frozen=True, slots=True)
class Sealed:
    """One protected content: the SHA-256 of its plain bytes and of its ciphertext, and the age key it is encrypted to.

    The key belongs to the content and to nobody else; whoever may read is given its secret half.
    """

    plain: bytes
    cipher: bytes
    key: str

    def to_dict(self) -> dict[str, object]:
        return {"sha256": to_hex(self.plain), "ciphertext": file_reference(self.cipher), "key": self.key}

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> Sealed:
        return cls(from_hex(d["sha256"]), referenced(d["ciphertext"]), recipient(d["key"]))


@dataclass(frozen=True, slots=True)
class Protection:
    """Which of a document's files are protected. `reader` is the age key of whoever protects them."""

    reader: str
    contents: tuple[Sealed, ...]

    def of(self, digest: bytes) -> Sealed | None:
        """How the content with this plain digest is protected; None where it is not."""
        return next((sealed for sealed in self.contents if sealed.plain == digest), None)

    def to_dict(self) -> dict[str, object]:
        return {"reader": self.reader, "contents": [sealed.to_dict() for sealed in self.contents]}

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> Protection:
        return cls(recipient(text(d["reader"])), tuple(Sealed.from_dict(row) for row in d["contents"]))

    def check(self, named: Iterable[bytes]) -> None:
        """Raises InvalidInput unless every protected content is one that the document names, once."""
        plain, own = [sealed.plain for sealed in self.contents], set(named)
        if not plain or len(set(plain)) != len(plain) or not own.issuperset(plain):
            raise InvalidInput("A document protects its own files only, each once.", "Leave out all others.")


def optional(protection: Protection | None) -> dict[str, object]:
    """The field of a document, where there is any: without one its bytes are those of the earlier schema."""
    return {"protected": protection.to_dict()} if protection else {}


def found_in(d: dict[str, Any]) -> Protection | None:
    """The inverse of `optional`."""
    return Protection.from_dict(d["protected"]) if "protected" in d else None
