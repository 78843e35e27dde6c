"""Figures of pieces made up so that the answers are known."""

import math

import numpy as np
import pytest

from contrafact.domain.generation import EventNote
from contrafact.music.inspection import inspect_notes, inspect_sound

RATE = 48_000


def tune(pitches: list[int], duration: int = 24) -> list[EventNote]:
    """Quarter notes, four to a bar."""
    return [EventNote(24 * i // 96, 24 * i, duration, pitch, (10**6,)) for i, pitch in enumerate(pitches)]


def figures(notes: list[EventNote], tonic: int = 0, mode: str = "major", end: int | None = None):
    return inspect_notes(notes, 120, 96, tonic, mode, end)


def tone(seconds: float, amplitude: float = 8_000) -> np.ndarray:
    wave = amplitude * np.sin(2 * np.pi * 997 * np.arange(round(seconds * RATE)) / RATE)
    return np.rint(np.stack([wave, wave], axis=1)).astype(np.int16)


def silence(seconds: float) -> np.ndarray:
    return np.zeros((round(seconds * RATE), 2), np.int16)


def test_silence_is_measured_where_it_is_longest() -> None:
    sound = inspect_sound(np.concatenate([silence(0.5), tone(2), silence(1.5), tone(1)]))
    assert sound.seconds == pytest.approx(5)
    assert sound.silent_share == pytest.approx(0.4, abs=0.01)
    assert sound.longest_silence == pytest.approx(1.5, abs=0.011)


def test_levels_of_a_sine_are_those_of_the_sine() -> None:
    sound = inspect_sound(tone(2, 16_384))
    assert sound.peak == pytest.approx(-6.02, abs=0.05)
    assert sound.true_peak == pytest.approx(-6.02, abs=0.02)
    assert sound.loudness == pytest.approx(
        -6.02, abs=0.05
    )  # −3.01 for one channel, +3.01 for two, at half of full scale
    assert sound.clipped == 0


def test_clipped_samples_are_counted() -> None:
    pcm = tone(1)
    pcm[100:103, 0], pcm[200, 1] = 32_767, -32_768
    assert inspect_sound(pcm).clipped == 4


@pytest.mark.parametrize("seconds", [0, 0.005, 0.2])
def test_no_sound_and_short_silence_have_figures(seconds: float) -> None:
    sound = inspect_sound(silence(seconds))
    assert sound.silent_share == 1
    assert sound.peak == sound.loudness == -math.inf


def test_a_scale_has_its_range_leaps_and_density() -> None:
    scale = figures(tune([60, 62, 64, 65, 67, 69, 71, 72]))
    assert (scale.lowest, scale.highest, scale.range, scale.largest_leap) == (60, 72, 12, 2)
    assert scale.density == pytest.approx(2)  # quarter notes at 120
    assert scale.longest_repetition == 1
    assert scale.stuck == 0
    assert scale.repeated_bars == 0


def test_key_fit_is_the_share_of_time_on_the_scale() -> None:
    assert figures(tune([60, 62, 64, 66])).key_fit == pytest.approx(0.75)
    assert figures(tune([62, 64, 65, 72]), 2, "dorian").key_fit == 1
    assert figures(tune([62, 64, 65, 73]), 2, "minor").key_fit == pytest.approx(0.75)


def test_a_leap_and_a_run_of_one_pitch_are_found() -> None:
    found = figures(tune([60, 60, 60, 79, 60, 60, 62, 62]))
    assert found.largest_leap == 19
    assert found.longest_repetition == 3


def test_bars_that_come_again_are_counted_and_empty_ones_are_not() -> None:
    a, b = [60, 62, 64, 65], [67, 65, 64, 62]
    assert figures(tune(a + b + a + a)).repeated_bars == pytest.approx(0.5)
    later = [EventNote(9, 96 * 9, 24, 60, (10**6,))]
    assert figures(tune(a) + later).repeated_bars == 0


def test_stuck_notes_are_those_too_long_and_those_after_the_end() -> None:
    assert figures(tune([60, 62, 64, 65], duration=24)).stuck == 0
    held = [EventNote(0, 0, 193, 40, (10**6,), "bass")]
    assert figures(tune([60] * 16) + held).stuck == 1
    assert figures(tune([60, 62, 64, 65]), end=72).stuck == 1
    assert figures(tune([60, 62, 64, 65], duration=48)).stuck == 1  # the fourth sounds on after the only bar


def test_other_parts_count_for_density_and_not_for_the_melody() -> None:
    chord = [EventNote(0, 0, 96, pitch, (10**6,), "harmony") for pitch in (36, 37, 38, 99)]
    found = figures(tune([60, 62, 64, 65]) + chord)
    assert (found.notes, found.highest, found.key_fit) == (8, 65, 1)
    assert found.density == pytest.approx(4)


@pytest.mark.parametrize("mode", ["major", "locrian"])
def test_no_melody_or_an_unknown_mode_is_refused(mode: str) -> None:
    notes = tune([60]) if mode == "locrian" else [EventNote(0, 0, 96, 48, (10**6,), "bass")]
    with pytest.raises(ValueError, match=r"melody|mode"):
        figures(notes, mode=mode)
