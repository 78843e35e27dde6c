"""The operator's certificate as it is wired: kept in a folder, bound to its account, and renewed in time.

What signs is imported when something is signed, so that all the rest runs without the extra `certificates`.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from contrafact.certificates import require_installed
from contrafact.domain.certificate_binding import Binding
from contrafact.domain.certificates import Certificate
from contrafact.domain.digests import to_hex
from contrafact.domain.typed_data import Eip712Domain
from contrafact.errors import NotFound, NotPermitted
from contrafact.ledger.signer import ExternalSigner, Signer
from contrafact.settings import Settings

if TYPE_CHECKING:
    from contrafact.certificates.credential import Account, Credential

DAYS = 1825
"""Without a time stamp, a file is in date only as long as its certificate is: so five years."""
RENEWED_AT = 0.9
"""So much of its time has a certificate behind it when the next one is made."""


def folder_of(settings: Settings) -> Path:
    """Where an operator's certificate is kept."""
    return settings.certificate or settings.home / "certificate"


class OperatorCertificate:
    """Implements the port Certifying, for the operator that `key` signs for on one chain and contract.

    A certificate that is missing, nearly over, or another account's is made anew, where `key` is held in memory: a
    signer that may ask somebody is asked by the command only.
    """

    def __init__(self, folder: Path, key: Signer, operator: str, domain: Eip712Domain, is_wanted: bool = True) -> None:
        self.folder, self._key, self._operator, self._domain = folder, key, operator, domain
        self._is_wanted = is_wanted

    def certified(self, audio: bytes, media_type: str, claims: Certificate) -> bytes:
        if not self._is_wanted:
            raise NotFound("Certificates are switched off.", "Set CONTRAFACT_CERTIFY to true for the next piece.")
        require_installed()
        from contrafact.certificates.signing import sign

        return sign(audio, media_type, claims, self.credential())

    def converted(self, flac: bytes, kind: str) -> bytes:
        if kind == "flac":
            return flac
        require_installed()
        from contrafact.certificates.formats import converted

        return converted(flac, kind)

    def credential(self) -> Credential:
        """The certificate to sign with now. Raises NotFound, NotPermitted, InvalidInput and ChainError."""
        found = self._kept()
        if found is not None and self._is_fresh(found):
            return found
        if isinstance(self._key, ExternalSigner):
            return self._usable(found)
        return self.renew()

    def renew(self, days: int | None = None) -> Credential:
        """Makes a certificate for so many days, in place of the last one. Raises InvalidInput and ChainError.

        Without `days` it takes one that another process has made meanwhile, else makes one for five years.
        """
        require_installed()
        from contrafact.certificates.credential import renew

        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(self.folder / ".lock"):
            found = self._kept() if days is None else None
            if found is not None and self._is_fresh(found):
                return found
            return renew(self.folder, self._account(), days or DAYS)

    def _kept(self) -> Credential | None:
        from contrafact.certificates.credential import load

        try:
            return load(self.folder)
        except NotFound:
            return None

    def _account(self) -> Account:
        from contrafact.certificates.credential import Account

        def sign(binding: Binding) -> bytes:
            return bytes(self._key.sign_message(binding.message()).signature)

        return Account(self._operator, str(self._key.address), self._domain.chain_id, self._domain.contract, sign)

    def _is_mine(self, found: Credential) -> bool:
        bound = found.binding
        place = (bound.operator, bound.signer, bound.chain_id, bound.contract)
        return place == (self._operator, str(self._key.address), self._domain.chain_id, self._domain.contract)

    def _is_fresh(self, found: Credential) -> bool:
        bound = found.binding
        last = bound.valid_from + RENEWED_AT * (bound.valid_until - bound.valid_from)
        return self._is_mine(found) and time.time() < last

    def _usable(self, found: Credential | None) -> Credential:
        """What an operator has whose signer is not asked here."""
        if found is None or not self._is_mine(found):
            text = f"The operator {self._operator} has no certificate for this chain and contract."
            raise NotFound(text, "Run: contrafact operator certificate new")
        if time.time() >= found.binding.valid_until:
            raise NotPermitted("The operator's certificate has ended.", "Run: contrafact operator certificate new")
        return found


def shown(settings: Settings) -> dict[str, str]:
    """What there is to say of the certificate that the settings name. Raises NotFound and InvalidInput."""
    require_installed()
    from contrafact.certificates.authority import moment
    from contrafact.certificates.credential import PUBLIC, load

    folder = folder_of(settings)
    found = load(folder)
    bound = found.binding
    return {
        "subject": found.certificate.subject,
        "spki_sha256": to_hex(bound.spki),
        "operator": bound.operator,
        "bound_by": bound.signer,
        "chain_id": str(bound.chain_id),
        "contract": bound.contract,
        "valid_from": moment(bound.valid_from).isoformat(),
        "valid_until": moment(bound.valid_until).isoformat(),
        "authority": str(folder / PUBLIC),
    }
