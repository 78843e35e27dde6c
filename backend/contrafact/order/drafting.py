"""From a finished generation to its attribution record: pure."""

from __future__ import annotations

from contrafact.domain import events
from contrafact.domain.digests import from_hex, sha256
from contrafact.domain.generation import Generation
from contrafact.domain.orders import Eip712Domain
from contrafact.domain.protection import Protection
from contrafact.domain.record import AttributionRecord, RecordAudio, RecordSource
from contrafact.order.verification import VerifiedOrder
from contrafact.ports import Rendered


def draft_record(
    order: VerifiedOrder,
    secret: bytes,
    attempt: int,
    generation: Generation,
    rendered: Rendered,
    identities: tuple[dict[str, object], dict[str, object]],
    domain: Eip712Domain,
    licence: bytes,
    protection: Protection | None = None,
) -> AttributionRecord:
    """The record of one generation; its digests are those of the given files. `identities`: generator, renderer.

    `licence` is the licence text.
    """
    quote = order.signed.quote
    base_share, shares = events.shares(generation.events)
    stopped = generation.events.stopped
    return AttributionRecord(
        order_id=order.funded.order_id,
        chain_id=domain.chain_id,
        contract=domain.contract,
        maker_salt=order.funded.maker_salt,
        secret=secret,
        attempt=attempt,
        request=order.signed.music,
        model_id=quote.model_id,
        model_weights=generation.model_digest,
        max_base_share=quote.max_base_share,
        base_share=base_share,
        sources=_sources(order, generation, shares),
        events=sha256(events.to_bytes(generation.events)),
        midi=sha256(rendered.midi),
        licence=sha256(licence),
        mix=RecordAudio(rendered.pcm_digest, sha256(rendered.mix)),
        stems=tuple(
            RecordAudio(pcm, sha256(flac)) for pcm, flac in zip(rendered.stem_pcm_digests, rendered.stems, strict=True)
        ),
        generator=identities[0],
        renderer=identities[1],
        protection=protection,
        played_seconds=None if stopped is None else order.signed.music.started_seconds(stopped),
    )


def _sources(order: VerifiedOrder, generation: Generation, shares: tuple[int, ...]) -> tuple[RecordSource, ...]:
    columns = zip(order.signed.quote.inference_set, order.sources, shares, generation.longest_runs, strict=True)
    return tuple(
        RecordSource(
            work_id=from_hex(read.work_id),
            terms_version=source.terms_version,
            source_form=sha256(read.form),
            weight=source.weight,
            min_share=source.min_share,
            share=share,
            longest_run=run,
        )
        for source, read, share, run in columns
    )
