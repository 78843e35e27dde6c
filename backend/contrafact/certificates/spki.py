"""The certificate that made a file's signature: read out of the manifest store (JUMBF boxes, then COSE).

The C2PA library says who signed by name only; the binding names a public key, so the certificate itself is needed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import cbor2
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from contrafact.errors import InvalidInput

_X5CHAIN = 33  # COSE header label, RFC 9360
_OLD_X5CHAIN = "x5chain"
_SIGNATURE = "c2pa.signature"


@dataclass(frozen=True, slots=True)
class SigningCertificate:
    """An X.509 certificate: its subject (RFC 4514), SHA-256 of its public key (SPKI, DER), and when it is valid.

    Times in seconds since the epoch.
    """

    subject: str
    issuer: str
    spki: bytes
    valid_from: int
    valid_until: int

    @classmethod
    def of(cls, certificate: x509.Certificate) -> SigningCertificate:
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return cls(
            subject=certificate.subject.rfc4514_string(),
            issuer=certificate.issuer.rfc4514_string(),
            spki=hashlib.sha256(key).digest(),
            valid_from=int(certificate.not_valid_before_utc.timestamp()),
            valid_until=int(certificate.not_valid_after_utc.timestamp()),
        )


def signing_certificate(store: bytes, manifest: str) -> SigningCertificate:
    """Of the manifest with this label in a manifest store. Raises InvalidInput where it has none that can be read."""
    try:
        found = _find(store, manifest)
        signature = _find(found, _SIGNATURE)
        (content,) = (body for kind, body in _boxes(signature) if kind == b"cbor")
        der = _first(cbor2.loads(content))
        return SigningCertificate.of(x509.load_der_x509_certificate(der))
    except (ValueError, KeyError, TypeError, IndexError, cbor2.CBORError, UnsupportedAlgorithm) as error:
        text = f"The certificate of the signature cannot be read: {f'{error!r}'[:200]}."
        raise InvalidInput(text, "The file's certificate is damaged, or of a kind that is not known.") from error


def _first(tagged: object) -> bytes:
    """The signer's own certificate of a COSE_Sign1 message; it stands first, before those that issued it."""
    protected, unprotected, *_ = tagged.value if isinstance(tagged, cbor2.CBORTag) else tagged  # type: ignore[misc]
    headers = {**unprotected, **(cbor2.loads(protected) if protected else {})}
    chain = headers.get(_X5CHAIN) or headers[_OLD_X5CHAIN]
    return bytes(chain[0] if isinstance(chain, (list, tuple)) else chain)


def _find(content: bytes, label: str) -> bytes:
    """The content of the labelled superbox in `content`, which may be one superbox that holds it."""
    for kind, body in _boxes(content):
        if kind != b"jumb":
            continue
        if _label(body) == label:
            return body
        if _label(body) == "c2pa":  # the store itself
            return _find(body, label)
    raise KeyError(label)


def _label(superbox: bytes) -> str:
    """The label in the description box, which stands first: type (16 bytes), toggles (1), then the label."""
    kind, body = next(_boxes(superbox))
    if kind != b"jumd" or not body[16] & 2:
        return ""
    return body[17 : body.index(b"\0", 17)].decode()


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and content of each box, one after the other. Raises ValueError where one leaves `content`."""
    at = 0
    while at < len(content):
        size, kind, head = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16]), 16
        size = size or len(content) - at
        if size < head or at + size > len(content):
            raise ValueError("a box is longer than what holds it")
        yield kind, content[at + head : at + size]
        at += size
