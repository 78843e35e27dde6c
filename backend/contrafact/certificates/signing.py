"""Signing: an audio file goes in, the same sound with a C2PA manifest comes out."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

from c2pa import Builder, C2paError, C2paSignerInfo, Context, Settings, Signer

from contrafact.certificates import MEDIA_TYPES
from contrafact.certificates.credential import Credential
from contrafact.certificates.manifest import manifest
from contrafact.domain.certificates import Certificate
from contrafact.errors import InvalidInput, NotPermitted

_OFFLINE = {
    "verify": {"verify_after_sign": False, "remote_manifest_fetch": False, "ocsp_fetch": False},
    "builder": {"thumbnail": {"enabled": False}},
}


def sign(
    audio: bytes, media_type: str, claims: Certificate, credential: Credential, now: datetime | None = None
) -> bytes:
    """The audio file with its certificate. Its samples, or its MP3 frames, stay as they are.

    The time and the signature's random part differ each time: keep what was signed first. Raises InvalidInput for
    what is no FLAC, WAV or MP3, NotPermitted for a certificate that has ended or is another operator's or place's.
    """
    if media_type not in MEDIA_TYPES.values():
        text = f"A file of the type {media_type} carries no certificate."
        raise InvalidInput(text, f"Use one of {', '.join(MEDIA_TYPES.values())}.")
    moment = now or datetime.now(UTC)
    _require_fitting(claims, credential, moment)
    definition, signed = json.dumps(manifest(claims, credential.binding, moment)), io.BytesIO()
    info = C2paSignerInfo(b"es256", credential.chain.encode(), credential.pair.key.encode(), None)
    try:
        with Signer.from_info(info) as signer, Context(Settings.from_dict(_OFFLINE)) as context:
            Builder(definition, context).sign(signer, media_type, io.BytesIO(audio), signed)
    except C2paError as error:
        text = f"The file cannot be given a certificate: {error}."
        raise InvalidInput(text, f"It must be a whole file of the type {media_type}.") from error
    return signed.getvalue()


def _require_fitting(claims: Certificate, credential: Credential, now: datetime) -> None:
    binding = credential.binding
    if credential.ends_before(now):
        text = f"The certificate of {binding.operator} has ended."
        raise NotPermitted(text, "Make a new one: contrafact operator certificate new")
    mine = (claims.operator.lower(), claims.chain_id, claims.contract.lower())
    if mine != (binding.operator.lower(), binding.chain_id, binding.contract.lower()):
        text = f"The certificate is of {binding.operator}, for another chain, contract or operator than the claims."
        raise NotPermitted(text, "Make one for this operator: contrafact operator certificate new")
