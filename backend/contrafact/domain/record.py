"""The attribution record (`contrafact/record/4`): the canonical document that says what a generation used.

Its SHA-256 goes on the chain and is the CID under which it lies in a content store. It holds no timestamp,
no transaction and no person; the event ledger, the audio and the licence are files of their own, named by digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contrafact.domain.digests import canonical_json, from_hex, sha256, to_hex
from contrafact.domain.documents import file_reference, natural, parse, referenced, text
from contrafact.domain.generation import MusicRequest
from contrafact.domain.orders import Commit
from contrafact.domain.protection import Protection, found_in, optional

SCHEMA = "contrafact/record/4"
METHOD = {
    "name": "method/1",
    "responsibility": "posterior of the bar's component x posterior of expert against base within the bar",
    "share": "sum(duration x responsibility) / sum(duration) over the model's notes, largest remainder to ppm",
}


@dataclass(frozen=True, slots=True)
class RecordSource:
    """One source: what was asked (`weight`), what came out (`share`), in ppm, and the longest verbatim run."""

    work_id: bytes
    terms_version: int
    source_form: bytes
    weight: int
    min_share: int
    share: int
    longest_run: int


@dataclass(frozen=True, slots=True)
class RecordAudio:
    """One rendered file: the digest of its decoded PCM, and of the FLAC file that carries it."""

    pcm: bytes
    flac: bytes

    def to_dict(self) -> dict[str, object]:
        return {"pcm_sha256": to_hex(self.pcm), "flac": file_reference(self.flac)}

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> RecordAudio:
        return cls(from_hex(d["pcm_sha256"]), referenced(d["flac"]))


@dataclass(frozen=True, slots=True)
class AttributionRecord:
    """All that a replay and an audit need of one generation; shares in ppm, `stems` base first, then sources.

    `generator` and `renderer` are what must be the same for another run to give the same notes and the same sound.
    `licence` is the digest of the text that says what the piece may be used for. `protection` says which of its files
    lie in the store as ciphertext only. `played_seconds` is the length of a live piece that ended early.
    """

    order_id: bytes
    chain_id: int
    contract: str
    maker_salt: bytes
    secret: bytes
    attempt: int
    request: MusicRequest
    model_id: bytes
    model_weights: bytes
    max_base_share: int
    base_share: int
    sources: tuple[RecordSource, ...]
    events: bytes
    midi: bytes
    licence: bytes
    mix: RecordAudio
    stems: tuple[RecordAudio, ...]
    generator: dict[str, Any]
    renderer: dict[str, Any]
    protection: Protection | None = None
    played_seconds: int | None = None

    @property
    def files(self) -> tuple[bytes, ...]:
        """Digests of all files of the piece: notes, MIDI, licence, mix, stems."""
        return (self.events, self.midi, self.licence, self.mix.flac, *(stem.flac for stem in self.stems))

    def to_bytes(self) -> bytes:
        """The canonical document."""
        return canonical_json(
            {
                "schema": SCHEMA,
                "method": METHOD,
                "order": {
                    "id": to_hex(self.order_id),
                    "chain_id": self.chain_id,
                    "contract": self.contract,
                    "maker_salt": to_hex(self.maker_salt),
                    "operator_secret": to_hex(self.secret),
                    "attempt": self.attempt,
                },
                "request": self.request.to_dict(),
                "model": {"id": to_hex(self.model_id), "weights": to_hex(self.model_weights)},
                "base": {"share": self.base_share, "max_share": self.max_base_share},
                "sources": [_source_to_dict(source) for source in self.sources],
                "events": file_reference(self.events),
                "midi": file_reference(self.midi),
                "licence": file_reference(self.licence),
                "output": self.mix.to_dict(),
                "stems": [stem.to_dict() for stem in self.stems],
                "generator": self.generator,
                "renderer": self.renderer,
                **optional(self.protection),
                **({} if self.played_seconds is None else {"played_seconds": self.played_seconds}),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> AttributionRecord:
        """The record in `data`. Raises InvalidInput when it is malformed or not canonical."""
        return parse(data, SCHEMA, cls._from_fields)

    @classmethod
    def _from_fields(cls, d: dict[str, Any]) -> AttributionRecord:
        order, model, base = d["order"], d["model"], d["base"]
        record = cls(
            order_id=from_hex(order["id"]),
            chain_id=natural(order["chain_id"]),
            contract=text(order["contract"]),
            maker_salt=from_hex(order["maker_salt"]),
            secret=from_hex(order["operator_secret"]),
            attempt=natural(order["attempt"]),
            request=MusicRequest.from_dict(d["request"]),
            model_id=from_hex(model["id"]),
            model_weights=from_hex(model["weights"]),
            max_base_share=natural(base["max_share"]),
            base_share=natural(base["share"]),
            sources=tuple(_source_from_dict(row) for row in d["sources"]),
            events=referenced(d["events"]),
            midi=referenced(d["midi"]),
            licence=referenced(d["licence"]),
            mix=RecordAudio.from_dict(d["output"]),
            stems=tuple(RecordAudio.from_dict(row) for row in d["stems"]),
            generator=dict(d["generator"]),
            renderer=dict(d["renderer"]),
            protection=found_in(d),
            played_seconds=natural(d["played_seconds"]) if "played_seconds" in d else None,
        )
        if record.protection:
            record.protection.check(record.files)
        return record

    @property
    def seconds(self) -> int:
        """The length that is paid for."""
        return self.request.seconds if self.played_seconds is None else self.played_seconds

    def digest(self) -> bytes:
        """SHA-256 of the document, which is committed on the chain."""
        return sha256(self.to_bytes())

    def commit(self) -> Commit:
        """What the operator signs and the chain settles by."""
        shares = tuple(source.share for source in self.sources)
        digests = (self.order_id, self.digest(), self.mix.pcm, self.events)
        return Commit(*digests, self.seconds, self.base_share, shares)


def _source_to_dict(source: RecordSource) -> dict[str, object]:
    return {
        "work": to_hex(source.work_id),
        "terms_version": source.terms_version,
        "source_form": file_reference(source.source_form),
        "weight": source.weight,
        "min_share": source.min_share,
        "share": source.share,
        "longest_run": source.longest_run,
    }


def _source_from_dict(d: dict[str, Any]) -> RecordSource:
    return RecordSource(
        work_id=from_hex(d["work"]),
        terms_version=natural(d["terms_version"]),
        source_form=referenced(d["source_form"]),
        weight=natural(d["weight"]),
        min_share=natural(d["min_share"]),
        share=natural(d["share"]),
        longest_run=natural(d["longest_run"]),
    )
