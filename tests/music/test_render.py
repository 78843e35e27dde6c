"""Rendering notes to sound, apart by source."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contrafact.domain.shares import PPM, largest_remainder
from contrafact.errors import InvalidInput
from contrafact.music.loudness import decibels, integrated_loudness, true_peak
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


def test_a_sound_dies_away_to_nothing() -> None:
    last = render_mix(TUNE, 120).mix[-10:]
    assert np.abs(last.astype(int)).max() <= 1


def shares_of(seed: int, notes: int, stems: int) -> list[tuple[int, ...]]:
    """Random shares in ppm, a row a note, each summing to 10⁶."""
    rows = np.random.default_rng(seed).dirichlet([0.3] * stems, notes)
    return [largest_remainder([int(part * 10**9) for part in row]) for row in rows]


played_notes = st.builds(
    PlayedNote,
    onset=st.integers(0, 96),
    duration=st.sampled_from([3, 12, 24]),
    pitch=st.integers(30, 90),
    velocity=st.integers(1, 127),
    program=st.sampled_from([24, 33, 73]),
    drums=st.booleans(),
    volume=st.integers(1, 127),
    pan=st.integers(0, 127),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(played_notes, min_size=1, max_size=12), st.integers(0, 2**32), st.integers(1, 8))
def test_stems_add_up_to_the_mix_sample_for_sample(notes: list[PlayedNote], seed: int, stems: int) -> None:
    rendering = render_stems(notes, shares_of(seed, len(notes), stems), 120)
    assert len(rendering.stems) == stems
    assert np.array_equal(sum(stem.astype(np.int64) for stem in rendering.stems), rendering.mix)


def test_a_stem_is_the_weighted_sum_of_its_notes_to_one_step() -> None:
    shares = shares_of(7, len(TUNE), 3)
    rendering = render_stems(TUNE, shares, 120)
    alone = [render_mix([note], 120) for note in TUNE]
    for k, stem in enumerate(rendering.stems):
        expected = np.zeros(stem.shape)
        for share, one in zip(shares, alone, strict=True):
            expected[: len(one.mix)] += share[k] / PPM * one.mix / one.factor * rendering.factor
        # Each note rendered alone was rounded on its own scale, which weighs here by the ratio of the factors.
        slack = 1.0 + 0.5 * sum(rendering.factor / one.factor for one in alone)
        assert np.abs(stem - expected).max() <= slack


def test_the_mix_does_not_depend_on_the_shares() -> None:
    one = render_stems(TUNE, [(PPM, 0)] * len(TUNE), 120)
    other = render_stems(TUNE, [(300_000, 700_000)] * len(TUNE), 120)
    assert np.array_equal(one.mix, other.mix)
    assert np.array_equal(one.mix, render_mix(TUNE, 120).mix)


def test_a_source_without_a_share_is_silent_and_one_with_all_is_the_mix() -> None:
    rendering = render_stems(TUNE, [(0, PPM, 0)] * len(TUNE), 120)
    assert not rendering.stems[0].any()
    assert np.array_equal(rendering.stems[1], rendering.mix)
    assert not rendering.stems[2].any()


def test_a_note_that_is_one_sources_alone_sounds_in_its_stem_as_in_a_mix_of_it_alone() -> None:
    rendering = render_stems(TUNE, [(PPM, 0) if i == 4 else (0, PPM) for i in range(len(TUNE))], 120)
    alone = render_mix(TUNE[4:5], 120)
    sounding = np.flatnonzero(rendering.stems[0].any(1))
    start = frames_at(TUNE[4].onset, 120)
    assert start <= sounding[0] < start + SAMPLE_RATE // 10
    assert sounding[-1] < len(alone.mix)


def level(note: PlayedNote) -> tuple[float, float]:
    """RMS left and right before the factor."""
    rendering = render_mix([note], 120)
    left, right = np.sqrt((rendering.mix.astype(float) ** 2).mean(0)) / rendering.factor
    return float(left), float(right)


@pytest.mark.parametrize(("velocity", "volume"), [(45, 127), (90, 64), (127, 100)])
def test_loudness_goes_with_the_square_of_velocity_times_volume(velocity: int, volume: int) -> None:
    ratio = level(PlayedNote(0, 24, 72, velocity, 73, volume=volume))[0] / level(PlayedNote(0, 24, 72, 100, 73))[0]
    assert ratio == pytest.approx((velocity * volume / 12_700) ** 2, rel=0.01)


def test_pan_moves_a_sound_from_side_to_side_at_equal_power() -> None:
    centre, left, right = (level(PlayedNote(0, 24, 72, 100, 73, pan=pan)) for pan in (64, 1, 127))
    assert left[1] == right[0] == 0
    assert left[0] == pytest.approx(np.sqrt(2) * centre[0], rel=0.01)
    assert right[1] == pytest.approx(np.sqrt(2) * centre[1], rel=0.01)


def four_parts(seed: int, bars: int = 8) -> list[PlayedNote]:
    """Melody, chords, bass and drums, in common time, loud and dense."""
    rng = np.random.default_rng(seed)
    notes = []
    for bar in range(0, 96 * bars, 96):
        notes += [PlayedNote(bar + 12 * i, 12, int(rng.integers(62, 84)), 110, 73) for i in range(8)]
        notes += [PlayedNote(bar + 48 * i, 46, 55 + step, 90, 24, pan=44) for i in range(2) for step in (0, 4, 7)]
        notes += [PlayedNote(bar + 48 * i, 40, 36, 110, 33) for i in range(2)]
        notes += [PlayedNote(bar + 24 * i, 6, 36 + 2 * (i % 2), 110, drums=True, pan=80) for i in range(4)]
    return notes


def loudness_of(notes: list[PlayedNote]) -> tuple[float, float]:
    """(LUFS, dBTP) of a mix."""
    samples = render_mix(notes, 120).mix / 32_768
    return integrated_loudness(samples, SAMPLE_RATE), decibels(true_peak(samples))


def test_a_piece_in_parts_has_the_stated_loudness() -> None:
    loudness, peak = loudness_of(four_parts(0))
    assert loudness == pytest.approx(-16, abs=0.05)
    assert peak <= -1


def test_where_loudness_would_pass_the_peak_allowed_the_peak_decides() -> None:
    loudness, peak = loudness_of([PlayedNote(0, 6, 37, 127, drums=True)])
    assert loudness < -20
    assert -1.2 < peak <= -1


def test_no_stem_can_clip_even_where_the_notes_it_leaves_out_had_cancelled_its_own() -> None:
    notes = four_parts(1)
    whole = render_mix(notes, 120)
    for seed in range(5):
        chosen = np.random.default_rng(seed).random(len(notes)) < 0.5
        stems = render_stems(notes, [(PPM, 0) if one else (0, PPM) for one in chosen], 120).stems
        assert np.array_equal(stems[0].astype(int) + stems[1], whole.mix)
        assert max(int(np.abs(stem.astype(int)).max()) for stem in stems) <= 32_767


def test_eight_stems_of_a_piece_with_drums_add_up() -> None:
    notes = four_parts(2)
    rendering = render_stems(notes, shares_of(3, len(notes), 8), 131)
    assert np.array_equal(sum(stem.astype(np.int64) for stem in rendering.stems), rendering.mix)


def test_a_piece_too_soft_to_hear_is_silence_and_no_error() -> None:
    rendering = render_stems([PlayedNote(0, 24, 60, velocity=1, volume=1)], [(400_000, 600_000)], 120)
    assert not rendering.mix.any()
    assert not any(stem.any() for stem in rendering.stems)


def test_a_short_single_note_is_rendered_without_clipping() -> None:
    assert 1_000 < np.abs(render_mix([PlayedNote(0, 1, 60)], 400).mix.astype(int)).max() <= 29_204


def test_more_notes_at_once_than_can_be_added_exactly_are_refused() -> None:
    with pytest.raises(InvalidInput, match="at once"):
        render_mix([PlayedNote(0, 24, 60, 127, pan=1)] * 200, 120)


def test_the_same_notes_give_the_same_sound_in_another_process() -> None:
    code = (
        "from contrafact.music.render import render_stems; from contrafact.music.audio import pcm_digest;"
        "from contrafact.music.midi import PlayedNote as P;"
        "notes = [P(0, 24, 60), P(12, 36, 67, 80, 40), P(0, 6, 42, drums=True)];"
        "r = render_stems(notes, [(200_000, 800_000)] * 3, 97);"
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


@pytest.mark.parametrize(
    "shares", [[(500_000, 400_000)], [(1_500_000, -500_000)], [(500_000, 500_000)] * 2, [], [(PPM,), (0, PPM)]]
)
def test_shares_that_are_no_division_of_the_note_are_refused(shares: list[tuple[int, ...]]) -> None:
    with pytest.raises(ValueError, match="shares"):
        render_stems(TUNE[: max(len(shares), 1)] if len({*map(len, shares)}) > 1 else TUNE[:1], shares, 120)


def test_no_notes_are_refused() -> None:
    with pytest.raises(ValueError, match="no notes"):
        render_mix([], 120)


def test_the_identity_names_renderer_font_and_rate() -> None:
    identity = renderer_identity()
    assert identity["renderer"] == "midirenderer 0.1.3"
    assert identity["soundfont_sha256"] == "82475b91a76de15cb28a104707d3247ba932e228bada3f47bba63c6b31aaf7a1"
    assert identity["sample_rate"] == 48_000
    assert identity["loudness"] == "-16 LUFS (ITU-R BS.1770-4)"
    assert identity["true_peak"] == "-1 dBTP"


def test_the_soundfont_is_found_without_importing_its_package() -> None:
    code = (
        "import sys; from contrafact.music.render import renderer_identity; renderer_identity();"
        "assert not {'pretty_midi', 'music21', 'torch'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(BACKEND)})
