"""Rendering notes to sound, apart by source."""

import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contrafact.music.midi import PlayedNote
from contrafact.music.render import SAMPLE_RATE, frames_at, render_mix, render_stems, renderer_identity

BACKEND = Path(__file__).parents[2] / "backend"
TUNE = [
    PlayedNote(12 * i, 12, pitch, program=73) for i, pitch in enumerate((74, 76, 78, 79, 81, 83, 85, 86, 81, 78, 74))
]


def spectrum_peak(sound: np.ndarray) -> float:
    """The strongest frequency of a sound, in hertz."""
    mono = sound.astype(np.float64).mean(1)
    return float(np.abs(np.fft.rfft(mono * np.hanning(len(mono)))).argmax() * SAMPLE_RATE / len(mono))


def test_a_note_sounds_at_its_pitch_and_time() -> None:
    sound = render_mix([PlayedNote(48, 48, 69, program=73)], tempo=120).mix
    start = frames_at(48, 120)
    assert start == SAMPLE_RATE
    assert not sound[:start].any()
    assert sound[start : start + SAMPLE_RATE // 10].any()
    assert spectrum_peak(sound[start : start + SAMPLE_RATE]) == pytest.approx(440, abs=5)


def test_the_mix_peaks_six_decibels_below_full_scale() -> None:
    assert np.abs(render_mix(TUNE, 120).mix.astype(int)).max() == 16_384


def test_a_sound_dies_away_to_nothing() -> None:
    last = render_mix(TUNE, 120).mix[-10:]
    assert np.abs(last.astype(int)).max() <= 1


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 5))
def test_stems_add_up_to_the_mix_sample_for_sample(seed: int, stems: int) -> None:
    gains = np.random.default_rng(seed).dirichlet([0.3] * stems, len(TUNE))
    rendering = render_stems(TUNE, gains, 150)
    total = sum(stem.astype(np.int64) for stem in rendering.stems)
    assert np.array_equal(total, rendering.mix)


def test_a_stem_is_the_weighted_sum_of_its_notes_to_one_step() -> None:
    gains = np.random.default_rng(7).dirichlet([0.5] * 3, len(TUNE))
    rendering = render_stems(TUNE, gains, 120)
    alone = [render_mix([note], 120) for note in TUNE]
    for k, stem in enumerate(rendering.stems):
        expected = np.zeros(stem.shape)
        for gain, one in zip(gains[:, k], alone, strict=True):
            expected[: len(one.mix)] += gain * one.mix / one.scale * rendering.scale
        # Each note rendered alone was rounded on its own scale, which weighs here by the ratio of the scales.
        slack = 1.0 + 0.5 * sum(rendering.scale / one.scale for one in alone)
        assert np.abs(stem - expected).max() <= slack


def test_the_mix_does_not_depend_on_the_gains() -> None:
    one = render_stems(TUNE, [(1.0, 0.0)] * len(TUNE), 120)
    other = render_stems(TUNE, [(0.3, 0.7)] * len(TUNE), 120)
    assert np.array_equal(one.mix, other.mix)
    assert np.array_equal(one.mix, render_mix(TUNE, 120).mix)


def test_a_source_without_a_share_is_silent_and_one_with_all_is_the_mix() -> None:
    rendering = render_stems(TUNE, [(0.0, 1.0, 0.0)] * len(TUNE), 120)
    assert not rendering.stems[0].any()
    assert np.array_equal(rendering.stems[1], rendering.mix)
    assert not rendering.stems[2].any()


def test_the_same_notes_give_the_same_sound_in_another_process() -> None:
    code = (
        "from contrafact.music.render import render_stems; from contrafact.music.audio import pcm_digest;"
        "from contrafact.music.midi import PlayedNote as P;"
        "r = render_stems([P(0, 24, 60), P(12, 36, 67, 80, 40), P(0, 6, 42, drums=True)], [(.2, .8)] * 3, 97);"
        "print([pcm_digest(x).hex() for x in (r.mix, *r.stems)])"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": str(BACKEND), "OMP_NUM_THREADS": threads, "PYTHONHASHSEED": threads},
            check=True,
            capture_output=True,
        ).stdout
        for threads in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(runs[0]) > 190


def test_instruments_and_drums_sound_different() -> None:
    notes = [PlayedNote(0, 24, 60, program=program) for program in (0, 40, 73)] + [PlayedNote(0, 24, 60, drums=True)]
    sounds = [render_mix([note], 120).mix for note in notes]
    assert all(not np.array_equal(a, b) for a, b in pairwise(sounds))


@given(st.integers(0, 100_000), st.integers(20, 400))
def test_frames_are_the_nearest_to_the_exact_time(ticks: int, tempo: int) -> None:
    assert abs(frames_at(ticks, tempo) - ticks * 60 * SAMPLE_RATE / (24 * tempo)) <= 0.5 + 1e-6


@pytest.mark.parametrize("gains", [[(0.5, 0.4)], [(1.5, -0.5)], [(0.5, 0.5), (0.5, 0.5)], []])
def test_gains_that_are_no_division_of_the_note_are_refused(gains: list[tuple[float, ...]]) -> None:
    with pytest.raises(ValueError, match="gains"):
        render_stems(TUNE[:1], gains, 120)


def test_no_notes_are_refused() -> None:
    with pytest.raises(ValueError, match="no notes"):
        render_mix([], 120)


def test_the_identity_names_renderer_font_and_rate() -> None:
    identity = renderer_identity()
    assert identity["renderer"] == "midirenderer 0.1.3"
    assert identity["soundfont_sha256"] == "82475b91a76de15cb28a104707d3247ba932e228bada3f47bba63c6b31aaf7a1"
    assert identity["sample_rate"] == 48_000


def test_the_soundfont_is_found_without_importing_its_package() -> None:
    code = (
        "import sys; from contrafact.music.render import renderer_identity; renderer_identity();"
        "assert not {'pretty_midi', 'scipy', 'music21', 'torch'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(BACKEND)})


@pytest.mark.slow
def test_half_a_minute_with_four_stems_takes_at_most_five_seconds_of_work() -> None:
    rng = np.random.default_rng(0)
    melody = [PlayedNote(12 * i, 12, int(rng.integers(62, 84)), program=73) for i in range(150)]
    chords = [PlayedNote(36 * i, 30, 48 + i % 5 + step, 70, 24) for i in range(50) for step in (0, 4, 7)]
    notes = melody + chords
    start = time.process_time()
    rendering = render_stems(notes, rng.dirichlet([0.5] * 4, len(notes)), 150)
    assert len(rendering.mix) > 30 * SAMPLE_RATE
    assert time.process_time() - start < 5
