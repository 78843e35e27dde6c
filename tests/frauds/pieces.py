"""Pieces for many orders: those of the real generator, and recordings of a model that this installation does not have.

A recording is what an honest operator would publish whose generator is another: notes with responsibilities that give
the shares, stems that sum to the mix. An audit that does not have the model checks all of it but the replay.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import numpy as np

from contrafact.domain import events, seeds
from contrafact.domain.digests import canonical_json, sha256, to_hex
from contrafact.domain.generation import (
    Draw,
    EventLedger,
    EventNote,
    Generation,
    GenerationRequest,
    MusicRequest,
    SourceInput,
)
from contrafact.domain.orders import Eip712Domain
from contrafact.domain.quotes import SignedQuote
from contrafact.domain.record import AttributionRecord
from contrafact.domain.shares import largest_remainder
from contrafact.domain.works import WorkMetadata
from contrafact.music.audio import pcm_digest, write_flac
from contrafact.order.drafting import draft_record
from contrafact.order.verification import VerifiedOrder
from contrafact.ports import Rendered
from contrafact.wiring import Site

WEIGHTS = sha256(b"weights of a model that is elsewhere")
IDENTITY: dict[str, object] = {"name": "a generator that is elsewhere", "version": 1}
SOUND: dict[str, object] = {"name": "a renderer that is elsewhere"}
GENERATOR = sha256(canonical_json(IDENTITY))
SECONDS, RECORDED_SECONDS, NOTES, FRAMES, RATE = 4, 30, 12, 64, 44_100


@dataclass(frozen=True)
class Piece:
    record: AttributionRecord
    files: tuple[bytes, ...]


def generated(site: Site, order: VerifiedOrder, secret: bytes, licence: bytes) -> Piece:
    """The first attempt that keeps the order's bounds, by the real generator and renderer."""
    quote, salt = order.signed.quote, order.funded.maker_salt
    for number in range(16):
        seed = seeds.seed(order.funded.order_id, salt, secret, number)
        made = site.generator.generate(GenerationRequest(order.sources, order.signed.music, seed, quote.max_base_share))
        if quote.keeps_bounds(*events.shares(made.events)):
            sound = site.renderer.render(made.events, order.signed.music)
            identities = (site.generator.identity, site.renderer.identity)
            return _piece(site, order, secret, number, made, sound, identities, licence)
    raise AssertionError("the model keeps the bounds too seldom")


def recorded(site: Site, order: VerifiedOrder, secret: bytes, licence: bytes) -> Piece:
    """A piece of the model that is elsewhere, from the order's own seed."""
    seed = seeds.seed(order.funded.order_id, order.funded.maker_salt, secret, 0)
    lot, width = Random(seed), len(order.sources) + 1
    notes = tuple(_notes(lot, width))
    names = ("base", *(source.work_id for source in order.sources))
    draws = tuple(Draw(lot.randrange(160), lot.randrange(2**32), 1000) for _ in notes)
    made = Generation(EventLedger(names, notes, draws), tuple(lot.randrange(9) for _ in order.sources), WEIGHTS)
    return _piece(site, order, secret, 0, made, _sound(lot, width), (IDENTITY, SOUND), licence)


def _notes(lot: Random, width: int) -> Iterator[EventNote]:
    for i in range(NOTES):
        parts = largest_remainder([lot.randrange(1, 100) for _ in range(width)])
        yield EventNote(i // 6, 12 * i, 12, lot.randrange(60, 80), tuple(parts))


def _sound(lot: Random, width: int) -> Rendered:
    """Noise; the stems' samples add up to the mix's."""
    noise = np.random.default_rng(lot.randrange(2**32))
    stems = [noise.integers(-2_000, 2_000, (FRAMES, 2), dtype=np.int16) for _ in range(width)]
    mix = np.sum(stems, axis=0, dtype=np.int16)
    flacs = tuple(write_flac(stem, RATE) for stem in stems)
    digests = tuple(pcm_digest(stem, RATE) for stem in stems)
    return Rendered(write_flac(mix, RATE), flacs, b"MThd" + lot.randbytes(20), pcm_digest(mix, RATE), digests)


def _piece(
    site: Site,
    order: VerifiedOrder,
    secret: bytes,
    number: int,
    made: Generation,
    sound: Rendered,
    identities: tuple[dict[str, object], dict[str, object]],
    licence: bytes,
) -> Piece:
    domain: Eip712Domain = site.reader.domain
    record = draft_record(order, secret, number, made, sound, identities, domain, licence)
    return Piece(record, (events.to_bytes(made.events), sound.midi, sound.mix, *sound.stems, licence))


def verified(
    signed: SignedQuote, funded: object, forms: dict[bytes, bytes], metadata: dict[bytes, WorkMetadata]
) -> VerifiedOrder:
    """The order as its operator knows it, which has read the works before."""
    sources = signed.quote.inference_set
    inputs = tuple(SourceInput(to_hex(s.work_id), forms[s.work_id], s.weight, s.min_share) for s in sources)
    return VerifiedOrder(signed, funded, inputs, tuple(metadata[s.work_id] for s in sources))  # type: ignore[arg-type]


def music_of(tempo: int, tonic: int, mode: str, metre: tuple[int, int], seconds: int) -> MusicRequest:
    return MusicRequest(seconds, tempo, tonic, mode, metre)
