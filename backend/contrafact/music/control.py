"""The gate: which component is to write the next bar, so that the shares come out as the weights ask.

This is a feedback controller on top of `method/1`: it sets the gate from what has sounded so far, once a bar, so
that the bar's own posterior stays exact.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from contrafact.music.attribution import normalised

BASE_TARGET = 0.06  # the part of the piece that the gate means for the base
CONTROL = 6.0  # nats of gate for each bar of sounding time that a component is behind
STAY = 6.0  # nats of gate for the component that wrote the bar before
PHRASE = 8  # bars after which nothing is carried over

Floats = NDArray[np.float64]


class ShareController:
    """Steers the shares of a piece towards weights, which may change on the way.

    `realised` is the sounding time that each component has so far, in ticks, the base first. `strength` is
    `CONTROL`, or 0 to leave the shares to chance (in experiments).
    """

    def __init__(self, weights: Sequence[int], strength: float = CONTROL) -> None:
        self._strength = strength
        self._target = _targets(weights)
        self._settled = np.zeros(1 + len(weights))  # the sounding time under earlier weights
        self._before = np.zeros(1 + len(weights))
        self.realised = np.zeros(1 + len(weights))

    def change(self, weights: Sequence[int]) -> None:
        """Steer by other weights from here on. Nothing is owed from before, and nobody keeps the word."""
        self._settled = self.realised.copy()
        self._target = _targets(weights)
        self._before = np.zeros(len(self._target))

    def gate(self, bar: int, bar_ticks: int) -> Floats:
        """Probabilities of the components for the next bar. One that is a bar behind gains `CONTROL` nats."""
        heard = self.realised - self._settled
        behind = (self._target * (heard.sum() + bar_ticks) - heard) / bar_ticks
        stay = STAY * self._before * (bar % PHRASE > 0)
        with np.errstate(divide="ignore"):
            return normalised(np.log(self._target) + self._strength * behind + stay)

    def heard(self, posterior: Floats, sounded: Floats) -> None:
        """Take note of a bar: the posterior of its component, and the sounding time each component had in it."""
        self._before = posterior
        self.realised += sounded


def _targets(weights: Sequence[int]) -> Floats:
    """The shares that are steered towards: the base, then the sources by weight."""
    asked = np.array(weights, dtype=np.float64) / sum(weights)
    return np.concatenate(([BASE_TARGET], (1 - BASE_TARGET) * asked))
