"""Features of the training works, computed once for a model, and scores of a generation against all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from contrafact.domain.digests import sha256
from contrafact.domain.generation import EventLedger, MusicRequest
from contrafact.errors import NotFound, StoreError
from contrafact.music.checkpoint import RELEASED, load_network
from contrafact.music.influence.base import Base
from contrafact.music.influence.estimators import DAMPING
from contrafact.music.influence.examples import windows, windows_of_piece
from contrafact.music.influence.gradients import Sketch, gradient
from contrafact.music.pack import PackedTune
from contrafact.music.source_form import SourceForm
from contrafact.music.tokens import Sequenced

Floats = NDArray[np.float64]
SIZE = 1024  # of a sketch
LENGTH = 192  # tokens of a window, as in the model's training
FEATURES = RELEASED.with_suffix(".influence.safetensors")


@dataclass(frozen=True)
class Features:
    """A sketch of each training work's gradient, (works, size), and the SHA-256 of each work's registered file."""

    weights: bytes
    contents: tuple[bytes, ...]
    rows: NDArray[np.float32]

    def save(self, path: Path) -> None:
        """Rows in 8 bits, each with its scale."""
        scale = np.abs(self.rows).max(axis=1, keepdims=True) / 127
        arrays = {
            "weights": np.frombuffer(self.weights, dtype=np.uint8),
            "contents": np.frombuffer(b"".join(self.contents), dtype=np.uint8).reshape(-1, 32),
            "rows": np.round(self.rows / scale).astype(np.int8),
            "scale": scale.astype(np.float32),
        }
        path.write_bytes(save_arrays(arrays))

    @classmethod
    def load(cls, path: Path = FEATURES) -> Features:
        """Raises NotFound without the file."""
        if not path.is_file():
            raise NotFound(f"There are no features of training works {path.name}.", "Restore them from the package.")
        arrays = load_arrays(path.read_bytes())
        contents = tuple(bytes(row) for row in arrays["contents"])
        return cls(arrays["weights"].tobytes(), contents, arrays["rows"].astype(np.float32) * arrays["scale"])


class Influence:
    """Scores of generations by the base of one model: TRAK on sketches, of this one model."""

    def __init__(self, features: Features, weights: Path = RELEASED) -> None:
        """Raises StoreError where the features are of other weights."""
        self.features = features
        digest = sha256(weights.read_bytes())
        if digest != features.weights:
            text = f"The features of training works are of the weights {features.weights.hex()[:16]}…, not of these."
            raise StoreError(text, "Make them anew: python -m contrafact.music.influence")
        self._base = Base(load_network(weights).float())

    @property
    def weights(self) -> bytes:
        """SHA-256 of the weights."""
        return self.features.weights

    def of_training_works(self, ledger: EventLedger, music: MusicRequest) -> dict[bytes, float]:
        """The influence of each training work on what the base makes of a piece's melody, by content digest."""
        scores = self._sketched(windows_of_piece(ledger, music, LENGTH)) @ self._inverse @ self._rows.T
        return dict(zip(self.features.contents, map(float, scores), strict=True))

    def of_forms(self, ledger: EventLedger, music: MusicRequest, forms: Sequence[bytes]) -> list[float]:
        """The same of source forms, as if they had been learnt from. Raises InvalidScore for other bytes."""
        towards = self._sketched(windows_of_piece(ledger, music, LENGTH)) @ self._inverse
        return [float(towards @ self._sketched(windows(SourceForm.from_bytes(form), LENGTH))) for form in forms]

    def _sketched(self, examples: Sequence[Sequenced]) -> NDArray[np.float32]:
        return sketched(self._base, examples, self.features.rows.shape[1])

    @property
    def _rows(self) -> Floats:
        return self.features.rows.astype(np.float64)

    @cached_property
    def _inverse(self) -> Floats:
        """`(Φᵀ Φ + λI)⁻¹`: (size, size)."""
        rows = self._rows
        damping = DAMPING * float((rows**2).sum(axis=1).mean())
        return np.asarray(np.linalg.inv(rows.T @ rows + damping * np.eye(rows.shape[1])))


def measure(
    tunes: Mapping[bytes, PackedTune],
    weights: Path = RELEASED,
    size: int = SIZE,
    on_tune: Callable[[int, int], None] = lambda done, of: None,
) -> Features:
    """The features of works, given by content digest, for a model."""
    base, rows = Base(load_network(weights).float()), []
    for number, tune in enumerate(tunes.values(), start=1):
        rows.append(sketched(base, windows(SourceForm.from_score(tune.score), LENGTH), size))
        on_tune(number, len(tunes))
    return Features(sha256(weights.read_bytes()), tuple(tunes), np.stack(rows))


def sketched(base: Base, examples: Sequence[Sequenced], size: int) -> NDArray[np.float32]:
    """The sketch of the gradient of the mean loss of the examples: (size,)."""
    length = sum(parameter.numel() for parameter in base.learnt)
    found: NDArray[np.float32] = _sketch(length, size)(gradient(base, examples)).numpy()
    return found


@cache
def _sketch(length: int, size: int) -> Sketch:
    return Sketch(length, size)
