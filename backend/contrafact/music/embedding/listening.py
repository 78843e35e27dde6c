"""Recordings and works to vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from contrafact.errors import InvalidInput
from contrafact.music.embedding.spectrum import RATE, Samples
from contrafact.music.embedding.weights import Ear
from contrafact.music.embedding.windows import OWN_TEMPO, TEMPI, WINDOW, Analysis, analysed, cut
from contrafact.music.threads import threads

Vectors = npt.NDArray[np.float32]
SHORTEST_S = 4.0
WORK_HOP, QUERY_HOP = 80, 120  # frames between windows of a work, and of a recording that is looked up
_BATCH = 32
_SILENT = 1e-3


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording as vectors of length one: for each tempo at which it was read, shape (windows, size)."""

    tempi: tuple[float, ...]
    vectors: tuple[Vectors, ...]


def hear(
    ear: Ear,
    samples: Samples,
    tempi: Sequence[float] = TEMPI,
    hop: int = QUERY_HOP,
    longest: int = WINDOW,
) -> Heard:
    """Mono sound at `spectrum.RATE` as vectors. Raises InvalidInput for less than four seconds, and for silence."""
    if len(samples) < SHORTEST_S * RATE:
        text = f"The recording lasts {len(samples) / RATE:.1f} s; what it sounds like needs {SHORTEST_S:g} s."
        raise InvalidInput(text, "Use a longer excerpt.")
    if float(np.abs(samples).max()) < _SILENT:
        raise InvalidInput("The recording is silent.", "Check its level; stereo in opposite phase cancels out.")
    analysis = analysed(samples, own_tempo=tuple(tempi) == OWN_TEMPO)
    return heard_of(ear, analysis, tempi, hop, longest)


def heard_of(
    ear: Ear, analysis: Analysis, tempi: Sequence[float] = TEMPI, hop: int = QUERY_HOP, longest: int = WINDOW
) -> Heard:
    """The vectors of a sound that was analysed."""
    return Heard(tuple(tempi), tuple(_encoded(ear, cut(analysis, tempo, hop, longest)) for tempo in tempi))


def work_vectors(ear: Ear, samples: Samples) -> Vectors:
    """The excerpts of a work, as they are indexed: shape (excerpts, size)."""
    return hear(ear, samples, OWN_TEMPO, WORK_HOP).vectors[0]


def _encoded(ear: Ear, excerpts: torch.Tensor) -> Vectors:
    with torch.inference_mode(), threads(1):
        parts = [ear.network(excerpts[at : at + _BATCH]) for at in range(0, len(excerpts), _BATCH)]
    found: Vectors = torch.cat(parts).numpy()
    return found
