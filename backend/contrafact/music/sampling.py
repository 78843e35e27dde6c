"""Draws that anybody can repeat: a counter-based stream of integers, and integer cumulative probabilities.

Draw k of a seed is the first four bytes of SHA-256(`contrafact/draw/1` ‖ seed ‖ k as 8 bytes, big-endian).
A distribution is cut into integers of the scale 2³², so that a draw is decided by comparing integers, and
the distance to the nearest boundary says how much numerical error it would take to decide otherwise.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from contrafact.domain.generation import Draw

SCALE = 1 << 32
DOMAIN = b"contrafact/draw/1"

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def drawn_integer(seed: bytes, index: int) -> int:
    """Integer `index` of the seed's stream, below `SCALE`."""
    return int.from_bytes(hashlib.sha256(DOMAIN + seed + index.to_bytes(8, "big")).digest()[:4], "big")


def cumulative(weights: Floats) -> Ints:
    """Upper boundaries of the tokens on the integer scale; `weights` need not sum to one."""
    sums = np.cumsum(weights)
    boundaries: Ints = np.floor(sums / sums[-1] * SCALE).astype(np.int64)
    return boundaries


def token_at(boundaries: Ints, drawn: int) -> int:
    """The token whose interval holds the drawn integer."""
    return int(np.searchsorted(boundaries, drawn, side="right"))


def margin(boundaries: Ints, token: int, drawn: int) -> int:
    """By how much a boundary must move for `drawn` to change sides of the token's interval; `SCALE` if none can.

    Zero or less where the token is not the one drawn: then so much is missing.
    """
    low = int(boundaries[token - 1]) if token else 0
    high = int(boundaries[token])
    below = drawn - low + 1 if low > 0 else SCALE
    above = high - drawn if high < SCALE else SCALE
    return min(below, above)


class Sampler:
    """Draws tokens by the seed's stream and keeps the record of its draws."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self.draws: list[Draw] = []

    def draw(self, weights: Floats) -> int:
        boundaries = cumulative(weights)
        drawn = drawn_integer(self._seed, len(self.draws))
        token = token_at(boundaries, drawn)
        self.draws.append(Draw(token, drawn, margin(boundaries, token, drawn)))
        return token
