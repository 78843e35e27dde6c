"""Whether a file is a piece that was made here: by its certificate, by digests that records name, and by ear."""

from __future__ import annotations

from collections.abc import Iterator

from contrafact.domain.digests import sha256
from contrafact.domain.recognition import Evidence, Made
from contrafact.errors import InvalidInput
from contrafact.verifying.kinds import kind_of
from contrafact.verifying.ports import Pieces, Sound, Tools


def made_here(data: bytes, source_form: bytes | None, tools: Tools) -> tuple[Made, ...]:
    """The orders whose piece a file is, or is a part of, each with the first evidence of it.

    `source_form` is the digest of a score's. Whatever of the tools is missing, the rest is asked. Raises ChainError.
    """
    found: dict[bytes, Made] = {}
    for made in _all(data, source_form, tools):
        found.setdefault(made.order_id, made)
    return tuple(found.values())


def _all(data: bytes, source_form: bytes | None, tools: Tools) -> Iterator[Made]:
    if (pieces := tools.pieces) is not None:
        yield from (Made(one.order_id, Evidence.FILE) for one in pieces.named(sha256(data)))
        if source_form is not None:
            yield from (Made(one.order_id, Evidence.SOURCE_FORM) for one in pieces.named(source_form))
    try:
        media_type = kind_of(data)
    except InvalidInput:
        return  # a score has neither sound nor certificate
    yield from _certified(data, media_type, tools)
    if pieces is not None and tools.ear is not None:
        try:
            sound = tools.ear.hear(data)
        except InvalidInput:
            return
        yield from (Made(order_id, Evidence.FINGERPRINT) for order_id in _sounding(sound, pieces))


def _certified(data: bytes, media_type: str, tools: Tools) -> Iterator[Made]:
    """The committed order that a certificate names, whoever signed it: nobody claims another's piece in vain."""
    signed = tools.certificates.read(data, media_type) if tools.certificates else None
    claims, chain = signed.claims if signed else None, tools.chain
    if claims is None or chain is None:
        return
    here = (chain.domain.chain_id, chain.domain.contract.lower())
    if (claims.chain_id, claims.contract.lower()) == here and chain.committed(claims.order_id):
        yield Made(claims.order_id, Evidence.CERTIFICATE)


def _sounding(sound: Sound, pieces: Pieces) -> Iterator[bytes]:
    if sound.pcm is not None:
        yield from (one.order_id for one in (*pieces.with_pcm(sound.pcm), *pieces.named(sound.pcm)))
    yield from (alike.order_id for alike in pieces.like(sound) if alike.is_copy)
