"""The maker's copies with a certificate: signed once, kept, and described beside.

The record names the piece without a certificate, and the certificate names the record; so the digest of the file that
is handed over stands outside of both, in a file beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from contrafact.domain.certificates import Certificate, CertifiedSource
from contrafact.domain.digests import canonical_json, cid, sha256, to_hex
from contrafact.domain.documents import file_reference
from contrafact.domain.orders import Quote
from contrafact.domain.record import AttributionRecord
from contrafact.errors import ChainError, InvalidInput, NotFound, NotPermitted
from contrafact.order.folder import OrderFolder
from contrafact.ports import Certifying, ContentStore

SCHEMA = "contrafact/delivered/1"
MEDIA_TYPES = {"flac": "audio/flac", "wav": "audio/wav", "mp3": "audio/mpeg"}
_CLAIMS, _RECORD = "claims.json", "delivery/record.json"


def claims_of(record: AttributionRecord, quote: Quote, titles: Sequence[str]) -> Certificate:
    """What the certificate of a piece says; `titles` of the works of the record's sources, in its order."""
    return Certificate(
        chain_id=record.chain_id,
        contract=record.contract,
        order_id=record.order_id,
        record=record.digest(),
        pcm=record.mix.pcm,
        licence=record.licence,
        model_id=record.model_id,
        operator=quote.operator,
        use=quote.use.name.lower(),
        base_share=record.base_share,
        sources=tuple(
            CertifiedSource(source.work_id, title, source.share)
            for source, title in zip(record.sources, titles, strict=True)
        ),
    )


def remember(folder: OrderFolder, claims: Certificate) -> None:
    """Keeps the claims, for the formats that the maker asks for later."""
    folder.once(_CLAIMS, lambda: canonical_json(claims.to_dict()))


def hand_over(
    folder: OrderFolder, kind: str, piece: bytes, flac: Callable[[], bytes], certifier: Certifying | None
) -> None:
    """Writes `delivery/piece.KIND` once, and beside it what it is. `piece`: the digest of the FLAC without certificate.

    Without a certifier it is that FLAC. A certificate that cannot be given does not hold up what is paid for: the file
    beside it says why.
    """
    name, why = f"delivery/piece.{kind}", ["It was handed over without one."]

    def made() -> bytes:
        plain = flac() if certifier is None else certifier.converted(flac(), kind)
        try:
            return _certified(folder, plain, kind, certifier)
        except (NotFound, NotPermitted, InvalidInput, ChainError) as error:
            why[0] = str(error)
            return plain

    handed = folder.once(name, made)
    folder.once(f"{name}.json", lambda: _description(kind, handed, piece, why[0]))


def export(folder: OrderFolder, kind: str, store: ContentStore, certifier: Certifying) -> str:
    """Makes the delivered piece of an order as `wav` or `mp3`, too; the name of its file in the folder.

    Raises NotFound for an order that is not delivered, InvalidInput for another format, and what the store raises.
    """
    if kind not in MEDIA_TYPES:
        raise InvalidInput(f"A piece is not delivered as {kind}.", f"Ask for {', '.join(MEDIA_TYPES)}.")
    record = AttributionRecord.from_bytes(folder.read(_RECORD))
    hand_over(folder, kind, record.mix.flac, lambda: store.get(cid(record.mix.flac)), certifier)
    return f"delivery/piece.{kind}"


def described(folder: OrderFolder, kind: str) -> dict[str, object]:
    """What stands beside a file that was handed over. Raises NotFound."""
    found: dict[str, object] = json.loads(folder.read(f"delivery/piece.{kind}.json"))
    return found


def _certified(folder: OrderFolder, plain: bytes, kind: str, certifier: Certifying | None) -> bytes:
    if certifier is None:
        raise NotFound("This operator has no certificate.")
    claims = Certificate.from_dict(json.loads(folder.read(_CLAIMS)))
    return certifier.certified(plain, MEDIA_TYPES[kind], claims)


def _description(kind: str, handed: bytes, piece: bytes, why: str) -> bytes:
    """Only FLAC files without a certificate are those of the record; another format is certified or says why not."""
    is_certified = _carries_manifest(handed)
    found = {
        "schema": SCHEMA,
        "file": f"piece.{kind}",
        "media_type": MEDIA_TYPES[kind],
        "sha256": to_hex(sha256(handed)),
        "made_from": file_reference(piece),
        "certified": is_certified,
    }
    return canonical_json(found if is_certified else {**found, "reason": why})


def _carries_manifest(audio: bytes) -> bool:
    """Whether there is a C2PA manifest store in a file that was made here."""
    return b"jumdc2pa" in audio
