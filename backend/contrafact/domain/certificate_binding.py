"""What ties the certificate that signs audio files to an operator on the chain: a statement by the operator's key.

The certificate is of another kind of key (X.509, ES256) than accounts of the chain have, so the account says in typed
data (EIP-712) which certificate's key speaks for it, and until when. Anybody can recover the account from the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eth_account import Account
from eth_keys.constants import SECPK1_N
from eth_keys.exceptions import BadSignature
from eth_utils import ValidationError

from contrafact.domain import typed_data
from contrafact.domain.addresses import checksummed
from contrafact.domain.digests import from_hex, to_hex
from contrafact.domain.documents import hex_bytes, natural, text
from contrafact.domain.typed_data import Eip712Domain, TypedData
from contrafact.errors import InvalidInput

SCHEMA = "contrafact/certificate-binding/1"


@dataclass(frozen=True, slots=True)
class Binding:
    """`signer` says that the certificate whose public key has the SHA-256 `spki` signs for `operator`.

    `signer` is the operator itself or the key that it has named on the chain. The digest is of the DER of the
    SubjectPublicKeyInfo; times in seconds since the epoch. It counts on one chain, for orders of one escrow contract.
    """

    operator: str
    signer: str
    spki: bytes
    chain_id: int
    contract: str
    valid_from: int
    valid_until: int
    signature: bytes = b""

    def message(self) -> TypedData:
        """The typed data that the signer signs."""
        values = (self.operator, self.spki, self.valid_from, self.valid_until)
        domain = Eip712Domain(self.chain_id, self.contract)
        return typed_data.message("CertificateBinding", typed_data.named("CertificateBinding", values), domain)

    def recovered(self) -> str | None:
        """The address whose key made the signature; None where it is none that the contracts would take."""
        signature = self.signature
        if len(signature) != 65 or signature[64] not in (27, 28) or int.from_bytes(signature[32:64]) > SECPK1_N // 2:
            return None
        try:
            return str(Account.recover_message(self.message(), signature=self.signature))
        except (BadSignature, ValidationError, ValueError):
            return None

    @property
    def is_signed(self) -> bool:
        """Whether the signer that it names signed it. Whether that one speaks for the operator, the chain says."""
        return self.recovered() == self.signer

    def to_dict(self) -> dict[str, object]:
        """The statement as JSON, as it is embedded."""
        return {
            "schema": SCHEMA,
            "operator": self.operator,
            "signer": self.signer,
            "spki_sha256": to_hex(self.spki),
            "chain_id": self.chain_id,
            "contract": self.contract,
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
            "signature": "0x" + self.signature.hex(),
        }

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> Binding:
        """Raises InvalidInput for anything but a statement of this schema; checks no signature."""
        try:
            if d["schema"] != SCHEMA:
                raise InvalidInput(f"A binding of the form {d['schema']!r} cannot be read.", f"Known is {SCHEMA}.")
            return cls(
                operator=checksummed(text(d["operator"])),
                signer=checksummed(text(d["signer"])),
                spki=from_hex(d["spki_sha256"]),
                chain_id=_within(256, d["chain_id"]),
                contract=checksummed(text(d["contract"])),
                valid_from=_within(64, d["valid_from"]),
                valid_until=_within(64, d["valid_until"]),
                signature=hex_bytes(d["signature"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidInput("The certificate's binding is malformed.", f"Reading it gave {error!r}.") from error


def _within(bits: int, value: object) -> int:
    number = natural(value)
    if number >= 2**bits:
        raise ValueError(f"{number} has more than {bits} bits")
    return number
