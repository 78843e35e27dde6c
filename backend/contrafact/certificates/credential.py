"""What an operator signs audio files with: a certificate, its private key, and the binding to its account.

Kept in a folder: `authority.json` and `credential.json`, which only their owner can read, and `authority.pem`, which
may be published for those who want their C2PA reader to trust the operator.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509

from contrafact.certificates import authority
from contrafact.certificates.authority import KeyPair
from contrafact.certificates.spki import SigningCertificate
from contrafact.domain.certificate_binding import Binding
from contrafact.errors import InvalidInput, NotFound
from contrafact.whole import write_whole

AUTHORITY, CREDENTIAL, PUBLIC = "authority.json", "credential.json", "authority.pem"
CLOCK_SKEW = timedelta(hours=1)
"""So much earlier does a certificate begin than it is made: readers' clocks differ."""

Sign = Callable[[Binding], bytes]
"""Signs a binding's message with the account that it names as its signer."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate with its key, the authority's certificate (PEM), and the operator's word for it."""

    pair: KeyPair
    authority: str
    binding: Binding

    @property
    def chain(self) -> str:
        """The certificate and the one that issued it, as PEM."""
        return self.pair.certificate + self.authority

    @property
    def certificate(self) -> SigningCertificate:
        """What readers see of it."""
        return SigningCertificate.of(x509.load_pem_x509_certificate(self.pair.certificate.encode()))

    def ends_before(self, moment: datetime) -> bool:
        """Whether it has ended by then."""
        return self.binding.valid_until <= authority.seconds(moment)


@dataclass(frozen=True, slots=True)
class Account:
    """Whose certificate it is: the operator, the account that signs its binding, and where the operator works."""

    operator: str
    signer: str
    chain_id: int
    contract: str
    sign: Sign


def make(issuer: KeyPair, account: Account, days: int, now: datetime | None = None) -> Credential:
    """A new certificate of the issuer for the account, bound to it, for so many days from `now` on."""
    begin = (now or datetime.now(UTC)).replace(microsecond=0)
    span = (begin - CLOCK_SKEW, begin + timedelta(days=days))
    pair = authority.issue(issuer, account.operator, account.chain_id, *span)
    issued = SigningCertificate.of(x509.load_pem_x509_certificate(pair.certificate.encode()))
    unsigned = Binding(
        operator=account.operator,
        signer=account.signer,
        spki=issued.spki,
        chain_id=account.chain_id,
        contract=account.contract,
        valid_from=issued.valid_from,
        valid_until=issued.valid_until,
    )
    return Credential(pair, issuer.certificate, replace(unsigned, signature=account.sign(unsigned)))


def renew(folder: Path, account: Account, days: int, now: datetime | None = None) -> Credential:
    """Makes and keeps a certificate; the folder's authority, made the first time, issues it. Replaces the last one."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / AUTHORITY).exists():
        pair = authority.new_authority(account.operator, now or datetime.now(UTC))
        write_whole(folder / AUTHORITY, json.dumps({"certificate": pair.certificate, "key": pair.key}).encode(), 0o600)
        write_whole(folder / PUBLIC, pair.certificate.encode(), 0o644)
    found = _read(folder / AUTHORITY)
    made = make(KeyPair(found["certificate"], found["key"]), account, days, now)
    write_whole(folder / CREDENTIAL, _document(made).encode(), 0o600)
    return made


def load(folder: Path) -> Credential:
    """What is kept there. Raises NotFound where none is, InvalidInput where it is damaged or others can read it."""
    path = folder / CREDENTIAL
    if not path.exists():
        raise NotFound(f"There is no certificate in {folder}.", "Run: contrafact operator certificate new")
    found = _read(path)
    try:
        binding = Binding.from_dict(found["binding"])
        made = Credential(KeyPair(found["certificate"], found["key"]), found["authority"], binding)
        made.pair.private()
        if made.certificate.spki != binding.spki:
            raise ValueError("the certificate is not the one of its binding")
    except (KeyError, TypeError, ValueError) as error:
        text = f"The certificate in {path} is damaged: {error}."
        raise InvalidInput(text, "Make a new one: contrafact operator certificate new") from error
    return made


def _document(made: Credential) -> str:
    pair = {"certificate": made.pair.certificate, "key": made.pair.key}
    return json.dumps({**pair, "authority": made.authority, "binding": made.binding.to_dict()}, indent=2)


def _read(path: Path) -> dict[str, Any]:
    try:
        mode, text = path.stat().st_mode, path.read_text()
    except OSError as error:
        raise NotFound(f"The file {path} cannot be read: {error.strerror}.", "Check its owner.") from error
    if mode & 0o077:
        raise InvalidInput(f"The certificate's key in {path} can be read by others.", f"Run: chmod 600 {path}")
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        text = f"The file {path} is damaged."
        raise InvalidInput(text, "Restore it from a copy, or remove it: contrafact operator certificate new makes one.")
    return found
