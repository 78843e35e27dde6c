"""From activations to notes, as `basic_pitch/note_creation.py` does it (Basic Pitch, copyright 2022 Spotify AB,
Apache-2.0; written anew here on numpy alone, with the same results).

A note begins where an onset peaks and lasts until its key has been quiet for a while. What sounds beside such notes
becomes a note too, from its loudest frame both ways. Each note takes the sound of its key and of both neighbours away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from contrafact.music.listening.heard import HeardNote
from contrafact.music.listening.pitch_model import LOWEST_PITCH, Activations, Matrix

_QUIET_FRAMES = 11  # so many end a note
_DIFFERENCES = 2


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The least activation of an onset and of a sounding frame, and how many frames (11.6 ms) a note must exceed.

    The defaults are those of Basic Pitch.
    """

    onset: float = 0.5
    frame: float = 0.3
    shortest_frames: int = 11


BASIC_PITCH = Sensitivity()


@dataclass(frozen=True, slots=True)
class _Span:
    """A note in frames: from `start` up to `end`, of the key `key` (0 … 87)."""

    start: int
    end: int
    key: int


def notes_of(heard: Activations, sensitivity: Sensitivity = BASIC_PITCH) -> list[HeardNote]:
    """The notes of a piece, ordered by their start."""
    if len(heard.frames) < 3:
        return []
    left = heard.frames.copy()
    spans = [*_from_onsets(heard, left, sensitivity), *_from_energy(left, sensitivity)]
    return sorted(_note(heard, span) for span in spans)


def _note(heard: Activations, span: _Span) -> HeardNote:
    amplitude = float(np.mean(heard.frames[span.start : span.end, span.key]))
    start, end = (float(heard.times[frame]) for frame in (span.start, span.end))
    return HeardNote(start, end, span.key + LOWEST_PITCH, amplitude)


def _from_onsets(heard: Activations, left: Matrix, sensitivity: Sensitivity) -> Iterator[_Span]:
    """Notes with an onset, the last first, so that each ends where a later one has taken the sound."""
    for start, key in reversed(_peaks(_with_inferred(heard.onsets, heard.frames), sensitivity.onset)):
        if start >= len(left) - 1:
            continue
        after, quiet = _walk(left[:, key], start, 1, sensitivity.frame)
        end = after - quiet
        if end - start > sensitivity.shortest_frames:
            _take(left, start, end, key)
            yield _Span(start, end, key)


def _from_energy(left: Matrix, sensitivity: Sensitivity) -> Iterator[_Span]:
    """Notes without an onset, the loudest first. Energy is only ever taken away, so one sorting is enough."""
    frames, keys = np.nonzero(left > sensitivity.frame)
    order = np.argsort(-left[frames, keys], kind="stable")
    for middle, key in zip(frames[order].tolist(), keys[order].tolist(), strict=True):
        if left[middle, key] <= sensitivity.frame:
            continue
        left[middle, key] = 0
        after, quiet_after = _walk(left[:, key], middle, 1, sensitivity.frame)
        before, quiet_before = _walk(left[:, key], middle, -1, sensitivity.frame)
        _take(left, middle + 1, after, key)
        _take(left, before + 1, middle, key)
        span = _Span(before + 1 + quiet_before, after - 1 - quiet_after, key)
        if span.end - span.start > sensitivity.shortest_frames:
            yield span


def _walk(column: npt.NDArray[np.float64], origin: int, step: int, threshold: float) -> tuple[int, int]:
    """The frame at which a walk from `origin` stops (quiet for long, or the edge), and the quiet frames before it."""
    frame, quiet = origin + step, 0
    while 0 < frame < len(column) - 1 and quiet < _QUIET_FRAMES:
        quiet = quiet + 1 if column[frame] < threshold else 0
        frame += step
    return frame, quiet


def _take(left: Matrix, start: int, end: int, key: int) -> None:
    left[start:end, max(key - 1, 0) : key + 2] = 0


def _peaks(onsets: Matrix, threshold: float) -> list[tuple[int, int]]:
    """(frame, key) of all onsets above both neighbours in time and not below the threshold, ordered by time."""
    middle = onsets[1:-1]
    frames, keys = np.nonzero((middle > onsets[:-2]) & (middle > onsets[2:]) & (middle >= threshold))
    return list(zip((frames + 1).tolist(), keys.tolist(), strict=True))


def _with_inferred(onsets: Matrix, frames: Matrix) -> Matrix:
    """Onsets of the model, or where activations rise at once: the larger, rises scaled to the same maximum."""
    rises = [frames - np.roll(frames, lag, axis=0) for lag in range(1, _DIFFERENCES + 1)]
    rise = np.maximum(np.min(rises, axis=0), 0)
    rise[:_DIFFERENCES] = 0
    largest = rise.max()
    return np.maximum(onsets, rise * (onsets.max() / largest)) if largest else onsets
