"""A second opinion on a recorded piece, from its sound and its sources alone."""

from __future__ import annotations

from contrafact.contents import content
from contrafact.domain import events
from contrafact.domain.digests import cid, to_hex
from contrafact.domain.record import AttributionRecord
from contrafact.music.embedding.catalogue import catalogue_index
from contrafact.music.embedding.comparison import Comparison, compare
from contrafact.music.embedding.opinion import estimate
from contrafact.music.embedding.playing import melody_of_form, sound_of
from contrafact.music.embedding.spectrum import at_rate
from contrafact.music.embedding.weights import load_ear
from contrafact.music.listening.decoding import decode
from contrafact.music.source_form import SourceForm
from contrafact.ports import ContentStore


def opinion_on(record: AttributionRecord, store: ContentStore) -> Comparison:
    """The estimate beside the exact shares; sources are named by their works' ids.

    Raises InvalidInput for a list of notes, a source form or a sound that cannot be read, and what the store raises for
    what is not in it.
    """
    ledger = events.from_bytes(content(store, record.events, record.protection))
    heard = at_rate(*decode(content(store, record.mix.flac, record.protection)))
    tempo = record.request.tempo
    sources = {
        to_hex(source.work_id): sound_of(
            melody_of_form(SourceForm.from_bytes(store.get(cid(source.source_form)))), tempo
        )
        for source in record.sources
    }
    ear = load_ear()
    return compare(ledger, tempo, estimate(ear, heard, sources, catalogue_index(ear)))
