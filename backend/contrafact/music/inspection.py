"""What may be wrong with a piece, in figures: of its notes, and of its sound. For a gallery, and for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
import numpy.typing as npt

from contrafact.domain.generation import EventNote
from contrafact.music.loudness import decibels, integrated_loudness, true_peak
from contrafact.music.note_sound import SAMPLE_RATE, Pcm
from contrafact.music.score import TICKS_PER_QUARTER

SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
}
# A stretch is silent where no sample reaches this: −60 dB of full scale.
SILENCE = 33
_WINDOW_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class SoundFigures:
    """Of PCM: silence in stretches of 10 ms; levels in dBFS, dBTP and LUFS, −∞ where there is nothing.

    `clipped` counts the samples at either end of the 16-bit range.
    """

    seconds: float
    silent_share: float
    longest_silence: float
    clipped: int
    peak: float
    true_peak: float
    loudness: float


@dataclass(frozen=True, slots=True)
class NoteFigures:
    """Of the notes of a piece: all parts together for `notes`, `density` and `stuck`; the melody alone for the rest.

    `stuck`: notes longer than two bars, or sounding after the end of the piece. `density`: notes a second.
    `longest_repetition`: how often the same pitch follows itself at most, 1 where it never does. `range` and
    `largest_leap` in semitones. `key_fit`: share of the melody's sounding time on the scale; `repeated_bars`: share of
    its bars, without empty ones, that are the same as an earlier one.
    """

    notes: int
    density: float
    stuck: int
    longest_repetition: int
    lowest: int
    highest: int
    largest_leap: int
    key_fit: float
    repeated_bars: float

    @property
    def range(self) -> int:
        return self.highest - self.lowest


def inspect_sound(pcm: Pcm, sample_rate: int = SAMPLE_RATE) -> SoundFigures:
    """Figures of 16-bit sound of shape (frames, channels)."""
    samples = pcm.astype(np.float64) / 32_768
    silent = _silent_windows(pcm, sample_rate)
    runs = [sum(1 for _ in run) for is_silent, run in groupby(silent.tolist()) if is_silent]
    return SoundFigures(
        seconds=len(pcm) / sample_rate,
        silent_share=float(silent.mean()) if len(silent) else 1.0,
        longest_silence=max(runs, default=0) * _WINDOW_SECONDS,
        clipped=int(((pcm == 32_767) | (pcm == -32_768)).sum()),
        peak=decibels(float(np.abs(samples).max(initial=0.0))),
        true_peak=decibels(true_peak(samples)),
        loudness=integrated_loudness(samples, sample_rate),
    )


def inspect_notes(
    notes: Sequence[EventNote], tempo: int, bar_ticks: int, tonic: int, mode: str, end: int | None = None
) -> NoteFigures:
    """Figures of a ledger's notes. `end` is the tick at which the piece ends: if not given, that of its last bar.

    Raises `ValueError` if there is no melody, or the mode is not in `SCALES`.
    """
    melody = sorted((n for n in notes if n.part == "melody"), key=lambda n: (n.onset, n.pitch))
    if not melody or mode not in SCALES:
        raise ValueError("there is no melody to inspect" if not melody else f"{mode!r} is not a mode")
    end = max(n.onset // bar_ticks + 1 for n in notes) * bar_ticks if end is None else end
    pitches = [n.pitch for n in melody]
    return NoteFigures(
        notes=len(notes),
        density=len(notes) * tempo * TICKS_PER_QUARTER / (60 * end),
        stuck=sum(n.duration > 2 * bar_ticks or n.onset + n.duration > end for n in notes),
        longest_repetition=max(sum(1 for _ in run) for _, run in groupby(pitches)),
        lowest=min(pitches),
        highest=max(pitches),
        largest_leap=max((abs(b - a) for a, b in pairwise(pitches)), default=0),
        key_fit=_key_fit(melody, tonic, mode),
        repeated_bars=_repeated_bars(melody, bar_ticks),
    )


def _silent_windows(pcm: Pcm, sample_rate: int) -> npt.NDArray[np.bool_]:
    """For each 10 ms whether nothing in them reaches `SILENCE`; a rest at the end is left out."""
    size = round(_WINDOW_SECONDS * sample_rate)
    whole = len(pcm) // size * size
    loudest = np.abs(pcm[:whole].astype(np.int32)).reshape(-1, size * pcm.shape[1]).max(1)
    silent: npt.NDArray[np.bool_] = loudest < SILENCE
    return silent


def _key_fit(melody: Sequence[EventNote], tonic: int, mode: str) -> float:
    fitting = sum(n.duration for n in melody if (n.pitch - tonic) % 12 in SCALES[mode])
    return fitting / sum(n.duration for n in melody)


def _repeated_bars(melody: Sequence[EventNote], bar_ticks: int) -> float:
    """By onset within the bar, duration and pitch."""
    grouped = groupby(melody, key=lambda n: n.onset // bar_ticks)
    bars = [tuple((n.onset % bar_ticks, n.duration, n.pitch) for n in bar) for _, bar in grouped]
    return 1 - len(set(bars)) / len(bars)
