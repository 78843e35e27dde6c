"""The transcription model: sound to activations, frame by frame and key by key of a piano.

It is Basic Pitch's (Spotify, Apache-2.0), run by onnxruntime on one CPU thread; see `music/data/basic_pitch/`.
It hears windows of 43,844 samples at 22,050 Hz; they overlap by 30 frames, of which each window gives up half.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from contrafact.errors import NotFound, StoreError

MODEL_FILE = Path(__file__).parents[1] / "data" / "basic_pitch" / "nmp.onnx"
MODEL_SHA256 = "2c3c1d144bfa61ad236e92e169c13535c880469a12a047d4e73451f2c059a0ec"
SAMPLE_RATE = 22_050
HOP = 256
LOWEST_PITCH = 21
_WINDOW = 2 * SAMPLE_RATE - HOP
_MARGIN_FRAMES = 15
_WINDOW_HOP = _WINDOW - 2 * _MARGIN_FRAMES * HOP
_INPUT = "serving_default_input_2:0"
_OUTPUTS = ["StatefulPartitionedCall:1", "StatefulPartitionedCall:2"]

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Activations:
    """How surely each key sounds (`frames`) and begins (`onsets`): both (n, 88) in 0 … 1; `times` in seconds (n,)."""

    frames: Matrix
    onsets: Matrix
    times: npt.NDArray[np.float64]


def activations(samples: npt.NDArray[np.float32]) -> Activations:
    """What the model hears in mono sound at `SAMPLE_RATE`. Raises `NotFound` without the extra `generation`."""
    session = _session()
    windows = [session.run(_OUTPUTS, {_INPUT: window}) for window in _windows(samples)]
    kept = slice(_MARGIN_FRAMES, -_MARGIN_FRAMES)
    frames, onsets = (np.concatenate([one[index][0, kept] for one in windows]) for index in (0, 1))
    times = _times(len(windows), len(frames) // len(windows))
    heard = times < len(samples) / SAMPLE_RATE
    return Activations(frames[heard].astype(np.float64), onsets[heard].astype(np.float64), times[heard])


def _windows(samples: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
    """The sound after half an overlap of silence, cut in windows of shape (1, 43844, 1), the last filled up."""
    count = max(1, -(-(len(samples) + _MARGIN_FRAMES * HOP) // _WINDOW_HOP))
    padded = np.zeros(count * _WINDOW_HOP + _WINDOW, np.float32)
    padded[_MARGIN_FRAMES * HOP :][: len(samples)] = samples
    return [padded[start : start + _WINDOW].reshape(1, -1, 1) for start in range(0, count * _WINDOW_HOP, _WINDOW_HOP)]


def _times(windows: int, frames: int) -> npt.NDArray[np.float64]:
    """When each frame is. A window's frames last a little longer than its hop, so each window counts anew."""
    starts = np.arange(windows) * _WINDOW_HOP
    return ((starts[:, None] + np.arange(frames)[None, :] * HOP) / SAMPLE_RATE).ravel()


@cache
def _session() -> Any:
    """The loaded model, once a process. One thread and sums in a fixed order: the same sound gives the same numbers."""
    try:
        import onnxruntime
    except ImportError as error:
        raise NotFound(
            "Recordings cannot be read: onnxruntime is not installed.", "Run: pip install 'contrafact[generation]'."
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.use_deterministic_compute = True
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(_model(), options, providers=["CPUExecutionProvider"])


def _model() -> bytes:
    data = MODEL_FILE.read_bytes()
    if hashlib.sha256(data).hexdigest() != MODEL_SHA256:
        raise StoreError(f"{MODEL_FILE.name} is not the transcription model.", "Install the package again.")
    return data
