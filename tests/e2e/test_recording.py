"""A recording as a source: registered, quoted, verified by the operator, generated from, and audited."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import soundfile

from contrafact import registration
from contrafact.audit import AuditVerdict
from contrafact.demo import world
from contrafact.domain.digests import cid
from contrafact.domain.generation import MusicRequest
from contrafact.domain.orders import order_id
from contrafact.domain.splits import Split
from contrafact.domain.terms import Terms, TokenPrice, Use
from contrafact.errors import InvalidScore
from contrafact.music.midi import PlayedNote
from contrafact.music.render import SAMPLE_RATE, render_mix
from contrafact.music.score import Score
from contrafact.music.source_form import SourceForm
from contrafact.order.job import OrderJob
from contrafact.order.quoting import OrderRequest
from contrafact.wiring import Site
from contrafact.wiring.auditing import audit_site

from .town import DOLLAR, SALT, Town, maker, operator

pytestmark = pytest.mark.slow

PIANO = 0
LICENSOR = world.account(3)


def recording_of(score: Score) -> bytes:
    """A melody as a FLAC file, played by the packaged renderer."""
    notes: list[PlayedNote] = []
    start = 0
    for bar in score.bars:
        notes += [PlayedNote(start + note.onset, note.duration, note.pitch, 90, PIANO) for note in bar.notes]
        start += bar.ticks
    buffer = io.BytesIO()
    soundfile.write(buffer, render_mix(notes, 120).mix, SAMPLE_RATE, format="FLAC")
    return buffer.getvalue()


def registered(site: Site, name: str, content: bytes) -> bytes:
    """Registers a file and permits everything with it; the work's id."""
    split = Split.of([(LICENSOR.address, 1_000_000)])
    draft = registration.Draft("A song, played", "", "", ("trad.",), registration.media_type(name), split)
    work_id = registration.register(draft, content, site.derive, site.store, site.writer(LICENSOR))
    prices = TokenPrice(site.token(), (DOLLAR // 5,) * 4)
    site.writer(LICENSOR).set_terms(
        work_id, split.root, Terms(False, True, frozenset(Use), True, 1_000_000, 0, 0, 0, (prices,))
    )
    return work_id


def test_recording_is_registered_quoted_generated_from_and_audited(a_town: Town, tmp_path: Path) -> None:
    site = a_town.site(home=tmp_path)
    work_id = registered(site, "song.flac", recording_of(a_town.tunes[0].score))
    (work,) = [work for work in site.reader.works() if work.work_id == work_id]
    form = SourceForm.from_bytes(site.store.get(cid(work.source_form)))
    music = MusicRequest(8, 120, 0, form.mode, (form.metre.beats, form.metre.unit))
    request = OrderRequest(maker().address, ((work_id, 1_000_000),), Use.PRIVATE, music, site.token())
    signed = site.quoting(operator()).offer(request)
    site.writer(maker()).fund(signed.quote, signed.signature, SALT, signed.terms, signed.grants())
    order = order_id(signed.quote, site.reader.domain)
    finished = OrderJob.of(site.workshop(operator()), order, lambda step: None, lambda bar, bars: None).run()
    assert finished.record.base_share + sum(source.share for source in finished.record.sources) == 1_000_000
    assert finished.record.sources[0].share > 0
    assert audit_site(site).verdict is AuditVerdict.OK


def test_recording_without_a_melody_is_refused_before_anything_is_sent(a_town: Town, tmp_path: Path) -> None:
    site = a_town.site(home=tmp_path)
    before = len(site.reader.works())
    silence = io.BytesIO()
    soundfile.write(silence, [0.0] * 48_000, 48_000, format="WAV")
    with pytest.raises(InvalidScore, match="silent"):
        registered(site, "silence.wav", silence.getvalue())
    assert len(site.reader.works()) == before
