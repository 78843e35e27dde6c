"""Loudness and true peak, against signals whose figures are known."""

import math

import numpy as np
import pytest
from scipy.signal import resample_poly

from contrafact.music.loudness import FACTOR_UNIT, decibels, factor_of, integrated_loudness, true_peak

RATE = 48_000


def sine(amplitude: float, hertz: float = 997, seconds: float = 3, phase: float = 0) -> np.ndarray:
    """A sine in the left channel alone, shape (frames, 2)."""
    left = amplitude * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE + phase)
    return np.stack([left, np.zeros_like(left)], axis=1)


def test_the_reference_sine_of_the_standard_has_the_loudness_it_states() -> None:
    assert integrated_loudness(sine(1), RATE) == pytest.approx(-3.01, abs=0.02)


def test_ten_decibels_less_are_ten_lufs_less() -> None:
    assert integrated_loudness(sine(10**-0.5), RATE) == pytest.approx(-13.01, abs=0.02)


def test_long_silence_after_a_sound_is_gated_out() -> None:
    sound = sine(0.5)
    with_rest = np.concatenate([sound, np.zeros((10 * RATE, 2))])
    assert integrated_loudness(with_rest, RATE) == pytest.approx(integrated_loudness(sound, RATE), abs=0.5)


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.399, 0.4, 0.401])
def test_the_shortest_sounds_have_a_loudness(seconds: float) -> None:
    assert integrated_loudness(sine(0.5, seconds=seconds), RATE) < -8


def test_silence_is_infinitely_soft() -> None:
    assert integrated_loudness(np.zeros((RATE, 2)), RATE) == -math.inf
    assert true_peak(np.zeros((RATE, 2))) == 0
    assert decibels(0.0) == -math.inf


def test_a_true_peak_between_the_samples_is_found() -> None:
    between = sine(1, hertz=RATE / 4, phase=math.pi / 4)  # samples at ±0.707 only
    assert np.abs(between).max() == pytest.approx(math.sqrt(0.5))
    assert decibels(true_peak(between)) > -0.7


def test_the_true_peak_is_that_of_oversampling_the_whole() -> None:
    rng = np.random.default_rng(0)
    fading = rng.normal(0, 0.1, (30_000, 2)) * np.exp(-np.arange(30_000) / 9_000)[:, None]
    for sound in (fading, fading[::-1], sine(0.5, 440.3), sine(0.5, 11_027, phase=1)):
        assert true_peak(sound) == pytest.approx(float(np.abs(resample_poly(sound, 4, 1, axis=0)).max()), rel=1e-9)


def test_the_factor_brings_a_sound_to_the_target() -> None:
    soft = sine(0.05)
    loudness = integrated_loudness(soft * factor_of(soft, RATE, 1e9) / FACTOR_UNIT, RATE)
    assert -16.01 <= loudness <= -16


def test_the_peak_allowed_and_the_callers_limit_win_over_the_target() -> None:
    click = np.zeros((RATE, 2))
    click[RATE // 2] = 0.5
    factor = factor_of(click, RATE, 1e9) / FACTOR_UNIT
    assert -1.1 < decibels(true_peak(click * factor)) <= -1
    assert factor_of(click, RATE, 0.25) == FACTOR_UNIT // 4


def test_the_factor_does_not_follow_the_last_bits_of_the_samples() -> None:
    sound = sine(0.0631)
    nudged = sound * (1 + 2**-40)
    assert factor_of(sound, RATE, 1e9) == factor_of(nudged, RATE, 1e9)


def test_silence_is_left_as_it_is() -> None:
    assert factor_of(np.zeros((RATE, 2)), RATE, 1e9) == FACTOR_UNIT
