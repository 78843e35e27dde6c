"""The reader of certificates as a verification asks it."""

from __future__ import annotations

from contrafact.verifying import Signed


class CertificateReader:
    """Implements the port Certificates. Needs the extra `certificates`."""

    def read(self, audio: bytes, media_type: str) -> Signed | None:
        from contrafact.certificates import MEDIA_TYPES
        from contrafact.certificates.reading import Presence, Reading, read

        if media_type not in MEDIA_TYPES.values():
            return None
        try:
            reading: Reading = read(audio, media_type)
        except Exception as error:  # whatever a stranger's file does to the parser
            return Signed(None, problem=f"reading it gave {error!r}"[:200], is_ours=False)
        if reading.presence is Presence.NONE:
            return None
        certificate, binding = reading.certificate, reading.binding
        vouched = binding is not None and not reading.binding_faults
        return Signed(
            claims=reading.claims,
            problem=reading.problem,
            is_ours=bool(reading.codes),  # the manifest itself could be read, so it is the claims in it that cannot
            is_bound=reading.is_untouched,
            is_signed=reading.is_signed,
            account=binding.signer if binding is not None and vouched else None,
            subject=certificate.subject if certificate else "",
            issuer=certificate.issuer if certificate else "",
            key=certificate.spki if certificate else b"",
            signed_at=reading.signed_at,
            is_in_date=reading.is_in_date,
            is_trusted=reading.is_trusted,
        )
