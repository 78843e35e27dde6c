"""A second opinion on whose music a piece is: from its sound alone, by an encoder that knows nothing of the generator.

The piece is heard in windows of some seconds. In window w, a[w, s] is how like it the most similar excerpt of source s
is; m[w] and d[w] are mean and standard deviation of the same over the works of the catalogue. The share of s in the
window is softmax over s of ((a[w, s] − m[w]) / d[w]) / T, and the share in the piece the mean over its windows. What
the model made up by itself cannot be heard: shares are of the sources, and sum to one.

It is an estimate, and pays nobody. T and the windows were chosen on pieces made of validation works.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from contrafact.errors import InvalidInput
from contrafact.music.embedding.index import Index
from contrafact.music.embedding.listening import Heard, Vectors, hear
from contrafact.music.embedding.spectrum import Samples
from contrafact.music.embedding.weights import Ear
from contrafact.music.embedding.windows import FRAME_S, OWN_TEMPO

WINDOW, HOP = 80, 20  # frames: windows of 4 s, every second
_SOURCE_HOP = 20
TEMPERATURE = 0.5

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """`sources` are names, `shares` theirs in the piece, summing to one. `windows` has shape (windows, sources), and
    window i sounds from `starts[i]` for `length` seconds."""

    sources: tuple[str, ...]
    shares: tuple[float, ...]
    windows: Floats
    starts: tuple[float, ...]
    length: float


def estimate(ear: Ear, piece: Samples, sources: Mapping[str, Samples], others: Index) -> Estimate:
    """Shares of the sources in a piece, all mono at `spectrum.RATE`; `others` say how alike any works are.

    The sources are played at the tempo of the piece. Raises InvalidInput for no
    sources, and for sound that is silent or shorter than four seconds.
    """
    if not sources:
        raise InvalidInput("There are no sources to tell apart.", "Give at least one.")
    heard = hear(ear, piece, OWN_TEMPO, HOP, WINDOW)
    known = [hear(ear, sound, OWN_TEMPO, _SOURCE_HOP, WINDOW).vectors[0] for sound in sources.values()]
    return shared(tuple(sources), likeness(heard, known), background(heard, others))


def likeness(heard: Heard, known: list[Vectors]) -> Floats:
    """How like each window the most similar excerpt of each source is, shape (windows, sources)."""
    columns = [np.max([vectors @ one.T for vectors in heard.vectors], axis=0).max(1) for one in known]
    return np.stack(columns, axis=1).astype(np.float64)


def background(heard: Heard, others: Index) -> Floats:
    """Mean and deviation, over all those works, of how like each window they are: (windows, 2)."""
    firsts = np.concatenate(([0], np.cumsum(others.counts)[:-1]))
    best = np.max([np.maximum.reduceat(v @ others.vectors.T, firsts, axis=1) for v in heard.vectors], axis=0)
    return np.stack([best.mean(1), best.std(1)], axis=1).astype(np.float64)


def shared(sources: tuple[str, ...], alike: Floats, usual: Floats, temperature: float = TEMPERATURE) -> Estimate:
    """The estimate that follows from likeness and background."""
    scores = (alike - usual[:, :1]) / np.maximum(usual[:, 1:], 1e-6) / temperature
    weights = np.exp(scores - scores.max(1, keepdims=True))
    windows = weights / weights.sum(1, keepdims=True)
    starts = tuple(float(i * HOP * FRAME_S) for i in range(len(windows)))
    shares = tuple(float(share) for share in windows.mean(0))
    return Estimate(sources, shares, windows, starts, WINDOW * FRAME_S)
