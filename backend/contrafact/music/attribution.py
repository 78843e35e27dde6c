"""`method/1`: who produced a note. The formulas are written out in docs/method-1.md.

A bar is drawn from one component z (0 is the base), and a note of it from `(1 − ε)·p_z + ε·p_0`. The
responsibility of a source for a note is the posterior probability that the bar came from it *and* the note
from its expert rather than the base; the base has the rest. Both posteriors are exact, and they sum to one
by identity.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from contrafact.domain.shares import PPM, largest_remainder

METHOD = "method/1"
EPSILON = 0.03  # how often a note of a source's bar is left to the base
BASE_TARGET = 0.06  # the part of the piece that the gate means for the base
CONTROL = 6.0  # nats of gate for each bar of sounding time that a component is behind
STAY = 6.0  # nats of gate for the component that wrote the bar before
PHRASE = 4  # bars after which nothing is carried over

_FINE = 1 << 48

Floats = NDArray[np.float64]


def targets(weights: Sequence[int]) -> Floats:
    """The shares that the gate steers towards: the base, then the sources by weight."""
    asked = np.array(weights, dtype=np.float64) / sum(weights)
    return np.concatenate(([BASE_TARGET], (1 - BASE_TARGET) * asked))


def gate(target: Floats, realised: Floats, bar_ticks: int, before: Floats) -> Floats:
    """Probabilities of the components for the next bar.

    `realised` is the sounding time that each component has so far, in ticks: one that is a bar behind its
    target gains `CONTROL` nats. `before` is the posterior of the bar that this one follows on from (zeros
    for a fresh start). Both follow from the notes so far, so the bar's own posterior stays exact.
    """
    behind = (target * (realised.sum() + bar_ticks) - realised) / bar_ticks
    return _normalised(np.log(target) + CONTROL * behind + STAY * before)


def leave_to_base(notes: Floats) -> Floats:
    """`(1 − ε)·p_z + ε·p_0` of each component from (components, …) probabilities; row 0 is the base."""
    mixed: Floats = (1 - EPSILON) * notes + EPSILON * notes[0]
    return mixed


def bar_posterior(gates: Floats, log_likelihood: Floats) -> Floats:
    """The posterior of the component that a bar was drawn from."""
    with np.errstate(divide="ignore"):
        return _normalised(np.log(gates) + log_likelihood)


def responsibilities(posterior: Floats, notes: Floats) -> Floats:
    """(components, notes) responsibilities that sum to one a note, from (components, notes) probabilities."""
    mixed = leave_to_base(notes)
    expert = np.divide((1 - EPSILON) * notes, mixed, out=np.zeros_like(notes), where=mixed > 0)
    result = posterior[:, None] * expert
    result[0] = posterior[0] + (posterior[1:, None] * (1 - expert[1:])).sum(axis=0)
    return result


def in_ppm(note: Floats) -> tuple[int, ...]:
    """One note's responsibilities as integers that sum to 10⁶ exactly (largest remainder)."""
    return largest_remainder([int(x) for x in np.rint(note * _FINE)], PPM)


def _normalised(logits: Floats) -> Floats:
    weights = np.exp(logits - logits.max())
    normalised: Floats = weights / weights.sum()
    return normalised
