"""An operator's own certificate authority, and the certificates that it issues: ES256, for C2PA.

Nobody outside vouches for it. What a certificate is worth follows from its binding to the operator's account on the
chain (`domain/certificate_binding.py`), not from who issued it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from contrafact.errors import InvalidInput

AUTHORITY_DAYS = 3650


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A certificate and its private key, both as PEM (PKCS #8)."""

    certificate: str
    key: str

    def private(self) -> ec.EllipticCurvePrivateKey:
        """Raises InvalidInput where the PEM holds no key on an elliptic curve."""
        try:
            key = load_pem_private_key(self.key.encode(), None)
        except (ValueError, TypeError):
            key = None
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            text = "The certificate's private key cannot be read."
            raise InvalidInput(text, "Make a new one: contrafact operator certificate new")
        return key


def new_authority(operator: str, now: datetime) -> KeyPair:
    """A self-signed authority for the operator of this address, for ten years."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Contrafact operator (authority)", operator)
    usage = _usage(key_cert_sign=True, crl_sign=True)
    built = (
        _begun(name, name, key.public_key(), now, now + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    return KeyPair(_pem(built.sign(key, hashes.SHA256())), _pem_key(key))


def issue(authority: KeyPair, operator: str, chain_id: int, valid_from: datetime, valid_until: datetime) -> KeyPair:
    """A certificate that signs audio files for the operator, named by its address (did:pkh, after CAIP-10)."""
    key, issuer_key = ec.generate_private_key(ec.SECP256R1()), authority.private()
    issuer = x509.load_pem_x509_certificate(authority.certificate.encode())
    identifier = x509.UniformResourceIdentifier(f"did:pkh:eip155:{chain_id}:{operator}")
    built = (
        _begun(_name("Contrafact operator", operator), issuer.subject, key.public_key(), valid_from, valid_until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectAlternativeName([identifier]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    return KeyPair(_pem(built.sign(issuer_key, hashes.SHA256())), _pem_key(key))


def seconds(moment: datetime) -> int:
    """Seconds since the epoch."""
    return int(moment.timestamp())


def moment(seconds_: int) -> datetime:
    """The inverse of `seconds`."""
    return datetime.fromtimestamp(seconds_, UTC)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, valid_from: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(organisation: str, common: str) -> x509.Name:
    attributes = ((NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, common))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False) -> x509.KeyUsage:
    others = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only"), False
    )
    given = {"digital_signature": digital_signature, "key_cert_sign": key_cert_sign, "crl_sign": crl_sign}
    return x509.KeyUsage(**given, **others, decipher_only=False)


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _pem_key(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
