"""The operator chooses the piece it likes, feeds the model something else, or delivers other sound."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contrafact.audit import AuditVerdict
from contrafact.domain.digests import sha256
from contrafact.domain.record import RecordAudio
from contrafact.music.audio import pcm_digest, read_pcm, write_flac

from . import lies
from .stage import Delivery, Scene
from .verdicts import blamed, only_about

pytestmark = pytest.mark.slow

EVENTS, MIDI, MIX, STEMS = 0, 1, 2, 3
"""Places in a delivery's files; the stems follow one another from the last."""


# Choosing the piece


def test_attempt_skipped_although_it_kept_the_bounds(scene: Scene) -> None:
    stage = scene.stage
    report = scene.settle(stage.prepare(stage.attempts[1]))
    blamed(report, "order", stage.order_id, "replay")
    only_about(report, stage.order_id)


def test_secret_chosen_after_the_order_was_paid(scene: Scene) -> None:
    stage, secret = scene.stage, sha256(b"the one that gives the piece I like")
    attempt = next(stage.attempts_within_bounds(secret=secret))
    report = scene.settle(stage.prepare(attempt, secret=secret))
    blamed(report, "order", stage.order_id, "record")


def test_salt_that_is_not_the_makers(scene: Scene) -> None:
    stage, salt = scene.stage, sha256(b"the one that gives the piece I like")
    attempt = next(stage.attempts_within_bounds(salt=salt))
    report = scene.settle(stage.prepare(attempt).saying(maker_salt=salt))
    blamed(report, "order", stage.order_id, "record")


# Feeding the model something else


def test_source_read_from_another_works_form_and_recorded_so(scene: Scene) -> None:
    stage = scene.stage
    first, second, *rest = stage.order.sources
    swapped = (replace(first, form=second.form), second, *rest)
    delivery = stage.prepare(next(stage.attempts_within_bounds(sources=swapped)))
    record = lies.with_source(delivery.record, 0, source_form=sha256(second.form))
    report = scene.settle(replace(delivery, record=record))
    blamed(report, "order", stage.order_id, "record")


def test_source_read_from_another_works_form_and_hidden(scene: Scene) -> None:
    stage = scene.stage
    first, second, *rest = stage.order.sources
    swapped = (replace(first, form=second.form), second, *rest)
    report = scene.settle(stage.prepare(next(stage.attempts_within_bounds(sources=swapped))))
    blamed(report, "order", stage.order_id, "replay")


def test_sources_weighted_otherwise_than_ordered(scene: Scene) -> None:
    stage = scene.stage
    first, second, *rest = stage.order.sources
    moved = (replace(first, weight=first.weight - 50_000), replace(second, weight=second.weight + 50_000), *rest)
    report = scene.settle(stage.prepare(next(stage.attempts_within_bounds(sources=moved))))
    blamed(report, "order", stage.order_id, "replay")


# Delivering other sound


def renamed(delivery: Delivery, place: int, flac: bytes, pcm: bytes | None = None) -> Delivery:
    """The delivery with other sound as its mix or as one of its stems, all digests right (but `pcm`, if given)."""
    audio = RecordAudio(pcm or pcm_digest(*read_pcm(flac)), sha256(flac))
    files = (*delivery.files[:place], flac, *delivery.files[place + 1 :])
    if place == MIX:
        return Delivery(replace(delivery.record, mix=audio), files)
    stems = list(delivery.record.stems)
    stems[place - STEMS] = audio
    return Delivery(replace(delivery.record, stems=tuple(stems)), files)


def test_another_piece_in_the_place_of_the_mix(scene: Scene) -> None:
    stage = scene.stage
    report = scene.settle(renamed(stage.honest, MIX, stage.prepare(stage.attempts[1]).files[MIX]))
    blamed(report, "order", stage.order_id, "audio", "render")
    only_about(report, stage.order_id)


def test_mix_with_one_sample_changed(scene: Scene) -> None:
    stage = scene.stage
    pcm, rate = read_pcm(stage.honest.files[MIX])
    pcm = pcm.copy()
    pcm[len(pcm) // 2, 0] += 1
    report = scene.settle(renamed(stage.honest, MIX, write_flac(pcm, rate)))
    blamed(report, "order", stage.order_id, "audio", "render")


def test_mix_at_another_sample_rate(scene: Scene) -> None:
    stage = scene.stage
    pcm, rate = read_pcm(stage.honest.files[MIX])
    report = scene.settle(renamed(stage.honest, MIX, write_flac(pcm, rate // 2)))
    blamed(report, "order", stage.order_id, "audio", "render")


@pytest.mark.parametrize("place", [MIX, STEMS + 1], ids=["mix", "stem"])
def test_file_that_does_not_hold_the_sound_it_is_said_to_hold(scene: Scene, place: int) -> None:
    stage = scene.stage
    honest = stage.honest.record
    pcm = honest.mix.pcm if place == MIX else honest.stems[place - STEMS].pcm
    other = stage.prepare(stage.attempts[1]).files[place]
    report = scene.settle(renamed(stage.honest, place, other, pcm))
    blamed(report, "order", stage.order_id, "audio", "render")


def test_stems_exchanged_so_that_the_sum_is_intact(scene: Scene) -> None:
    stage = scene.stage
    stems = list(stage.honest.record.stems)
    stems[1], stems[2] = stems[2], stems[1]
    report = scene.settle(stage.honest.saying(stems=tuple(stems)))
    blamed(report, "order", stage.order_id, "audio", "render")


def test_stem_silenced_and_its_sound_put_into_another(scene: Scene) -> None:
    stage = scene.stage
    (first, rate), (second, _) = (read_pcm(stage.honest.files[STEMS + i]) for i in (1, 2))
    moved = renamed(stage.honest, STEMS + 1, write_flac(0 * first, rate))
    report = scene.settle(renamed(moved, STEMS + 2, write_flac(first + second, rate)))
    blamed(report, "order", stage.order_id, "audio", "render")


def test_midi_of_another_piece(scene: Scene) -> None:
    stage = scene.stage
    other = stage.prepare(stage.attempts[1]).files[MIDI]
    scene.site.store.put(other)
    report = scene.settle(stage.honest.saying(midi=sha256(other)))
    blamed(report, "order", stage.order_id, "audio", "render")


@pytest.mark.parametrize("place", [MIDI, MIX, STEMS], ids=["MIDI", "mix", "stem"])
def test_file_that_is_no_music(scene: Scene, place: int) -> None:
    stage, text = scene.stage, b"not music"
    scene.site.store.put(text)
    stems = stage.honest.record.stems
    said: dict[int, dict[str, object]] = {
        MIDI: {"midi": sha256(text)},
        MIX: {"mix": replace(stage.honest.record.mix, flac=sha256(text))},
        STEMS: {"stems": (replace(stems[0], flac=sha256(text)), *stems[1:])},
    }
    report = scene.settle(stage.honest.saying(**said[place]))
    blamed(report, "order", stage.order_id, "audio", "render")


def test_other_sound_excused_by_another_renderer_does_not_pass(scene: Scene) -> None:
    """Nobody can render with what nobody has; then the report must not say that all is well."""
    stage = scene.stage
    other = renamed(stage.honest, MIX, stage.prepare(stage.attempts[1]).files[MIX])
    renderer = {**stage.honest.record.renderer, "program": 40}
    report = scene.settle(other.saying(renderer=renderer))
    assert report.verdict is not AuditVerdict.OK
    accused = [finding.subject.id for finding in report.errors]
    open_questions = [gap.subject.id for gap in report.not_checked]
    assert "0x" + stage.order_id.hex() in accused + open_questions
