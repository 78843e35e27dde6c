"""Reading: what an audio file says of itself, and how far that can be believed from the file alone.

`read` speaks to no chain and no network. Whether the order, the record and the operator are what the claims say is for
whoever has a chain to ask.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from c2pa import C2paError, Context, Reader, Settings

from contrafact.certificates.manifest import ACTIONS, ATTRIBUTION, BINDING
from contrafact.certificates.spki import SigningCertificate, signing_certificate
from contrafact.domain.certificate_binding import Binding
from contrafact.domain.certificates import Certificate
from contrafact.domain.documents import read_json
from contrafact.errors import InvalidInput

_DATES = frozenset({"signingCredential.expired", "claimSignature.outsideValidity"})
_NOT_OF_CLAIMS = ("assertion.dataHash.", "signingCredential.", "timeStamp.")
"""Failures of the C2PA validation that are about the bytes, the certificate or its time, not what was signed."""

Said = Mapping[str, Any]
Codes = tuple[frozenset[str], frozenset[str], tuple[str, ...]]


class Presence(StrEnum):
    """Whether the file carries a certificate: none, one that cannot be read, one of somebody else, or ours."""

    NONE = "none"
    MALFORMED = "malformed"
    FOREIGN = "foreign"
    PRESENT = "present"


class BindingFault(StrEnum):
    """Why the binding of the signing certificate to an operator's account does not hold."""

    MISSING = "missing"
    OTHER_KEY = "other key"
    OTHER_SIGNER = "other signer"
    OTHER_CLAIMS = "other claims"
    OTHER_PERIOD = "other period"


@dataclass(frozen=True, slots=True)
class Reading:
    """What `read` found; with presence NONE or MALFORMED all the rest is empty.

    - `claims`: what the certificate says; None for a C2PA manifest of somebody else (FOREIGN);
    - `is_untouched`: the bytes outside the manifest are those that were signed;
    - `is_signed`: the key of `certificate` signed exactly these claims;
    - `is_in_date`: the certificate is valid now (without a time stamp nobody knows when it was signed);
    - `is_trusted`: it leads to one of the anchors that the reader gave;
    - `binding`, `binding_faults`: the operator's word for the certificate. No fault: its named signer said that this
      key signs for this operator, on this chain, for this contract. That the signer speaks for the operator, and the
      operator ran the order, is for the chain to say;
    - `signed_at`: the signer's own word, seconds since the epoch; `codes`: the C2PA validation codes, failures first.
    """

    presence: Presence
    claims: Certificate | None = None
    is_untouched: bool = False
    is_signed: bool = False
    is_in_date: bool = False
    is_trusted: bool = False
    certificate: SigningCertificate | None = None
    binding: Binding | None = None
    binding_faults: tuple[BindingFault, ...] = (BindingFault.MISSING,)
    signed_at: int | None = None
    codes: tuple[str, ...] = ()
    problem: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether file, signature and binding hold together, as far as the file alone tells."""
        return self.presence is Presence.PRESENT and self.is_untouched and self.is_signed and not self.binding_faults


def read(audio: bytes, media_type: str, anchors: str = "") -> Reading:
    """What the file carries. `anchors`: certificates (PEM) that the reader trusts, for `is_trusted`.

    Never raises for what is in the file.
    """
    settings = Settings.from_dict(_settings(anchors))
    try:
        with Context(settings) as context, Reader(media_type, io.BytesIO(audio), context=context) as reader:
            report, store = read_json(reader.json().encode()), io.BytesIO()
            label = report["active_manifest"]
            reader.resource_to_stream(f"self#jumbf=/c2pa/{label}", store)
            found = report["manifests"][label]
    except C2paError.ManifestNotFound:
        return Reading(Presence.NONE)
    except (C2paError, ValueError, KeyError, TypeError) as error:
        return Reading(Presence.MALFORMED, problem=str(error)[:200])
    rows = found.get("assertions", [])
    said = {row["label"]: row.get("data") for row in rows}
    if any(label in said and sum(row["label"] == label for row in rows) > 1 for label in (ATTRIBUTION, BINDING)):
        # another reader may show the other one
        return Reading(Presence.MALFORMED, codes=_codes(report)[2], problem="It says in two places what it claims.")
    return _reading(said, _codes(report), lambda: signing_certificate(store.getvalue(), label))


def _settings(anchors: str) -> dict[str, Any]:
    """A file from anybody must not make its reader ask other machines."""
    verify = {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": bool(anchors)}
    return {"verify": verify, **({"trust": {"user_anchors": anchors}} if anchors else {})}


def _reading(said: Said, validation: Codes, certificate_of: Callable[[], SigningCertificate]) -> Reading:
    good, bad, codes = validation
    try:
        claims = Certificate.from_dict(said[ATTRIBUTION]) if ATTRIBUTION in said else None
        certificate = certificate_of()
    except InvalidInput as error:
        return Reading(Presence.MALFORMED, codes=codes, problem=error.message)
    binding = _binding(said)
    return Reading(
        presence=Presence.PRESENT if claims else Presence.FOREIGN,
        claims=claims,
        is_untouched="assertion.dataHash.match" in good and not any(c.startswith("assertion.dataHash") for c in bad),
        is_signed="claimSignature.validated" in good and not _of_claims(bad),
        is_in_date="claimSignature.insideValidity" in good and not bad & _DATES,
        is_trusted="signingCredential.trusted" in good,
        certificate=certificate,
        binding=binding,
        binding_faults=_faults(binding, certificate, claims),
        signed_at=_signed_at(said),
        codes=codes,
    )


def _of_claims(bad: frozenset[str]) -> list[str]:
    return [code for code in bad - _DATES if not code.startswith(_NOT_OF_CLAIMS)]


def _codes(report: Mapping[str, Any]) -> Codes:
    """Successes, failures, and all codes, failures first."""
    found = report.get("validation_results", {}).get("activeManifest", {})
    good, bad = (frozenset(row["code"] for row in found.get(kind, ())) for kind in ("success", "failure"))
    return good, bad, (*sorted(bad), *sorted(good))


def _binding(said: Said) -> Binding | None:
    try:
        return Binding.from_dict(said[BINDING])
    except (KeyError, InvalidInput):
        return None


def _faults(
    binding: Binding | None, certificate: SigningCertificate, claims: Certificate | None
) -> tuple[BindingFault, ...]:
    if binding is None:
        return (BindingFault.MISSING,)
    place = claims and (claims.operator.lower(), claims.chain_id, claims.contract.lower())
    period = (binding.valid_from, binding.valid_until)
    wrong = {
        BindingFault.OTHER_KEY: binding.spki != certificate.spki,
        BindingFault.OTHER_SIGNER: not binding.is_signed,
        BindingFault.OTHER_CLAIMS: place != (binding.operator.lower(), binding.chain_id, binding.contract.lower()),
        BindingFault.OTHER_PERIOD: period != (certificate.valid_from, certificate.valid_until),
    }
    return tuple(fault for fault, is_so in wrong.items() if is_so)


def _signed_at(said: Said) -> int | None:
    try:
        return int(datetime.fromisoformat(said[ACTIONS]["actions"][0]["when"]).timestamp())
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        return None
